"""How an engagement stood on a day: its state, level, triage, and what is overdue. Pure.

A day is England's and counts to its end (`reference.rules.end_of`). The same rules stand in SQL in
`queries.on_day`; a test compares the two.
"""

from collections.abc import Iterable
from datetime import date

from portal.clock import end_of
from portal.support.models import EngagementChange, EngagementState, LevelChange
from portal.support.rules import LIVE
from portal.wording import is_overdue

TRIAGE = frozenset({EngagementState.NEW, EngagementState.ASSESSING})
"""States in which a HIN has not decided yet."""


def state_on(changes: Iterable[EngagementChange], on: date) -> EngagementState | None:
    """Return the state that the engagement had reached by the end of the day; None before all."""
    moment = end_of(on)
    reached = [change for change in changes if change.at < moment]
    newest = max(reached, key=lambda change: (change.at, change.id), default=None)
    return newest.state if newest else None


def is_live_on(changes: Iterable[EngagementChange], on: date) -> bool:
    """Whether the HIN worked with the innovation on the day, or was about to."""
    return state_on(changes, on) in LIVE


def is_in_triage_on(changes: Iterable[EngagementChange], on: date) -> bool:
    """Whether the HIN had not decided on the day: new, or picked up and read."""
    return state_on(changes, on) in TRIAGE


def level_on(changes: Iterable[LevelChange], on: date) -> int | None:
    """Return the level held at the end of the day; None before the first."""
    held = [change for change in changes if change.on <= on]
    newest = max(held, key=lambda change: (change.at, change.id), default=None)
    return newest.level if newest else None


def is_engagement_overdue(state: EngagementState, due_on: date | None, today: date) -> bool:
    """Whether the day promised for an engagement that is live has passed."""
    return state in LIVE and is_overdue(due_on, today)
