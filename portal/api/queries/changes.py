"""What changed since, as far as the reader may know: the feed, and what a list must forget."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select, true

from portal.accounts.models import Actor
from portal.api.models import ApiChange, ChangedNoun
from portal.api.rules import labels_of
from portal.challenges.models import Challenge
from portal.challenges.queries import visible_to as challenge_visible_to
from portal.db import db
from portal.innovations.models import Innovation
from portal.innovations.queries import merged_into
from portal.innovations.queries import visible_to as innovation_visible_to


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change, as the reader is told of it."""

    change: ApiChange
    is_removed: bool
    """The reader might see it before and does not now: deleted, archived or not shared any more."""
    merged_into: int | None = None
    """The record with which it was made one, where the reader may see that."""


@dataclass(frozen=True, slots=True)
class FeedResult:
    """A part of the feed, and from where to read on, now or another day."""

    rows: Sequence[ChangeRow]
    last: int
    """The number of the last change that was looked at."""
    is_at_end: bool


def feed(actor: Actor, after: int, limit: int, since: datetime | None = None) -> FeedResult:
    """Return changes after a number of the feed, the oldest first: of what the reader may see, and
    of what they might see until then. All others are passed over."""
    later = true() if since is None else ApiChange.at >= since
    rows = db.session.scalars(
        select(ApiChange).where(ApiChange.id > after, later).order_by(ApiChange.id).limit(limit + 1)
    ).all()
    looked_at = rows[:limit]
    last = looked_at[-1].id if looked_at else after
    return FeedResult(_told(actor, looked_at), last, is_at_end=len(rows) <= limit)


def _told(actor: Actor, rows: Sequence[ApiChange]) -> list[ChangeRow]:
    visible = {noun: _visible(actor, noun, rows) for noun in ChangedNoun}
    labels = labels_of(actor)
    merged = merged_into(actor, [row.noun_id for row in rows if row.noun is ChangedNoun.INNOVATION])
    found = []
    for row in rows:
        if row.noun_id in visible[row.noun]:
            found.append(ChangeRow(row, is_removed=False))
        elif labels & set(row.readers):
            kept = merged.get(row.noun_id) if row.noun is ChangedNoun.INNOVATION else None
            found.append(ChangeRow(row, is_removed=True, merged_into=kept))
    return found


def _visible(actor: Actor, noun: ChangedNoun, rows: Sequence[ApiChange]) -> Collection[int]:
    ids = {row.noun_id for row in rows if row.noun is noun}
    model, clause = _of(actor, noun)
    if not ids:
        return ()
    return set(db.session.scalars(select(model.id).where(model.id.in_(ids), clause)))


def _of(actor: Actor, noun: ChangedNoun) -> tuple[Any, ColumnElement[bool]]:
    if noun is ChangedNoun.INNOVATION:
        return Innovation, innovation_visible_to(actor)
    return Challenge, challenge_visible_to(actor)


def changed_since(noun: ChangedNoun, since: datetime) -> ColumnElement[bool]:
    """Return SQL for "it changed since a moment", by the feed or, before there was one, by the day
    that the row itself keeps."""
    model: Any = Innovation if noun is ChangedNoun.INNOVATION else Challenge
    noted = select(ApiChange.noun_id).where(ApiChange.noun == noun, ApiChange.at >= since)
    return or_(model.changed_at >= since, model.id.in_(noted))


def removed_since(actor: Actor, noun: ChangedNoun, since: datetime) -> list[int]:
    """Return the numbers of what the reader might see at some time since a moment and does not see
    now, in order."""
    rows = db.session.scalars(
        select(ApiChange).where(ApiChange.noun == noun, ApiChange.at >= since)
    ).all()
    return sorted({row.change.noun_id for row in _told(actor, rows) if row.is_removed})
