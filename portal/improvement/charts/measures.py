"""Pictures of measures over time, and the icons of their verdicts."""

from collections.abc import Sequence

from portal.improvement.models import ImprovementMeasure
from portal.improvement.queries.joining import Remark
from portal.improvement.rules.funnel import Funnel
from portal.improvement.rules.periods import short
from portal.improvement.rules.spc_chart import (
    Assurance,
    Chart,
    ChartPoint,
    Meaning,
    Variation,
    meaning,
)
from portal.improvement.rules.spc_signals import Way
from portal.improvement.rules.spc_words import finding
from portal.programmes.models import Direction
from portal.web.charts import At, OverTime, SizedPoint, over_time
from portal.web.charts import funnel as funnel_picture
from portal.web.charts.overtime import SMALL

SHAPES = {Meaning.BETTER: "better", Meaning.WORSE: "worse"}
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
VARIATION_ICONS = {
    Variation.COMMON: "common",
    Variation.IMPROVING: "better",
    Variation.CONCERNING: "worse",
    Variation.HIGH: "up",
    Variation.LOW: "down",
    Variation.NO_DATA: "none",
}
ASSURANCE_ICONS = {
    Assurance.ALWAYS: "always",
    Assurance.NEVER: "never",
    Assurance.SOMETIMES: "sometimes",
    Assurance.NONE: "none",
}


def shape_of(point: ChartPoint, direction: Direction) -> str:
    """Return the shape of a point: of one that is not marked a dot."""
    if point.mark is None:
        return "dot"
    found = meaning(point.mark, direction)
    return SHAPES.get(found) or ("up" if point.mark.way is Way.UP else "down")


def _lines(point: ChartPoint) -> dict[str, float | None]:
    line = point.line
    if line is None:
        return {"target": point.target}
    return {
        "centre": line.centre,
        "lower": line.lower,
        "upper": line.upper,
        "target": point.target,
    }


def _places(measure: ImprovementMeasure, of: Chart) -> list[At]:
    lines = [_lines(point) for point in of.points]
    return [
        At(
            short(measure.rhythm, point.on),
            point.value,
            shape_of(point, of.settings.direction),
            _through_gap(lines, number, point, of),
            point.period,
        )
        for number, point in enumerate(of.points)
    ]


def _through_gap(
    lines: Sequence[dict[str, float | None]], number: int, point: ChartPoint, of: Chart
) -> dict[str, float | None]:
    """Return the lines at a point; at a gap those of the point before it in its period, where they
    are the same everywhere."""
    if point.line is not None or of.settings.kind.has_denominator or number == 0:
        return lines[number]
    before = of.points[number - 1]
    if before.period == point.period:
        lines[number].update({k: v for k, v in lines[number - 1].items() if k != "target"})
    return lines[number]


def lettered(of: Chart, remarks: Sequence[Remark]) -> list[tuple[int, str, Remark]]:
    """Return (number of the point, letter, remark) for what stands on a chart, in the order of
    days; one before the first point stands at it, one after the last at that. Of more than there
    are letters the newest are taken."""
    days = [point.on for point in of.points]
    found = []
    for letter, one in zip(LETTERS, remarks[-len(LETTERS) :], strict=False):
        place = sum(day < one.on for day in days)
        found.append((min(place, max(len(days) - 1, 0)), letter, one))
    return found


def picture(
    measure: ImprovementMeasure, name: str, of: Chart, marks: Sequence[Remark] = ()
) -> OverTime | None:
    """Return the chart of a place; None where there is no point to draw."""
    if of.last is None:
        return None
    notes = [(number, letter) for number, letter, _ in lettered(of, marks)]
    words = "%" if of.settings.is_percent else ""
    return over_time(finding(name, of), _places(measure, of), notes=notes, words=words)


def small(
    measure: ImprovementMeasure, name: str, of: Chart, among: Sequence[float]
) -> OverTime | None:
    """Return the chart of a place as one of many, with the scale of all of them."""
    if of.last is None:
        return None
    words = "%" if of.settings.is_percent else ""
    return over_time(
        finding(name, of), _places(measure, of), words=words, height=SMALL, among=among
    )


def heights(of: Chart) -> list[float]:
    """Return every height that a chart draws."""
    found = [point.value for point in of.points if point.value is not None]
    for point in of.points:
        found += [y for y in _lines(point).values() if y is not None]
    return found


def funnel_of(finding_words: str, of: Funnel, factor: float, direction: Direction) -> OverTime:
    """Return the funnel of places, each with its number in their order."""
    points = [
        SizedPoint(
            place.out_of,
            place.value * factor,
            _funnel_shape(of.stands(place), direction),
            str(number),
        )
        for number, place in enumerate(of.places, 1)
    ]
    curve = [(size, lower * factor, upper * factor) for size, lower, upper in of.curve]
    words = "%" if of.is_share else ""
    return funnel_picture(finding_words, points, of.mean * factor, curve, words=words)


def _funnel_shape(stands: int, direction: Direction) -> str:
    if not stands:
        return "dot"
    if direction is Direction.NONE:
        return "up" if stands > 0 else "down"
    is_good = (stands > 0) == (direction is Direction.HIGHER)
    return "better" if is_good else "worse"
