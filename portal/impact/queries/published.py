"""What reports published of economic growth and patients, year by year."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from portal.db import db
from portal.programmes.models import Measure, Programme, ProgrammeValue, ValueKind
from portal.programmes.rules.values import standing

COUNTERS = (
    "JOBS_CREATED",
    "JOBS_SAFEGUARDED",
    "JOBS_CREATED_OR_SAFEGUARDED",
    "INVESTMENT_LEVERAGED",
    "PATIENTS_BENEFITTING",
    "COMPANIES_SUPPORTED",
    "STRATEGIC_PARTNERSHIPS",
    "PIPELINE_SIZE",
)
"""The measures of which networks publish a number for a year, in the order of the page."""
PROGRAMMES = ("GROWTH", "NETWORK", "PIPELINE")
"""Under which the files keep what is of the networks together, not of one programme."""


@dataclass(frozen=True, slots=True)
class Counter:
    """A measure with all that was published of it, the oldest period first."""

    measure: Measure
    values: Sequence[ProgrammeValue]


def published_by_year() -> list[Counter]:
    """Return each counter with its published values. One statement."""
    rows = db.session.scalars(
        select(ProgrammeValue)
        .join(ProgrammeValue.measure)
        .join(ProgrammeValue.programme)
        .options(contains_eager(ProgrammeValue.measure), joinedload(ProgrammeValue.hin))
        .where(
            Measure.code.in_(COUNTERS),
            ProgrammeValue.kind == ValueKind.ACTUAL,
            ProgrammeValue.code.is_not(None),
            Programme.code.in_(PROGRAMMES),
        )
        .order_by(ProgrammeValue.period, ProgrammeValue.id)
    ).all()
    found: dict[str, list[ProgrammeValue]] = {code: [] for code in COUNTERS}
    for row in standing(rows):
        found[row.measure.code].append(row)
    return [Counter(values[0].measure, values) for values in found.values() if values]
