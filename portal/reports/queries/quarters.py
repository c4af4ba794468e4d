"""Which quarters have figures, and which of them are frozen."""

from collections.abc import Sequence
from datetime import date, datetime

from portal.figures.queries import freezes
from portal.pipeline.rules.days import quarters_until
from portal.reference.rules import Quarter

MAX_QUARTERS = 12


def quarters(today: date) -> Sequence[tuple[Quarter, date, datetime | None]]:
    """Return the last quarters, newest first: the day up to which each counts, and when it was
    frozen. In one statement."""
    frozen = freezes()
    found = quarters_until(today, MAX_QUARTERS)[::-1]
    return [(quarter, min(quarter.last, today), frozen.get(quarter.first)) for quarter in found]
