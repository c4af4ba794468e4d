"""Charts as rows of files and tables."""

from collections.abc import Iterator, Sequence

from portal.improvement.models import ImprovementMeasure
from portal.improvement.rules.periods import named
from portal.improvement.rules.spc_chart import Chart, ChartPoint
from portal.improvement.rules.spc_words import RULE_NAMES, point_words
from portal.programmes.rules.numbers import SUPPRESSED

HEADER = (
    *("Place", "Period", "First day", "Numerator", "Denominator", "Value"),
    *("Centre", "Lower limit", "Upper limit", "Target", "Rule", "Why it is marked"),
)
Cell = str | float | None


def gap_words(point: ChartPoint, is_rate: bool) -> str:
    """Return why a period has no value."""
    if point.reading.is_hidden:
        return SUPPRESSED
    if point.reading.count is None:
        return "Not told"
    return "Out of none" if is_rate else ""


def rows(measure: ImprovementMeasure, place: str, of: Chart) -> Iterator[Sequence[Cell]]:
    """Yield a chart as rows, as its page shows it."""
    for point in of.points:
        reading, line = point.reading, point.line
        hidden = SUPPRESSED if reading.is_hidden else None
        yield (
            place,
            named(measure.rhythm, point.on),
            point.on.isoformat(),
            reading.count if hidden is None else hidden,
            reading.out_of if hidden is None else hidden,
            _rounded(point.value)
            if point.value is not None
            else gap_words(point, of.settings.is_rate),
            _rounded(line.centre) if line else None,
            _rounded(line.lower) if line else None,
            _rounded(line.upper) if line else None,
            point.target,
            RULE_NAMES[point.mark.rule] if point.mark else "",
            point_words(point, of),
        )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
