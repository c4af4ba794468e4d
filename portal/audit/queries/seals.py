"""Read the seals of the audit trail, and hold the trail against them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from portal.audit import rules
from portal.audit.models import AuditEvent, AuditSeal, AuditWords
from portal.db import db

READ_AT_ONCE = 1000
"""Events that are held in memory while the trail is verified."""


def last_seal() -> AuditSeal | None:
    """Return the newest seal."""
    return db.session.scalar(select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1))


def events_between(after_id: int, last_id: int, *, limit: int | None = None) -> Sequence[Any]:
    """Return the events with ids above the first number and up to the second, in order."""
    columns = [
        column for column in AuditEvent.__table__.columns if column.name != "organisation_name"
    ]
    found = select(*columns).where(AuditEvent.id > after_id, AuditEvent.id <= last_id)
    return db.session.execute(found.order_by(AuditEvent.id).limit(limit)).all()


@dataclass(frozen=True, slots=True)
class Verdict:
    """How the trail stands against its seals."""

    problem: str
    """The first thing that does not agree; empty when all does."""
    seals: int
    sealed: int
    """Events under a seal."""
    waiting: int
    """Events that the next seal will take."""
    erased: int
    """Events whose words were rewritten when a person was erased."""


def verify(*, key: str, log: Sequence[str] = ()) -> Verdict:
    """Hold every event against its seal, every seal against the one before and the checkpoints of a
    log (its lines) against the seals."""
    seals = db.session.scalars(select(AuditSeal).order_by(AuditSeal.id)).all()
    found = _problems(seals, key, log)
    last = seals[-1].last_id if seals else 0
    unsealed = select(func.count(AuditEvent.id)).where(AuditEvent.id > last)
    erased = select(func.count(AuditWords.event_id)).where(AuditWords.erased_at.is_not(None))
    return Verdict(
        problem=next(found, ""),
        seals=len(seals),
        sealed=sum(seal.count for seal in seals),
        waiting=db.session.scalar(unsealed) or 0,
        erased=db.session.scalar(erased) or 0,
    )


def _problems(seals: Sequence[AuditSeal], key: str, log: Sequence[str]) -> Iterator[str]:
    previous, last_id = rules.START, 0
    for number, seal in enumerate(seals, start=1):
        if seal.id != number or seal.previous_digest != previous:
            yield f"seal {seal.id} does not follow the one before it"
        yield from _row_problems(seal, last_id)
        if not rules.is_signed(key, seal):
            yield f"seal {seal.id} was not signed with this key"
        previous, last_id = seal.digest, seal.last_id
    yield from _words_problems()
    yield from _log_problems(seals, log)


def _row_problems(seal: AuditSeal, last_id: int) -> Iterator[str]:
    events = events_between(last_id, seal.last_id)
    hashes = [(event.id, rules.event_hash(event)) for event in events]
    were, are = dict(seal.marks), dict(rules.marks(hashes))
    for number in sorted(were.keys() | are.keys()):
        if number not in are:
            yield f"event {number} is missing"
        elif number not in were:
            yield f"event {number} was added after its seal"
        elif were[number] != are[number]:
            yield f"event {number} was changed"
    if (len(events), seal.digest) != (seal.count, rules.batch_digest(seal.previous_digest, hashes)):
        yield f"seal {seal.id} was changed"


def _words_problems() -> Iterator[str]:
    """Yield the events whose words are not those that were written, unless a person's erasure
    rewrote them."""
    for number, wanted, words in _every_words():
        if words is None:
            yield f"the words of event {number} are missing"
        elif words.erased_at is None and wanted != _hash_of(words):
            yield f"the words of event {number} were changed"


def _every_words() -> Iterator[Any]:
    """Yield number, fingerprint and words of every event, read a batch at a time."""
    told = select(AuditEvent.id, AuditEvent.words_hash, AuditWords).outerjoin(
        AuditWords, AuditWords.event_id == AuditEvent.id
    )
    last = 0
    while rows := db.session.execute(
        told.where(AuditEvent.id > last).order_by(AuditEvent.id).limit(READ_AT_ONCE)
    ).all():
        yield from rows
        last = rows[-1][0]


def _hash_of(words: AuditWords) -> str:
    return rules.words_hash(
        salt=words.salt, actor_name=words.actor_name, summary=words.summary, changes=words.changes
    )


def _log_problems(seals: Iterable[AuditSeal], log: Sequence[str]) -> Iterator[str]:
    stored = {seal.id: rules.checkpoint(seal) for seal in seals}
    for told in rules.checkpoints(log):
        if stored.get(told["seal"]) != told:
            seal = f"seal {told['seal']} up to event {told['last_id']}"
            yield f"the log tells of {seal}, which is not here"
