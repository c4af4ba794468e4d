"""Days, moments and units in words: they read the same in a page, an email, a file and a
conflict."""

import re
from datetime import date, datetime

from portal.clock import PartialDate, Precision, in_london


def day_words(day: date | PartialDate) -> str:
    """Return a day as "5 November 2026"; of a moment, its day in England; of a date known only to
    the month or year, "November 2026" or "2026"."""
    if isinstance(day, PartialDate):
        return _partial_words(day)
    shown = in_london(day) if isinstance(day, datetime) else day
    return f"{shown.day} {shown:%B} {shown.year}"


def _partial_words(known: PartialDate) -> str:
    if known.precision is Precision.YEAR:
        return str(known.day.year)
    month = f"{known.day:%B} {known.day.year}"
    return f"{known.day.day} {month}" if known.precision is Precision.DAY else month


def moment_words(at: datetime) -> str:
    """Return a moment as "5 November 2026 at 2:30pm", England's time."""
    return f"{day_words(at)} at {time_words(at)}"


def time_words(at: datetime) -> str:
    """Return the time of a moment in England: "2:30pm", "2pm", "midday" or "midnight"."""
    moment = in_london(at)
    named = {(0, 0): "midnight", (12, 0): "midday"}
    if (moment.hour, moment.minute) in named:
        return named[moment.hour, moment.minute]
    minutes = f":{moment.minute:02}" if moment.minute else ""
    return f"{moment.hour % 12 or 12}{minutes}{'am' if moment.hour < 12 else 'pm'}"


def is_overdue(due_on: date | None, today: date) -> bool:
    """Whether the due date has passed; the day itself is still in time."""
    return due_on is not None and due_on < today


def due_words(due_on: date | None, today: date) -> str:
    """Return the deadline in words: "Overdue by 3 days", "Due today", "Due in 2 days" or ""."""
    if due_on is None:
        return ""
    days = (due_on - today).days
    if days == 0:
        return "Due today"
    amount = f"{abs(days)} day{'' if abs(days) == 1 else 's'}"
    return f"Due in {amount}" if days > 0 else f"Overdue by {amount}"


_IRREGULAR = {
    "people": "person",
    "children": "child",
    "lives": "life",
    "criteria": "criterion",
    "syntheses": "synthesis",
    "analyses": "analysis",
}
_HEAD = re.compile(r"(.*?)(\w+)((?: (?:of|per|a|with|in|for|at|above|below) .*)?)", re.DOTALL)
"""What is counted, its last word apart, and what follows: "care homes", "years of age"."""


def unit_words(amount: str, unit: str) -> str:
    """Return the unit of an amount as it stands behind it: "1" and "awards" are "award", "1" and
    "years of age" are "year of age"; a unit is written for several."""
    found = _HEAD.fullmatch(unit)
    if amount != "1" or found is None:
        return unit
    return f"{found[1]}{_singular(found[2])}{found[3]}"


def _singular(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word
