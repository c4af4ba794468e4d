"""One HIN helping one innovation: its engagement, how it stands and at which level."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, false, text
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.clock import day_of, now
from portal.db import Base, Id, LabelledEnum, Versioned
from portal.innovations.models import Innovation
from portal.reference.models import HasDueDate, Hin


def _day_in_england(context: DefaultExecutionContext) -> date:
    given = context.get_current_parameters()  # type: ignore[no-untyped-call]  # SQLAlchemy's
    at: datetime = given["at"]
    return day_of(at)


class EngagementState(LabelledEnum):
    """How an engagement stands: the national service's words where its users know them."""

    NEW = "new", "New"
    """Waiting to be picked up."""
    ASSESSING = "assessing", "Assessing"
    """Picked up; a decision is due."""
    ENGAGING = "engaging", "Engaging"
    WAITING = "waiting", "Waiting"
    CHANGES = "changes", "Changes requested"
    """Changes were asked for, section by section."""
    UNSUITABLE = "unsuitable", "Unsuitable"
    CLOSED = "closed", "Closed"


class Engagement(Versioned, HasDueDate, Base):
    """A HIN's work with an innovation. Several HINs may each have one on the same record."""

    __tablename__ = "engagement"
    __table_args__ = (
        Index(
            "uq_engagement_standing",
            "innovation_id",
            "hin_id",
            unique=True,
            sqlite_where=text("replaced_by_id IS NULL"),
            postgresql_where=text("replaced_by_id IS NULL"),
        ),
        # As of a record: nearly all were replaced by none.
        Index(
            "ix_engagement_replaced_by_id",
            "replaced_by_id",
            sqlite_where=text("replaced_by_id IS NOT NULL"),
            postgresql_where=text("replaced_by_id IS NOT NULL"),
        ),
        Index(None, "hin_id", "state", "due_on"),
        # The unique index leaves out what was merged: no query about a record could use it. A
        # record has few engagements: with the state second SQLite would seek once for each state.
        Index(None, "innovation_id", "hin_id", "state", "level"),
    )

    id: Mapped[Id]
    innovation_id: Mapped[int] = mapped_column(ForeignKey("innovation.id", ondelete="CASCADE"))
    hin_id: Mapped[int] = mapped_column(ForeignKey("hin.id"))
    is_first: Mapped[bool] = mapped_column(default=False)
    """The HIN that the record came to; others joined."""
    is_leading: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The HIN that leads with the record: the first one, until it hands over (`LeadChange`)."""
    state: Mapped[EngagementState] = mapped_column(default=EngagementState.NEW)
    level: Mapped[int | None]
    """The newest `LevelChange`: 1 to 4, or None before engaging."""
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    opened_at: Mapped[datetime] = mapped_column(default=now)
    picked_up_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    waiting_for: Mapped[str] = mapped_column(default="")
    waiting_until: Mapped[date | None]

    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("engagement.id"))
    """The engagement of the same HIN that goes on, where two records were made one."""

    innovation: Mapped[Innovation] = relationship()
    hin: Mapped[Hin] = relationship()
    lead: Mapped[User | None] = relationship()
    changes: Mapped[list["EngagementChange"]] = relationship(
        order_by="EngagementChange.at", back_populates="engagement"
    )
    leading: Mapped[list["LeadChange"]] = relationship(
        order_by="LeadChange.at", back_populates="engagement"
    )
    lead_people: Mapped[list["LeadPersonChange"]] = relationship(
        order_by=lambda: (LeadPersonChange.at, LeadPersonChange.id)
    )
    levels: Mapped[list["LevelChange"]] = relationship(
        order_by="LevelChange.at", back_populates="engagement"
    )


class LeadChange(Base):
    """From a moment on this engagement's HIN leads with the record, and no other."""

    __tablename__ = "lead_change"

    id: Mapped[Id]
    engagement_id: Mapped[int] = mapped_column(
        ForeignKey("engagement.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    """Who accepted the handover; None where it led from the first."""

    engagement: Mapped[Engagement] = relationship(back_populates="leading")
    by: Mapped[User | None] = relationship()


class LeadPersonChange(Base):
    """From a moment on this person leads the engagement for its HIN; nobody where none is named.

    The newest row is what `Engagement.lead_id` repeats; rows are never edited.
    """

    __tablename__ = "lead_person_change"
    __table_args__ = (Index(None, "engagement_id", "at", "id"),)

    id: Mapped[Id]
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id", ondelete="CASCADE"))
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    lead: Mapped[User | None] = relationship(foreign_keys=[lead_id])
    by: Mapped[User | None] = relationship(foreign_keys=[by_id])


class EngagementChange(Base):
    """An outcome: the state reached, when, by whom, and the words sent to the innovator."""

    __tablename__ = "engagement_change"
    # All that a figure of a past day reads: it is found without the row itself.
    __table_args__ = (Index(None, "engagement_id", "at", "id", "state"),)

    id: Mapped[Id]
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id", ondelete="CASCADE"))
    state: Mapped[EngagementState]
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    message: Mapped[str] = mapped_column(default="")
    """What the innovator is told."""
    elsewhere: Mapped[str] = mapped_column(default="")
    """Where to go instead, when it is unsuitable."""

    engagement: Mapped[Engagement] = relationship(back_populates="changes")
    by: Mapped[User | None] = relationship()


class LevelChange(Base):
    """The support level from a moment on, and why."""

    __tablename__ = "level_change"
    __table_args__ = (Index(None, "engagement_id", "at", "id", "level"),)

    id: Mapped[Id]
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id", ondelete="CASCADE"))
    level: Mapped[int]
    """1 to 4."""
    at: Mapped[datetime] = mapped_column(default=now)
    on: Mapped[date] = mapped_column(default=_day_in_england)
    """The day of `at` in England: an interaction counts at the level of its day."""
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    why: Mapped[str] = mapped_column(default="")
    suggested: Mapped[int | None]
    """The level that the rules suggested; None where they had nothing to say."""
    reasons: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    """What each rule pointed to and why (`rules.levels.Hint`), as it was shown."""

    engagement: Mapped[Engagement] = relationship(back_populates="levels")
    by: Mapped[User | None] = relationship()
