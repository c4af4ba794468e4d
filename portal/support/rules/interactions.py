"""Interactions by themselves: their words, how hours are shared, which may still be edited."""

from collections.abc import Set
from datetime import date

from portal.reference.rules import Quarter

MAX_MINUTES = 12 * 60
"""What one interaction takes at most; longer work is several interactions."""
MINUTE_STEP = 15
"""Lengths are chosen, kept and shared in whole quarters of an hour."""
USUAL_MINUTES = 30
"""Half an hour: what the form offers first."""
USUAL_LEVEL = 1
"""Before a level is set an interaction is triage, which is what level 1 means."""


def hours_words(minutes: int) -> str:
    """Return minutes in words: "15 minutes", "1 hour", "2 hours 30 minutes"."""
    hours, left = divmod(minutes, 60)
    parts = [f"{hours} hour{'' if hours == 1 else 's'}"] if hours else []
    parts += [f"{left} minutes"] if left or not hours else []
    return " ".join(parts)


def as_hours(minutes: int) -> float:
    """Return minutes as hours: 150 is 2.5."""
    return minutes / 60


def shares(minutes: int, count: int) -> list[int]:
    """Share minutes among so many innovations, as evenly as whole quarters of an hour allow.

    The first get the quarters of an hour left over, so that the shares add up to the whole.
    """
    each, left = divmod(minutes // MINUTE_STEP, count)
    return [(each + (position < left)) * MINUTE_STEP for position in range(count)]


def counting_quarter(on: date, made_on: date, frozen: Set[date]) -> date:
    """Return the first day of the quarter in which an interaction of the day `on` counts.

    That is the quarter of its day, unless that was frozen before the entry or the correction was
    made: then it is the quarter in which it was made, as a late entry. `frozen` are the first days
    of the quarters that were frozen by then. Source: this product's own rule.
    """
    quarter = Quarter.of(on)
    return Quarter.of(made_on).first if quarter.first in frozen else quarter.first


def is_open(on: date, today: date) -> bool:
    """Whether an interaction of that day may still be edited: its quarter is the one of today."""
    return Quarter.of(on) == Quarter.of(today)


def is_spent(spent: int, allowed: int | None) -> bool:
    """Whether the hours passed what is allowed; what is used up exactly still fits."""
    return allowed is not None and spent > allowed


def allowed_minutes(budget: int | None, carried_on_at: int | None) -> int | None:
    """Return up to how many minutes an engagement may go without being asked.

    `budget` is the level's, None where it has none. Who carried on at that level after
    `carried_on_at` minutes is asked again after as much once more.
    """
    if budget is None:
        return None
    return budget if carried_on_at is None else max(budget, carried_on_at + budget)
