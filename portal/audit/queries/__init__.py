"""Read the audit trail."""

from sqlalchemy import ColumnElement, Select, select, true

from portal.audit.models import Audience, AuditEvent
from portal.db import db


def timeline(
    noun: str, noun_id: int | Select[int], *, readable: ColumnElement[bool]
) -> Select[AuditEvent]:
    """The events of one record, or of several that became one, that the reader may see, newest
    first.

    `readable` comes from the room that owns the record: it knows the reader.
    """
    is_about = AuditEvent.noun_id.in_([noun_id] if isinstance(noun_id, int) else noun_id)
    return (
        select(AuditEvent)
        .where(AuditEvent.noun == noun, is_about, readable)
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
    )


def last_of(noun: str, noun_id: int) -> AuditEvent | None:
    """Return the newest event of one record, whoever may read it."""
    return db.session.scalar(timeline(noun, noun_id, readable=true()).limit(1))


def readable_by(
    *, organisation_id: int | None, audiences: frozenset[Audience]
) -> ColumnElement[bool]:
    """SQL for "the audience includes this reader, or their own organisation did it"."""
    if Audience.PRIVATE in audiences:
        return true()
    shared = AuditEvent.audience.in_(sorted(audiences))
    if organisation_id is None:
        return shared
    return shared | (AuditEvent.organisation_id == organisation_id)
