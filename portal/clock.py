"""What time it is, and England's days: the one clock that everything asks. Pure: no database."""

import calendar
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
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
