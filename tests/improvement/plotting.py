"""Make measures over time for tests, by the services that people use."""

from collections.abc import Sequence
from typing import Any

from portal.clock import today
from portal.improvement.models import (
    ChartKind,
    ImprovementMeasure,
    MarkKind,
    MeasureKind,
    MeasureMark,
    MeasureSeries,
    Rhythm,
)
from portal.improvement.rules.entering import Entry
from portal.improvement.rules.periods import first_day, moved
from portal.improvement.services import measures, measures_readings
from portal.programmes.models import Direction, Programme
from portal.reference.models.sites import Site
from tests.cast import Person

DEFINITION = {
    "name": "Huddles held",
    "kind": "process",
    "numerator": "Days with a huddle",
    "denominator": "Days",
    "rhythm": "week",
    "chart": "run",
    "direction": "higher",
    "is_patients": "no",
    "adds_up": "yes",
    "run_length": "7",
    "screens": "yes",
    "follows": "0",
    "per": "1",
}
"""What is typed to define a measure; the programme is left to be chosen."""


def measure(
    name: str = "Magnesium given in time", *, of: Programme, by: Person, **values: Any
) -> ImprovementMeasure:
    """A share of patients in each month, higher being better, unless told otherwise."""
    chart = values.get("chart", ChartKind.P)
    given = {
        "kind": MeasureKind.PROCESS,
        "numerator": "Mothers who were given it",
        "denominator": "Mothers who should have been" if chart.has_denominator else "",
        "rhythm": Rhythm.MONTH,
        "direction": Direction.HIGHER,
        "is_patients": True,
        "chart": chart,
        **values,
    }
    return measures.add_measure(programme=of, by=by.actor, name=name, **given)


def counted(
    pairs: Sequence[tuple[float, float | None] | None],
    *,
    of: ImprovementMeasure,
    by: Person,
    site: Site | None = None,
    team: str = "",
) -> MeasureSeries:
    """Numbers of the last periods of the person's area, or of a site or team in it; None leaves a
    period out."""
    series = measures.open_series(
        measure=of, hin_id=by.actor.hin_id, site=site, team=team, by=by.actor
    )
    last = first_day(of.rhythm, today())
    days = [moved(of.rhythm, last, number - len(pairs) + 1) for number in range(len(pairs))]
    measures_readings.enter(
        measure=of,
        series=series,
        entries=[
            Entry(day, *pair) for day, pair in zip(days, pairs, strict=True) if pair is not None
        ],
        by=by.actor,
    )
    return series


def mark(
    kind: MarkKind,
    *,
    of: ImprovementMeasure,
    by: Person,
    periods_ago: int = 0,
    series: MeasureSeries | None = None,
) -> MeasureMark:
    """A day that a person marked."""
    on = moved(of.rhythm, first_day(of.rhythm, today()), -periods_ago)
    words = "A new form came into use"
    return measures.mark(measure=of, kind=kind, on=on, words=words, series=series, by=by.actor)
