"""Write a row of the feed for every change to records and challenges, from the database session.

The rooms below do not know of it. What changed is gathered in the flushes and written last, before
the commit, in the same transaction: on PostgreSQL one transaction at a time writes to the feed, so
that a reader who has seen a number never misses a smaller one that was committed later.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import event, insert, inspect, select, text
from sqlalchemy.orm import Session

from portal.accounts.models import Organisation
from portal.api.models import ApiChange, ChangedNoun, Webhook, WebhookEvent
from portal.api.outbox import ANNOUNCE
from portal.api.rules import labels_of_challenge, labels_of_innovation
from portal.challenges.models import Challenge, ChallengeState
from portal.clock import now
from portal.db import Base, has_changed
from portal.innovations.models import (
    Collaborator,
    Evidence,
    Innovation,
    ProvenStatus,
    StandardHeld,
    Use,
)
from portal.introductions.models import Introduction
from portal.jobs import enqueue

PARTS = (Evidence, StandardHeld, Use, Collaborator)
"""Rows of a record: a change of theirs is one of the record."""
WATCHED = (Innovation, Challenge, Organisation, *PARTS)
"""What the feed is told of; a flush has many rows that it is not."""
FEED = "api_changes"
HAPPENED = "api_happened"
LOCK = 7_310_038
"""The number of the lock under which PostgreSQL lets one transaction write to the feed."""
Key = tuple[ChangedNoun, int]


@event.listens_for(Session, "after_flush")
def _gather(session: Session, _context: Any) -> None:
    """Remember what this flush changed, and who might see it before."""
    session.info.setdefault(HAPPENED, []).extend(_happened(session))
    for row in (*session.new, *session.deleted, *session.dirty):
        is_new, is_gone = row in session.new, row in session.deleted
        if not isinstance(row, WATCHED) or not (is_new or is_gone or session.is_modified(row)):
            continue
        if isinstance(row, Organisation) and not is_new:
            _gather_of_organisation(session, row)
        for key, labels in _changes(session, row, is_new=is_new, is_gone=is_gone):
            found: dict[Key, set[str]] = session.info.setdefault(FEED, {})
            found.setdefault(key, set()).update(labels)


def _happened(session: Session) -> Iterator[tuple[WebhookEvent, int]]:
    """Yield what webhooks may be told of."""
    for row in (*session.new, *session.dirty):
        if isinstance(row, ProvenStatus) and row in session.new:
            yield WebhookEvent.PROVEN, row.innovation_id
        elif (
            isinstance(row, Challenge) and row.state is ChallengeState.OPEN and _moved(session, row)
        ):
            yield WebhookEvent.CHALLENGE, row.id
        elif isinstance(row, Introduction) and _moved(session, row):
            yield WebhookEvent.INTRODUCTION, row.id


def _moved(session: Session, row: Base) -> bool:
    """Whether its state is another than before; a new row's attributes may have no history."""
    return row in session.new or bool(inspect(row).attrs["state"].history.added)


def _gather_of_organisation(session: Session, row: Organisation) -> None:
    """An organisation's name stands on all that is its: renamed, they changed."""
    if not has_changed(row, ["name"]):
        return
    found: dict[Key, set[str]] = session.info.setdefault(FEED, {})
    for noun, model in ((ChangedNoun.INNOVATION, Innovation), (ChangedNoun.CHALLENGE, Challenge)):
        theirs = select(model.id).where(model.organisation_id == row.id)
        for number in session.connection().scalars(theirs):
            found.setdefault((noun, number), set())


def _changes(
    session: Session, row: Base, *, is_new: bool, is_gone: bool
) -> Iterator[tuple[Key, frozenset[str]]]:
    if isinstance(row, Innovation):
        before = frozenset() if is_new else _innovation_before(row)
        yield (ChangedNoun.INNOVATION, row.id), before
    elif isinstance(row, Challenge):
        before = frozenset() if is_new else _challenge_before(row)
        yield (ChangedNoun.CHALLENGE, row.id), before
    elif isinstance(row, PARTS):
        yield (ChangedNoun.INNOVATION, row.innovation_id), _left(row) if is_gone else frozenset()


def _left(row: Base) -> frozenset[str]:
    """Return the label of somebody who may not edit the record any more."""
    return frozenset({f"user:{row.user_id}"}) if isinstance(row, Collaborator) else frozenset()


def _innovation_before(row: Innovation) -> frozenset[str]:
    people = [before(row, "owner_id"), *(one.user_id for one in _collaborators(row))]
    return labels_of_innovation(
        before(row, "status"),
        before(row, "sharing"),
        before(row, "organisation_id"),
        people,
        was_submitted=before(row, "submitted_at") is not None,
    )


def _collaborators(row: Innovation) -> list[Collaborator]:
    """The collaborators, where they are loaded: those who stay see the record as before, and who
    goes is told by their own row."""
    return [] if "collaborators" in inspect(row).unloaded else row.collaborators


def _challenge_before(row: Challenge) -> frozenset[str]:
    return labels_of_challenge(
        before(row, "state"), before(row, "readers"), before(row, "organisation_id")
    )


def before(row: Base, name: str) -> Any:
    """Return what a column held before this flush."""
    history = inspect(row).attrs[name].history
    return history.deleted[0] if history.deleted else getattr(row, name)


@event.listens_for(Session, "before_commit")
def _write(session: Session) -> None:
    """Write what was gathered, as the last statements of the transaction."""
    if session.in_nested_transaction():
        return
    session.flush()
    found: dict[Key, set[str]] = session.info.pop(FEED, {})
    if not found:
        return
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": LOCK})
    rows = [
        {"noun": noun, "noun_id": number, "readers": sorted(labels), "at": now()}
        for (noun, number), labels in sorted(found.items())
    ]
    session.execute(insert(ApiChange), rows)


@event.listens_for(Session, "before_commit", insert=True)
def _announce(session: Session) -> None:
    """Queue what webhooks are told of, where there are any; before the queue numbers what it hands
    out on commit, or nobody would hear of it before the sweep."""
    session.flush()
    if session.in_nested_transaction():
        return
    happened: list[tuple[WebhookEvent, int]] = session.info.pop(HAPPENED, [])
    if not happened or session.scalar(select(Webhook.id).limit(1)) is None:
        return
    for kind, number in dict.fromkeys(happened):
        enqueue(ANNOUNCE, event=kind.value, number=number)
    session.flush()


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    """Forget what was taken back with its transaction."""
    if not session.in_nested_transaction():
        session.info.pop(FEED, None)
        session.info.pop(HAPPENED, None)
