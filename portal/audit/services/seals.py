"""Seal what was written since the last seal."""

from sqlalchemy import func, select, text

from portal.audit import rules
from portal.audit.models import AuditEvent, AuditSeal
from portal.audit.models.guards import INSERTS
from portal.audit.queries.seals import events_between, last_seal
from portal.clock import now
from portal.db import db

BATCH = 1000
"""Events in one seal, and so in one transaction."""
PATIENCE = "2s"
"""How long sealing waits for writers that are in the middle of a transaction."""


def seal_next(*, key: str) -> AuditSeal | None:
    """Seal the next batch of events in one row; returns it, None when all are sealed."""
    _wait_for_writers()
    before = last_seal()
    after_id = before.last_id if before else 0
    newest = db.session.scalar(select(func.max(AuditEvent.id))) or 0
    events = events_between(after_id, newest, limit=BATCH)
    if not events:
        return None
    hashes = [(event.id, rules.event_hash(event)) for event in events]
    previous = before.digest if before else rules.START
    seal = AuditSeal(
        id=before.id + 1 if before else 1,
        sealed_at=now(),
        first_id=events[0].id,
        last_id=events[-1].id,
        count=len(events),
        marks=rules.marks(hashes),
        previous_digest=previous,
        digest=rules.batch_digest(previous, hashes),
    )
    seal.signature = rules.signature(key, seal)
    db.session.add(seal)
    db.session.flush()
    return seal


def _wait_for_writers() -> None:
    """Hold new writers off until this transaction ends, and wait for those that are at it: a number
    given to one of them would be sealed over. SQLite has one writer at a time anyway."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE}'"))
        db.session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": INSERTS})
