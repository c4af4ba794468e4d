"""The periods of a measure: their first days, their names, and which are missing. Pure."""

from collections.abc import Iterable
from datetime import date, timedelta

from portal.improvement.models import Rhythm
from portal.wording import day_words

MOST_FILLED = 400
"""Gaps are drawn over so many periods at most: a mistyped year must not make thousands."""


def first_day(rhythm: Rhythm, day: date) -> date:
    """Return the first day of the period in which a day lies."""
    if rhythm is Rhythm.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if rhythm is Rhythm.MONTH else day


def moved(rhythm: Rhythm, day: date, by: int) -> date:
    """Return the first day of the period so many periods later, or earlier."""
    if rhythm is Rhythm.MONTH:
        month = day.year * 12 + day.month - 1 + by
        return date(month // 12, month % 12 + 1, 1)
    return day + timedelta(days=by * (7 if rhythm is Rhythm.WEEK else 1))


def named(rhythm: Rhythm, day: date) -> str:
    """Return what a period is called: "March 2026", "Week of 2 March 2026", "2 March 2026"."""
    if rhythm is Rhythm.MONTH:
        return f"{day:%B %Y}"
    return f"Week of {day_words(day)}" if rhythm is Rhythm.WEEK else day_words(day)


def short(rhythm: Rhythm, day: date) -> str:
    """Return a period as it stands below a chart: "Mar 26", "2 Mar 26"."""
    month = f"{day:%b} {day:%y}"
    return month if rhythm is Rhythm.MONTH else f"{day.day} {month}"


def every(rhythm: Rhythm, days: Iterable[date]) -> list[date]:
    """Return every period from the first to the last of some, so that gaps are seen; events have
    none between them."""
    known = sorted(set(days))
    if rhythm is Rhythm.EVENT or not known:
        return known
    found = [known[0]]
    while found[-1] < known[-1] and len(found) < MOST_FILLED:
        found.append(moved(rhythm, found[-1], 1))
    return sorted({*found, *known})
