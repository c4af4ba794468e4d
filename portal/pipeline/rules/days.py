"""Days: when one ends in England, and the quarters before it."""

from datetime import date

from portal.reference.rules import Quarter


def short(quarter: Quarter) -> str:
    """Return a quarter as a heading or a picture has room for it: "Q1 2026/27"."""
    return f"Q{quarter.number} {quarter.years}"


def quarters_until(on: date, count: int) -> list[Quarter]:
    """Return that many quarters, oldest first; the last is the one that `on` lies in."""
    found = [Quarter.of(on)]
    while len(found) < count:
        found.append(found[-1].previous)
    return found[::-1]
