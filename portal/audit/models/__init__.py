"""The audit trail: rows that are only ever added, their words beside them, and their seals."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, ScalarSelect, select
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.audit.models import guards
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


class AuditWords(Base):
    """What an event says in words. They may name people, so erasing a person rewrites them; the
    event keeps a fingerprint of what they were."""

    __tablename__ = "audit_words"

    event_id: Mapped[int] = mapped_column(ForeignKey("audit_event.id"), primary_key=True)
    actor_name: Mapped[str]
    summary: Mapped[str]
    """One plain sentence for the timeline, without the actor: "set the support level to 2"."""
    changes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """`{field: [before, after]}`."""
    salt: Mapped[str]
    """Random: from the fingerprint alone nobody can guess the words. Empty once they are erased."""
    erased_at: Mapped[datetime | None]


class AuditEvent(Base):
    """Who did what to which record, when and on whose behalf: by ids, which nothing changes."""

    __tablename__ = "audit_event"
    __table_args__ = (Index(None, "noun", "noun_id", "at"),)

    id: Mapped[Id]
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    organisation_name: Mapped[str]
    action: Mapped[str] = mapped_column(index=True)
    """A verb in the past after its noun: `innovation.submitted`."""
    noun: Mapped[str]
    """The record on whose timeline this shows: `innovation`, `challenge`, `organisation` …"""
    noun_id: Mapped[int]
    audience: Mapped[Audience] = mapped_column(default=Audience.STAFF)
    words_hash: Mapped[str]
    """The fingerprint of its words, as `audit.rules.words_hash` makes it."""

    words: Mapped[AuditWords] = relationship(
        lazy="joined", innerjoin=True, cascade="save-update, merge, expunge"
    )

    @hybrid_property
    def actor_name(self) -> str:
        """Who acted, as shown on the timeline."""
        return self.words.actor_name

    @actor_name.inplace.expression
    @classmethod
    def _actor_name_in_sql(cls) -> ScalarSelect[str]:
        return _words_of(cls, AuditWords.actor_name)

    @hybrid_property
    def summary(self) -> str:
        """What happened, in one sentence without the actor."""
        return self.words.summary

    @summary.inplace.expression
    @classmethod
    def _summary_in_sql(cls) -> ScalarSelect[str]:
        return _words_of(cls, AuditWords.summary)

    @property
    def changes(self) -> dict[str, Any]:
        """What changed: `{field: [before, after]}`."""
        return self.words.changes


def _words_of(event: type[AuditEvent], column: Any) -> ScalarSelect[str]:
    found = select(column).where(AuditWords.event_id == event.id)
    return found.correlate(event).scalar_subquery()


class AuditSeal(Base):
    """A batch of events, sealed: its digest covers them and the seal before, so that a changed,
    missing or added row shows in every later one."""

    __tablename__ = "audit_seal"

    id: Mapped[Id]
    sealed_at: Mapped[datetime] = mapped_column(default=now)
    first_id: Mapped[int]
    last_id: Mapped[int]
    count: Mapped[int]
    """How many events it covers."""
    marks: Mapped[list[Any]]
    """`[[id, the first 16 hex digits of its hash], …]`: they tell which row differs."""
    previous_digest: Mapped[str]
    digest: Mapped[str]
    signature: Mapped[str]
    """HMAC-SHA256 of the seal with the setting AUDIT_KEY, which the database does not hold."""


guards.guard(AuditEvent.__table__, AuditSeal.__table__, AuditWords.__table__)
