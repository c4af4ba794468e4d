"""The audit trail: rows that are only ever added."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import DDL, ExecutableDDLElement, ForeignKey, Index, event
from sqlalchemy.orm import Mapped, mapped_column

from portal.clock import now
from portal.db import Base, Id


class Audience(enum.StrEnum):
    """Who may read an event on a record's timeline."""

    EVERYONE = "everyone"
    """All who may see the record."""
    STAFF = "staff"
    """The innovator's side, HIN and national staff; not ICS readers or the public."""
    HIN = "hin"
    """Staff of the organisation that acted, and the national team."""
    PRIVATE = "private"
    """Only staff of the organisation that acted."""


class AuditEvent(Base):
    """Who did what to which record, when, on whose behalf, and what changed from what to what."""

    __tablename__ = "audit_event"
    __table_args__ = (Index(None, "noun", "noun_id", "at"),)

    id: Mapped[Id]
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    actor_name: Mapped[str]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    organisation_name: Mapped[str]
    action: Mapped[str] = mapped_column(index=True)
    """A verb in the past after its noun: `innovation.submitted`."""
    noun: Mapped[str]
    """The record on whose timeline this shows: `innovation`, `challenge`, `organisation` …"""
    noun_id: Mapped[int]
    summary: Mapped[str]
    """One plain sentence for the timeline, without the actor: "set the support level to 2"."""
    changes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """`{field: [before, after]}`."""
    audience: Mapped[Audience] = mapped_column(default=Audience.STAFF)


def _ddl(statement: str) -> ExecutableDDLElement:
    return DDL(statement)  # type: ignore[no-untyped-call]  # SQLAlchemy's own


# Append-only is the database's own rule, not our good manners: an UPDATE or DELETE is refused.
APPEND_ONLY_SQLITE = tuple(
    _ddl(
        f"CREATE TRIGGER audit_event_no_{verb} BEFORE {verb.upper()} ON audit_event "
        "BEGIN SELECT RAISE(ABORT, 'audit_event is append-only'); END"
    )
    for verb in ("update", "delete")
)
APPEND_ONLY_POSTGRESQL = (
    _ddl(
        "CREATE OR REPLACE FUNCTION audit_event_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'audit_event is append-only'; END $$"
    ),
    _ddl(
        "CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE ON audit_event "
        "FOR EACH ROW EXECUTE FUNCTION audit_event_refuse()"
    ),
)
for _dialect, _statements in (
    ("sqlite", APPEND_ONLY_SQLITE),
    ("postgresql", APPEND_ONLY_POSTGRESQL),
):
    for _statement in _statements:
        event.listen(AuditEvent.__table__, "after_create", _statement.execute_if(dialect=_dialect))
