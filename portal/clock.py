"""What time it is, and England's days: the one clock that everything asks. Pure: no database.

A date known only to its month or year is a `PartialDate`.
"""

import calendar
import enum
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


def now() -> datetime:
    """Return this moment, aware, in UTC; inside `clock_at`, the moment that was set."""
    return _moment.get() or datetime.now(UTC)  # noqa: TID251  # the one place


@contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    """What happens inside happens at `moment`: the same services write a past as the present.

    Columns that default to `now` are filled at the flush, which must happen inside as well.
    """
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)


def in_london(moment: datetime) -> datetime:
    """Return a moment in England's time; one without a zone is taken as UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(LONDON)


def day_of(moment: datetime) -> date:
    """Return the day of a moment in England: deadlines count from it."""
    return in_london(moment).date()


def is_monday(day: date) -> bool:
    """Whether what is told once a week is told on this day."""
    return day.weekday() == 0


def today() -> date:
    """Return the day it is in England: the UTC day is another for an hour of summer nights."""
    return day_of(now())


def begin_of(day: date) -> datetime:
    """Return the first moment of a day in England, in UTC."""
    return datetime.combine(day, time(), LONDON).astimezone(UTC)


def end_of(day: date) -> datetime:
    """Return the first moment after a day in England, in UTC: "as at" a day means before it."""
    return begin_of(day + timedelta(days=1))


def months_after(start: date, months: int) -> date:
    """Return the same day so many months on, or that month's last day where it is shorter.

    A negative number goes back.
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


class Precision(enum.StrEnum):
    """How exactly a date is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


_LENGTHS = {Precision.YEAR: 4, Precision.MONTH: 7, Precision.DAY: 10}
_PARTIAL = re.compile(r"\d{4}(-\d\d){0,2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date as far as it is known: a day, a month or a year.

    Rules ask of days, so a month or a year must stand for one. What began, was published or
    finished in it counts from its first day, `first`; what ended in it counts to its last day,
    `last`. That day is what a column holds, beside its precision.
    """

    day: date
    """Any day of the month or year."""
    precision: Precision = Precision.DAY

    @property
    def first(self) -> date:
        """Return the first day that it may be."""
        month = 1 if self.precision is Precision.YEAR else self.day.month
        return self.day if self.precision is Precision.DAY else date(self.day.year, month, 1)

    @property
    def last(self) -> date:
        """Return the last day that it may be."""
        if self.precision is Precision.DAY:
            return self.day
        months = 12 if self.precision is Precision.YEAR else 1
        return months_after(self.first, months) - timedelta(days=1)

    @property
    def text(self) -> str:
        """Return it as ISO 8601 writes it: "2023", "2023-05" or "2023-05-04"."""
        return self.day.isoformat()[: _LENGTHS[self.precision]]


def partial_date(text: str) -> PartialDate:
    """Return the date that "2023", "2023-05" or "2023-05-04" says; raises ValueError."""
    if not _PARTIAL.fullmatch(text):
        raise ValueError(f"no date: {text}")
    whole = date.fromisoformat(text + "-01-01"[len(text) - 10 :] if len(text) < 10 else text)
    return PartialDate(whole, {size: one for one, size in _LENGTHS.items()}[len(text)])
