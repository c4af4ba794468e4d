"""What becomes of the engagements of two records that are made one, before their rows move.

A network that works with both goes on with one of its engagements; the other one is closed by
itself, keeps what it was, and is replaced from then on. No figure counts that closing: nobody
closed it. Called before the flush of the merge; they do not flush.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.innovations.models import Innovation
from portal.merging import Merge
from portal.reference.models import DeadlineKind, DueDate
from portal.support import queries
from portal.support.models import (
    Engagement,
    EngagementState,
    LeadChange,
    Task,
    TaskState,
)
from portal.support.rules import LIVE
from portal.support.services.engagements import move_by_itself

ENGAGEMENTS = "engagements"
"""Under this name a merge keeps how they were."""


def join(*, kept: Innovation, other: Innovation, merge: Merge, at: datetime) -> None:
    """Say of each network's engagements which one goes on, and which network leads."""
    theirs = queries.engagements(other.id)
    ours = {one.hin_id: one for one in queries.engagements(kept.id)}
    were = {str(one.id): how_it_is(one) for one in (*theirs, *ours.values())}
    leading = next((one for one in ours.values() if one.is_leading), None)
    for one in theirs:
        beside = ours.get(one.hin_id)
        if beside is None:
            continue
        goes_on, replaced = _which_goes_on(beside, one)
        were[str(replaced.id)]["tasks"] = _hand_on(replaced, goes_on, f"“{other.name}”", at)
        if leading is replaced:
            leading = goes_on
    for one in theirs if leading is not None else ():
        one.is_leading = False
    if leading is not None:
        _lead(leading, at)
    merge.before = {**merge.before, ENGAGEMENTS: were}


def _which_goes_on(ours: Engagement, theirs: Engagement) -> tuple[Engagement, Engagement]:
    """Return the engagement that goes on and the one that it replaces: a live one goes on, the
    kept record's of two."""
    is_theirs = theirs.state in LIVE and ours.state not in LIVE
    return (theirs, ours) if is_theirs else (ours, theirs)


def how_it_is(engagement: Engagement) -> dict[str, Any]:
    """Return how an engagement stands, as JSON."""
    due = engagement.due_date.columns()
    return {
        "state": engagement.state.value,
        "is_leading": engagement.is_leading,
        "waiting_for": engagement.waiting_for,
        "waiting_until": _text(engagement.waiting_until),
        "due": {name: _text(value) for name, value in due.items()},
    }


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _hand_on(replaced: Engagement, goes_on: Engagement, name: str, at: datetime) -> list[int]:
    """Close the engagement that is replaced and hand its open tasks on; returns these."""
    replaced.replaced_by_id = goes_on.id
    if replaced.state in LIVE:
        words = f"Two records became one: the network goes on with its other engagement ({name})."
        move_by_itself(replaced, EngagementState.CLOSED, at, words)
    open_ones = db.session.scalars(
        select(Task).where(Task.engagement_id == replaced.id, Task.state == TaskState.OPEN)
    ).all()
    for task in open_ones:
        task.engagement_id = goes_on.id
    return [task.id for task in open_ones]


def _lead(engagement: Engagement, at: datetime) -> None:
    engagement.is_leading = True
    db.session.add(LeadChange(engagement_id=engagement.id, at=at))


def part(*, kept: Innovation, other: Innovation, merge: Merge, at: datetime) -> None:
    """Put back how the engagements of both records were, as far as nobody changed them since."""
    were: Mapping[str, Any] = merge.before.get(ENGAGEMENTS, {})
    for number, was in were.items():
        engagement = db.session.get(Engagement, int(number))
        if engagement is None:
            continue
        if engagement.replaced_by_id is not None and "tasks" in was:
            _take_back(engagement, was, at)
        engagement.is_leading = False
    for record in (kept, other):
        ours = queries.engagements(record.id)
        led = next((one for one in ours if were.get(str(one.id), {}).get("is_leading")), None)
        if led is not None:
            _lead(led, at)


def _take_back(engagement: Engagement, was: Mapping[str, Any], at: datetime) -> None:
    for task in db.session.scalars(select(Task).where(Task.id.in_(was["tasks"]))):
        if task.engagement_id == engagement.replaced_by_id:
            task.engagement_id = engagement.id
    engagement.replaced_by_id = None
    state = EngagementState(was["state"])
    if engagement.state is EngagementState.CLOSED and state in LIVE:
        words = "The two records that had become one were parted again."
        move_by_itself(engagement, state, at, words, due=due_from(was["due"]))
        until = was["waiting_until"]
        engagement.waiting_for = was["waiting_for"]
        engagement.waiting_until = date.fromisoformat(until) if until else None


def due_from(columns: Mapping[str, Any]) -> DueDate:
    """Return a due date as `how_it_is` has it."""
    days = {
        name: date.fromisoformat(columns[name]) if columns[name] else None
        for name in ("due_on", "undated_from")
    }
    kind = DeadlineKind(columns["undated"]) if columns["undated"] else None
    return DueDate(days["due_on"], kind, days["undated_from"], columns["undated_year"])
