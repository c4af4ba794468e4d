"""Working days, and the quarters of the NHS financial year."""

import re
from collections.abc import Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from portal.errors import Conflict

SATURDAY = 5


class HolidaysMissing(Conflict):
    """A deadline reaches into a year whose bank holidays are not loaded."""

    def __init__(self, year: int) -> None:
        super().__init__(
            f"The bank holidays of {year} are not known yet, so no day can be promised. An "
            "administrator or the national team adds them under Deadlines; nothing was saved."
        )
        self.year = year


def is_working_day(day: date, holidays: Set[date]) -> bool:
    """Whether `day` is neither Saturday, Sunday nor a bank holiday in England."""
    return day.weekday() < SATURDAY and day not in holidays


def working_days_after(start: date, days: int, holidays: Set[date]) -> date:
    """Return the day that is `days` working days after `start`, which itself does not count.

    Raises HolidaysMissing when the count reaches a year of which `holidays` has no day: a
    deadline silently a day wrong is worse than none.
    """
    years = {holiday.year for holiday in holidays}
    day = start
    left = days
    while left:
        day += timedelta(days=1)
        _refuse_unknown(day, years)
        left -= is_working_day(day, holidays)
    return day


def working_day_by(day: date, holidays: Set[date]) -> date:
    """Return `day` or, where nobody works on it, the last working day before it.

    Raises HolidaysMissing as `working_days_after` does.
    """
    years = {holiday.year for holiday in holidays}
    _refuse_unknown(day, years)
    while not is_working_day(day, holidays):
        day -= timedelta(days=1)
        _refuse_unknown(day, years)
    return day


def _refuse_unknown(day: date, years: Set[int]) -> None:
    if day.year not in years:
        raise HolidaysMissing(day.year)


def working_days_between(start: date, end: date, holidays: Set[date]) -> int:
    """Return how many working days lie after `start` up to and including `end` (0 if none)."""
    days = (end - start).days
    return sum(is_working_day(start + timedelta(days=n), holidays) for n in range(1, days + 1))


LONDON = ZoneInfo("Europe/London")


def is_overdue(due_on: date | None, today: date) -> bool:
    """Whether a promised day has passed; the day itself is still in time. The rule of all rooms:
    `reference.queries.is_past_due` says it in SQL."""
    return due_on is not None and due_on < today


def end_of(on: date) -> datetime:
    """Return the first moment after a day in England, in UTC: "as at" a day means before it."""
    midnight = datetime.combine(on + timedelta(days=1), time(), LONDON)
    return midnight.astimezone(UTC)


def begin_of(on: date) -> datetime:
    """Return the first moment of a day in England, in UTC."""
    return end_of(on - timedelta(days=1))


_QUARTER_CODE = re.compile(
    r"(?P<year>[0-9]{4})-(?P<next>[0-9]{2})-Q(?P<number>[1-4])", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of the NHS financial year: Q1 is April to June, Q4 January to March.

    A day belongs to the quarter in which it lies; a moment to the quarter of its day in England.
    """

    first: date
    """Its first day: 1 April, 1 July, 1 October or 1 January."""

    @classmethod
    def of(cls, day: date) -> Self:
        """Return the quarter in which a day lies."""
        return cls(date(day.year, day.month - (day.month - 1) % 3, 1))

    @classmethod
    def named(cls, code: str) -> Self:
        """Return the quarter of a code such as "2026-27-Q1"; raises ValueError for no such code."""
        found = _QUARTER_CODE.fullmatch(code.strip())
        if found is None:
            raise ValueError(f"{code!r} is no quarter: write it like 2026-27-Q1")
        year, number = int(found["year"]), int(found["number"])
        if year == 0 or year > 9000 or (year + 1) % 100 != int(found["next"]):
            raise ValueError(f"{code!r} is no quarter: write it like 2026-27-Q1")
        return cls(date(year + 1, 1, 1) if number == 4 else date(year, 1 + 3 * number, 1))

    @property
    def number(self) -> int:
        """Return 1 to 4."""
        return (self.first.month - 4) % 12 // 3 + 1

    @property
    def years(self) -> str:
        """Return the financial year: "2026/27"."""
        begun = self.first.year - (self.first.month < 4)
        return f"{begun}/{(begun + 1) % 100:02d}"

    @property
    def code(self) -> str:
        """Return it as addresses and commands write it: "2026-27-Q1"."""
        return f"{self.years.replace('/', '-')}-Q{self.number}"

    @property
    def label(self) -> str:
        """Return it as people write it: "Q1 2026/27 (April to June)"."""
        last = self.last
        return f"Q{self.number} {self.years} ({self.first:%B} to {last:%B})"

    @property
    def next(self) -> Self:
        """Return the quarter after it."""
        return type(self).of(self.first + timedelta(days=100))

    @property
    def previous(self) -> Self:
        """Return the quarter before it."""
        return type(self).of(self.first - timedelta(days=1))

    @property
    def last(self) -> date:
        """Return its last day."""
        return self.next.first - timedelta(days=1)

    @property
    def begins_at(self) -> datetime:
        """Return the moment at which it begins in England, in UTC."""
        return datetime.combine(self.first, time.min, LONDON).astimezone(UTC)

    @property
    def ends_at(self) -> datetime:
        """Return the first moment after it, in UTC."""
        return self.next.begins_at
