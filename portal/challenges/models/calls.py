"""A call: a challenge published to industry with dates and criteria, its questions, and its result.

It is market engagement before any procurement (Procurement Act 2023, sections 16 and 17): the same
is told to all, and `CallTold` keeps who was told what, and when.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation, User
from portal.challenges.models import Challenge
from portal.clock import now
from portal.db import Base, Id, LabelledEnum, Versioned
from portal.reference.models import HasDueDate, Hin

MAX_WEIGHT = 10


class CallResult(LabelledEnum):
    """What came of a call."""

    CHOSEN = "chosen", "An innovation was chosen"
    TRIAL = "trial", "An innovation is being tried out"
    NOTHING_SUITABLE = "nothing_suitable", "Nothing suitable was found: it is an unmet need"
    CANCELLED = "cancelled", "The call was cancelled"


class ToldKind(LabelledEnum):
    """What people were told about a call."""

    PUBLISHED = "published", "The call was published"
    AMENDED = "amended", "The call was amended"
    ANSWERED = "answered", "A question was answered"
    RESULT = "result", "The result was published"
    CAME_OF_IT = "came_of_it", "What came of it was published"


class Call(Versioned, HasDueDate, Base):
    """The terms under which a challenge is answered. `due_on` is the day by which everybody who
    answered has an answer with a reason."""

    __tablename__ = "challenge_call"

    id: Mapped[Id]
    challenge_id: Mapped[int] = mapped_column(
        ForeignKey("challenge.id", ondelete="CASCADE"), unique=True
    )
    opens_on: Mapped[date]
    closes_on: Mapped[date] = mapped_column(index=True)
    """The last day on which it is answered."""
    questions_by: Mapped[date]
    """The last day on which a question is asked."""
    replies_by: Mapped[date]
    """The day by which every question has its public answer."""
    who_may: Mapped[str] = mapped_column(default="")
    what_then: Mapped[str] = mapped_column(default="")
    budget: Mapped[str] = mapped_column(default="")
    """Empty where there is none."""
    contact_hin_id: Mapped[int | None] = mapped_column(ForeignKey("hin.id"))
    notice_url: Mapped[str] = mapped_column(default="")
    """The notice of the market engagement on Find a Tender, where there is one."""
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    """From then on criteria are locked: what changes is an amendment."""

    reminded_at: Mapped[datetime | None]
    """When its people were reminded of questions without an answer: once."""

    result: Mapped[CallResult | None]
    result_words: Mapped[str] = mapped_column(default="")
    result_at: Mapped[datetime | None]
    answered: Mapped[int | None]
    """How many answered; this and the next three as they were when the result was published."""
    assessed: Mapped[int | None]
    """Answers that were assessed."""
    met: Mapped[int | None]
    """Answers that met what was needed."""
    chosen: Mapped[int | None]
    """Answers that were chosen."""
    came_of_it: Mapped[str] = mapped_column(default="")
    came_of_it_at: Mapped[datetime | None]

    challenge: Mapped[Challenge] = relationship()
    contact_hin: Mapped[Hin | None] = relationship()
    criteria: Mapped[list["CallCriterion"]] = relationship(
        order_by="CallCriterion.position", cascade="all, delete-orphan"
    )
    amendments: Mapped[list["CallAmendment"]] = relationship(order_by="CallAmendment.number")
    questions: Mapped[list["CallQuestion"]] = relationship(
        order_by="CallQuestion.id", back_populates="call"
    )


class CallCriterion(Base):
    """One criterion by which answers are assessed, and how much it counts."""

    __tablename__ = "call_criterion"
    __table_args__ = (
        UniqueConstraint("call_id", "position"),
        CheckConstraint(f"weight >= 1 AND weight <= {MAX_WEIGHT}", name="within"),
    )

    id: Mapped[Id]
    call_id: Mapped[int] = mapped_column(ForeignKey("challenge_call.id", ondelete="CASCADE"))
    position: Mapped[int]
    name: Mapped[str]
    weight: Mapped[int]
    """How much it counts beside the others, from 1."""


class CallAmendment(Base):
    """What was changed after publication, and why. Append-only."""

    __tablename__ = "call_amendment"
    __table_args__ = (UniqueConstraint("call_id", "number"),)

    id: Mapped[Id]
    call_id: Mapped[int] = mapped_column(ForeignKey("challenge_call.id", ondelete="CASCADE"))
    number: Mapped[int]
    """1 for the first of its call."""
    why: Mapped[str]
    changes: Mapped[dict[str, Any]]
    """`{what it is called: [before, after]}`, in words."""
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class CallQuestion(Base):
    """A question about a call, published with its answer. Who asked stands on no page."""

    __tablename__ = "call_question"

    id: Mapped[Id]
    call_id: Mapped[int] = mapped_column(
        ForeignKey("challenge_call.id", ondelete="CASCADE"), index=True
    )
    question: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    answer: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    call: Mapped[Call] = relationship(back_populates="questions")
    by: Mapped[User] = relationship(foreign_keys=[by_id])


class ChallengeFollower(Base):
    """A person who is told of every change of a challenge and of its call: who follows it, asked
    about it or answered it."""

    __tablename__ = "challenge_follower"

    challenge_id: Mapped[int] = mapped_column(
        ForeignKey("challenge.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, index=True)
    at: Mapped[datetime] = mapped_column(default=now)


class CallTold(Base):
    """Somebody was told something about a call. Append-only: the record of who was told what."""

    __tablename__ = "call_told"

    id: Mapped[Id]
    call_id: Mapped[int] = mapped_column(
        ForeignKey("challenge_call.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[ToldKind]
    number: Mapped[int | None]
    """Of the amendment, or of the question."""
    at: Mapped[datetime] = mapped_column(default=now)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    """None for everybody: it was put on the page."""
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    """For whom they act."""

    organisation: Mapped[Organisation | None] = relationship()
