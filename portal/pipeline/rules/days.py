"""Days: when one ends in England, and the quarters before it."""

from calendar import monthrange
from datetime import date

from portal.reference.rules import Quarter, begin_of, end_of

__all__ = ["begin_of", "end_of", "months_before", "quarters_until", "short"]


def months_before(on: date, months: int) -> date:
    """Return the same day so many months earlier, or that month's last day where it is shorter."""
    index = on.year * 12 + on.month - 1 - months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(on.day, monthrange(year, month)[1]))


def short(quarter: Quarter) -> str:
    """Return a quarter as a heading or a picture has room for it: "Q1 2026/27"."""
    return f"Q{quarter.number} {quarter.years}"


def quarters_until(on: date, count: int) -> list[Quarter]:
    """Return that many quarters, oldest first; the last is the one that `on` lies in."""
    found = [Quarter.of(on)]
    while len(found) < count:
        found.append(found[-1].previous)
    return found[::-1]
