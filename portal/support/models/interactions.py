"""What a HIN did with whom, how long it took, and who may read of it."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation, User
from portal.clock import now
from portal.db import Base, Id, LabelledEnum, Versioned
from portal.reference.models import Hin, Term
from portal.support.models.cases import Engagement


class InteractionKind(LabelledEnum):
    """How the HIN and the others came together."""

    CALL = "call", "Call"
    MEETING = "meeting", "Meeting"
    EMAIL = "email", "Email"
    EVENT = "event", "Event"
    INTRODUCTION = "introduction", "Introduction"
    ADVICE = "advice", "Advice"


interaction_term = Table(
    "interaction_term",
    Base.metadata,
    Column("interaction_id", ForeignKey("interaction.id", ondelete="CASCADE"), primary_key=True),
    Column("term_id", ForeignKey("term.id"), primary_key=True, index=True),
)
"""The kinds of support that an interaction gave (vocabulary `support_kind`)."""


class Interaction(Versioned, Base):
    """One interaction, as it happened, however many innovations it was about.

    An interaction of a quarter that is over is never edited: another one corrects it, and both
    stay.
    """

    __tablename__ = "interaction"
    __table_args__ = (
        UniqueConstraint("corrects_id"),
        Index(None, "hin_id", "on"),
        Index(None, "on"),
        # What a network booked in a quarter is added up from the index alone.
        Index("ix_interaction_booked", "counts_in", "hin_id", "is_void", "minutes"),
        Index(None, "reverses_in"),
        CheckConstraint("minutes >= 0", name="minutes"),
    )

    id: Mapped[Id]
    hin_id: Mapped[int] = mapped_column(ForeignKey("hin.id"))
    kind: Mapped[InteractionKind]
    title: Mapped[str] = mapped_column(default="")
    """What an event was called."""
    on: Mapped[date]
    """The day of the interaction, in England."""
    minutes: Mapped[int]
    """How many minutes it took, counted once for all who were there."""
    note: Mapped[str] = mapped_column(default="")
    next_step: Mapped[str] = mapped_column(default="")
    next_on: Mapped[date | None]
    is_private: Mapped[bool] = mapped_column(default=True)
    """Only staff of the HIN may read it; the figures count it like any other."""
    is_void: Mapped[bool] = mapped_column(default=False)
    """It did not happen after all: shown, counted nowhere."""
    logged_at: Mapped[datetime] = mapped_column(default=now)
    logged_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("interaction.id"))
    """The interaction of a closed quarter that this one stands for."""
    why: Mapped[str] = mapped_column(default="")
    """Why it corrects the other."""
    counts_in: Mapped[date]
    """First day of the quarter in which it counts (`rules.interactions.counting_quarter`)."""
    reverses_in: Mapped[date | None]
    """First day of the quarter from which the corrected interaction is taken off again, where its
    own quarter was frozen before it was corrected."""

    hin: Mapped[Hin] = relationship()
    logged_by: Mapped[User | None] = relationship()
    kinds: Mapped[list[Term]] = relationship(secondary=interaction_term, order_by=Term.position)
    shares: Mapped[list["InteractionShare"]] = relationship(
        back_populates="interaction", order_by="InteractionShare.id", cascade="all, delete-orphan"
    )
    participants: Mapped[list["Participant"]] = relationship(
        order_by="Participant.id", cascade="all, delete-orphan"
    )
    corrects: Mapped["Interaction | None"] = relationship(
        remote_side="Interaction.id", back_populates="corrected_by"
    )
    corrected_by: Mapped["Interaction | None"] = relationship(
        back_populates="corrects", uselist=False
    )


class InteractionShare(Base):
    """An innovation's part in an interaction: the hours of an event are shared among all in it."""

    __tablename__ = "interaction_share"
    __table_args__ = (UniqueConstraint("interaction_id", "engagement_id"),)

    id: Mapped[Id]
    interaction_id: Mapped[int] = mapped_column(ForeignKey("interaction.id", ondelete="CASCADE"))
    engagement_id: Mapped[int] = mapped_column(
        ForeignKey("engagement.id", ondelete="CASCADE"), index=True
    )
    minutes: Mapped[int]
    """Its share of the minutes; the shares add up to the interaction's."""

    interaction: Mapped[Interaction] = relationship(back_populates="shares")
    engagement: Mapped[Engagement] = relationship()


class Participant(Base):
    """Somebody who took part: a colleague, anybody by name, or an organisation."""

    __tablename__ = "participant"

    id: Mapped[Id]
    interaction_id: Mapped[int] = mapped_column(
        ForeignKey("interaction.id", ondelete="CASCADE"), index=True
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
    """The level of support whose hours were spent: 1 to 4."""
    allowed: Mapped[int]
    """Up to how many minutes it did not ask."""
    spent: Mapped[int]
    """How many minutes were spent when it asked, or when it was answered."""
    asked_at: Mapped[datetime] = mapped_column(default=now)
    answer: Mapped[BudgetAnswer | None]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    why: Mapped[str] = mapped_column(default="")

    engagement: Mapped[Engagement] = relationship()
    answered_by: Mapped[User | None] = relationship()
