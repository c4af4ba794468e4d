"""An answer: an innovator's reply to a challenge with one record, and what became of it."""

import enum
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, Numeric, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation, User
from portal.challenges.models import Challenge
from portal.clock import now
from portal.db import Base, Id, LabelledEnum, Versioned
from portal.innovations.models import Innovation
from portal.introductions.models import Introduction
from portal.reference.models import HasDueDate, Hin
from portal.threads.models import Kind, Message, MessageFile, Reader


class AnswerState(LabelledEnum):
    """Where an answer stands."""

    DRAFT = "draft", "Draft"
    WITH_HIN = "with_hin", "With the network"
    """Outside calls the HIN that leads in the ICS reads it first."""
    SENT_BACK = "sent_back", "Sent back by the network"
    """With the HIN's words; it may be changed and sent again."""
    SUBMITTED = "submitted", "With those who stated the challenge"
    INVITED = "invited", "Invited to meet"
    DECLINED = "declined", "Not this time"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Meets(LabelledEnum):
    """How far an answer meets one must-have."""

    YES = "yes", "Yes"
    PARTLY = "partly", "Partly"
    NO = "no", "No"


class DeclineReason(LabelledEnum):
    """Why an answer is declined."""

    MUST_HAVES = "must_haves", "It does not meet a must-have"
    EVIDENCE = "evidence", "The evidence is not enough for us"
    OTHER_FITS_BETTER = "other_fits_better", "Another answer fits better"
    NOT_READY = "not_ready", "It is not ready for use in our setting"
    COST = "cost", "It costs more than we can pay"
    CAPACITY = "capacity", "We cannot take on more now"
    OTHER_PROBLEM = "other_problem", "It is for another problem"
    CLOSED = "closed", "The challenge was closed"


class Answer(Versioned, HasDueDate, Base):
    """One record put forward for one challenge: there is one such row of the two."""

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("challenge_id", "innovation_id"),
        Index(None, "state", "due_on"),
    )

    id: Mapped[Id]
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id", ondelete="CASCADE"))
    innovation_id: Mapped[int] = mapped_column(
        ForeignKey("innovation.id", ondelete="CASCADE"), index=True
    )
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    hin_id: Mapped[int | None] = mapped_column(ForeignKey("hin.id"), index=True)
    """The HIN that reads it first; None in a call, and where nobody stands between."""
    state: Mapped[AnswerState] = mapped_column(default=AnswerState.DRAFT)

    evidence: Mapped[str] = mapped_column(default="")
    where_it_runs: Mapped[str] = mapped_column(default="")
    asked_of_ics: Mapped[str] = mapped_column(default="")
    """What the ICS would have to bring: people, data, money, time."""
    cost_from: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    """The least that it would cost, in pounds."""
    cost_to: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    """The most that it would cost, in pounds."""
    cost_note: Mapped[str] = mapped_column(default="")
    """With the range in pounds: in confidence, for those who state the challenge and assess."""

    shortlisted: Mapped[bool] = mapped_column(default=False, server_default=false())
    decline_reason: Mapped[DeclineReason | None]
    decision_words: Mapped[str] = mapped_column(default="")
    """What those who stated the challenge, or the HIN that sent it back, told the innovator."""
    introduction_id: Mapped[int | None] = mapped_column(
        ForeignKey("introduction.id", ondelete="SET NULL"), index=True
    )
    is_demo: Mapped[bool] = mapped_column(default=False, server_default=false())

    created_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)
    submitted_at: Mapped[datetime | None]
    """When it was last sent: to the HIN or, in a call, to those who state the challenge."""
    arrived_at: Mapped[datetime | None] = mapped_column(index=True)
    """When those who state the challenge first could read it."""
    decided_at: Mapped[datetime | None] = mapped_column(index=True)

    challenge: Mapped[Challenge] = relationship()
    innovation: Mapped[Innovation] = relationship()
    author: Mapped[User | None] = relationship()
    hin: Mapped[Hin | None] = relationship()
    introduction: Mapped[Introduction | None] = relationship()
    points: Mapped[list["AnswerPoint"]] = relationship(
        order_by="AnswerPoint.position", cascade="all, delete-orphan"
    )
    changes: Mapped[list["AnswerChange"]] = relationship(order_by="AnswerChange.id")


