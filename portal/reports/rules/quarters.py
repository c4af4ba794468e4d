"""Days and NHS quarters: when a day ends in England, and which quarter it lies in."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
FIRST_MONTH = 4
"""The NHS financial year begins in April: Q1 is April to June."""


def end_of(on: date) -> datetime:
    """Return the first moment after a day in England, in UTC: "as at" a day means before it."""
    midnight = datetime.combine(on + timedelta(days=1), time(), LONDON)
    return midnight.astimezone(UTC)


def months_before(on: date, months: int) -> date:
    """Return the same day so many months earlier, or that month's last day where it is shorter."""
    index = on.year * 12 + on.month - 1 - months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(on.day, monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of the NHS financial year that begins in April of `year`."""

    year: int
    number: int

    @property
    def first(self) -> date:
        """Return its first day."""
        index = FIRST_MONTH - 1 + (self.number - 1) * 3
        return date(self.year + index // 12, index % 12 + 1, 1)

    @property
    def last(self) -> date:
        """Return its last day."""
        return self.next.first - timedelta(days=1)

    @property
    def next(self) -> "Quarter":
        """Return the quarter after it."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def previous(self) -> "Quarter":
        """Return the quarter before it."""
        return quarter_of(self.first - timedelta(days=1))

    @property
    def label(self) -> str:
        """Return "Q1 2026/27"."""
        return f"Q{self.number} {self.year}/{(self.year + 1) % 100:02}"


def quarter_of(on: date) -> Quarter:
    """Return the quarter that a day lies in."""
    months = on.year * 12 + on.month - FIRST_MONTH
    return Quarter(months // 12, months % 12 // 3 + 1)


def quarters_until(on: date, count: int) -> list[Quarter]:
    """Return that many quarters, oldest first; the last is the one that `on` lies in."""
    found = [quarter_of(on)]
    while len(found) < count:
        found.append(found[-1].previous)
    return found[::-1]
