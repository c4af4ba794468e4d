"""Which years a return may ask about. Pure."""

from collections.abc import Set
from datetime import date

from portal.reference.rules import Quarter

YEARS = 5
"""So many years back, the one that runs among them."""


def years_to_choose(day: date, taken: Set[int]) -> list[tuple[int, str]]:
    """Return the financial years without a return, the newest first, with their labels."""
    newest = day.year - (day.month < 4)
    years = range(newest, newest - YEARS, -1)
    return [(one, label(one)) for one in years if one not in taken]


def label(year: int) -> str:
    """Return a financial year by the calendar year in which it begins: "2025/26"."""
    return Quarter.of(date(year, 4, 1)).years