class AnswerPoint(Base):
    """How one must-have is met; it keeps the words that were asked."""

    __tablename__ = "answer_point"
    __table_args__ = (UniqueConstraint("answer_id", "position"),)

    id: Mapped[Id]
    answer_id: Mapped[int] = mapped_column(ForeignKey("answer.id", ondelete="CASCADE"))
    position: Mapped[int]
    asked: Mapped[str]
    meets: Mapped[Meets | None]
    words: Mapped[str] = mapped_column(default="")


class AnswerChange(Base):
    """An answer reached a state: when, and for whom somebody brought it there. Append-only."""

    __tablename__ = "answer_change"

    id: Mapped[Id]
    answer_id: Mapped[int] = mapped_column(ForeignKey("answer.id", ondelete="CASCADE"), index=True)
    state: Mapped[AnswerState]
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    words: Mapped[str] = mapped_column(default="")

    organisation: Mapped[Organisation | None] = relationship()


class AnswerAssessor(Versioned, Base):
    """Somebody assesses the answers to a challenge, unless they have an interest in one."""

    __tablename__ = "answer_assessor"
    __table_args__ = (UniqueConstraint("challenge_id", "user_id"),)

    id: Mapped[Id]
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    asked_at: Mapped[datetime] = mapped_column(default=now)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    has_interest: Mapped[bool | None]
    """None until they declare it."""
    interest_words: Mapped[str] = mapped_column(default="")
    declared_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    """From then on nobody waits for them, and what they scored does not count."""

    challenge: Mapped[Challenge] = relationship()
    user: Mapped[User] = relationship(foreign_keys=[user_id])
    assessments: Mapped[list["Assessment"]] = relationship(
        order_by="Assessment.answer_id", cascade="all, delete-orphan", back_populates="assessor"
    )


class Assessment(Base):
    """What an assessor thinks of one answer, by each criterion."""

    __tablename__ = "answer_assessment"
    __table_args__ = (UniqueConstraint("assessor_id", "answer_id"),)

    id: Mapped[Id]
    assessor_id: Mapped[int] = mapped_column(ForeignKey("answer_assessor.id", ondelete="CASCADE"))
    answer_id: Mapped[int] = mapped_column(ForeignKey("answer.id", ondelete="CASCADE"), index=True)
    scores: Mapped[dict[str, Any]]
    """0 to 4 for each criterion, by its key (`rules.assessing.Criterion`)."""
    words: Mapped[str] = mapped_column(default="")
    scored_at: Mapped[datetime] = mapped_column(default=now)

    assessor: Mapped[AnswerAssessor] = relationship(back_populates="assessments")


class AnswerMessage(Message):
    """What the two sides of an answer write to each other; names of people are not shown."""

    __tablename__ = "answer_message"
    FILE = "AnswerFile"

    thread_id: Mapped[int] = mapped_column(
        "answer_id", ForeignKey("answer.id", ondelete="CASCADE"), index=True
    )


class AnswerFile(MessageFile):
    """A file that came with a message."""

    __tablename__ = "answer_file"
    kept_in = "answers"

    message_id: Mapped[int] = mapped_column(
        ForeignKey("answer_message.id", ondelete="CASCADE"), index=True
    )


class AnswerReader(Reader):
    """How far a person has read what was written."""

    __tablename__ = "answer_reader"

    thread_id: Mapped[int] = mapped_column(
        "answer_id", ForeignKey("answer.id", ondelete="CASCADE"), primary_key=True
    )


THREADS = Kind(about=Answer, message=AnswerMessage, file=AnswerFile, reader=AnswerReader)


class ReminderKind(enum.StrEnum):
    """What people are reminded of, each once for an answer."""

    DRAFT = "draft"
    """A draft, before the call closes."""
    HIN = "hin"
    """A day has passed by which the HIN passes on or sends back."""
    DECISION = "decision"
    """A day has come or passed by which the innovator is answered."""


class AnswerReminder(Base):
    """People were reminded of something: once of each kind."""

    __tablename__ = "answer_reminder"

    answer_id: Mapped[int] = mapped_column(
        ForeignKey("answer.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[ReminderKind] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
