"""What a HIN did with whom, how long it took, and who may read of it."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation, User
from portal.clock import now
from portal.db import Base, Id, Versioned
from portal.reference.models import Hin, Term
from portal.support.models.cases import Engagement


class InteractionKind(enum.StrEnum):
    """How the HIN and the others came together."""

    CALL = "call"
    MEETING = "meeting"
    EMAIL = "email"
    EVENT = "event"
    INTRODUCTION = "introduction"
    ADVICE = "advice"


interaction_event_term = Table(
    "interaction_event_term",
    Base.metadata,
    Column("event_id", ForeignKey("interaction_event.id", ondelete="CASCADE"), primary_key=True),
    Column("term_id", ForeignKey("term.id"), primary_key=True, index=True),
)
"""The kinds of support that a contact gave (vocabulary `support_kind`)."""


class InteractionEvent(Versioned, Base):
    """One contact, as it happened, however many innovations it was about.

    A contact of a quarter that is over is never edited: another one corrects it, and both stay.
    """

    __tablename__ = "interaction_event"
    __table_args__ = (
        UniqueConstraint("corrects_id"),
        Index(None, "hin_id", "on"),
        Index(None, "on"),
        Index(None, "counts_in"),
        Index(None, "reverses_in"),
        CheckConstraint("quarters >= 0", name="quarters"),
    )

    id: Mapped[Id]
    hin_id: Mapped[int] = mapped_column(ForeignKey("hin.id"))
    kind: Mapped[InteractionKind]
    title: Mapped[str] = mapped_column(default="")
    """What an event was called."""
    on: Mapped[date]
    """The day of the contact, in England."""
    quarters: Mapped[int]
    """How long it took, in quarters of an hour, counted once for all who were there."""
    note: Mapped[str] = mapped_column(default="")
    next_step: Mapped[str] = mapped_column(default="")
    next_on: Mapped[date | None]
    is_private: Mapped[bool] = mapped_column(default=True)
    """Only staff of the HIN may read it; the figures count it like any other."""
    is_void: Mapped[bool] = mapped_column(default=False)
    """It did not happen after all: shown, counted nowhere."""
    logged_at: Mapped[datetime] = mapped_column(default=now)
    logged_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("interaction_event.id"))
    """The contact of a closed quarter that this one stands for."""
    why: Mapped[str] = mapped_column(default="")
    """Why it corrects the other."""
    counts_in: Mapped[date]
    """First day of the quarter in which it counts (`rules.interactions.counting_quarter`)."""
    reverses_in: Mapped[date | None]
    """First day of the quarter from which the corrected contact is taken off again, where its own
    quarter was frozen before it was corrected."""

    hin: Mapped[Hin] = relationship()
    logged_by: Mapped[User | None] = relationship()
    kinds: Mapped[list[Term]] = relationship(
        secondary=interaction_event_term, order_by=Term.position
    )
    shares: Mapped[list["Interaction"]] = relationship(
        back_populates="event", order_by="Interaction.id", cascade="all, delete-orphan"
    )
    participants: Mapped[list["Participant"]] = relationship(
        order_by="Participant.id", cascade="all, delete-orphan"
    )
    corrects: Mapped["InteractionEvent | None"] = relationship(
        remote_side="InteractionEvent.id", back_populates="corrected_by"
    )
    corrected_by: Mapped["InteractionEvent | None"] = relationship(
        back_populates="corrects", uselist=False
    )


class Interaction(Base):
    """An innovation's part in a contact: the hours of an event are shared among all in it."""

    __tablename__ = "interaction"
    __table_args__ = (UniqueConstraint("event_id", "engagement_id"),)

    id: Mapped[Id]
    event_id: Mapped[int] = mapped_column(ForeignKey("interaction_event.id", ondelete="CASCADE"))
    engagement_id: Mapped[int] = mapped_column(
        ForeignKey("engagement.id", ondelete="CASCADE"), index=True
    )
    quarters: Mapped[int]
    """Its share of the hours, in quarters of an hour; the shares add up to the contact's."""

    event: Mapped[InteractionEvent] = relationship(back_populates="shares")
    engagement: Mapped[Engagement] = relationship()


class Participant(Base):
    """Somebody who took part: a colleague, anybody by name, or an organisation."""

    __tablename__ = "participant"

    id: Mapped[Id]
    event_id: Mapped[int] = mapped_column(
        ForeignKey("interaction_event.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    """The organisation by that name, where the portal knows one."""
    name: Mapped[str] = mapped_column(default="")
    """A person's name and role, or the organisation's name, as written."""
    is_organisation: Mapped[bool] = mapped_column(default=False)

    user: Mapped[User | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()


class BudgetAnswer(enum.StrEnum):
    """What came of the question that a spent level asks."""

    LEVEL = "level"
    """The level was changed."""
    CLOSED = "closed"
    CARRIED_ON = "carried_on"
    FITS = "fits"
    """The hours were put right and fit the level again."""


class BudgetAsk(Base):
    """The hours passed the level's, and the engagement asks what is to be done."""

    __tablename__ = "budget_ask"
    __table_args__ = (Index(None, "engagement_id", "answered_at"),)

    id: Mapped[Id]
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id", ondelete="CASCADE"))
    level: Mapped[int]
    allowed: Mapped[int]
    """Up to how much it did not ask, in quarters of an hour."""
    spent: Mapped[int]
    """How much was spent when it asked, or when it was answered."""
    asked_at: Mapped[datetime] = mapped_column(default=now)
    answer: Mapped[BudgetAnswer | None]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    why: Mapped[str] = mapped_column(default="")

    engagement: Mapped[Engagement] = relationship()
    answered_by: Mapped[User | None] = relationship()
