"""How a HIN's support ended, and what the innovator's owner said of it.

The survey is two tables on purpose: one knows who was asked and whether they answered, the other
holds answers and knows nobody. Nothing ties an answer to a person or to an innovation.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.clock import now
from portal.db import Base, Id, LabelledEnum
from portal.reference.models import Hin
from portal.support.models.cases import Engagement


class ClosingReason(LabelledEnum):
    """Why support ends."""

    DONE = "done", "What was agreed is done", "The innovator can go on by themselves"
    ADOPTED = "adopted", "It is being taken up", "Sites use it and carry it further"
    ELSEWHERE = "elsewhere", "Somebody else helps now", "A programme, network or organisation"
    PAUSED = "paused", "The innovator has paused", "They work on something else for now"
    NO_REPLY = "no_reply", "The innovator does not reply", "After several attempts"
    NOT_VIABLE = "not_viable", "It does not go further", "What was found speaks against it"
    HANDED_OVER = "handed_over", "Another network took it over"
    """Nobody chooses this: accepting a handover gives it."""
    ARCHIVED = "archived", "The owner archived the record"
    """Nobody chooses this either."""


class Closing(Base):
    """One HIN ended its support: why, what was done, what next. Told to the innovator."""

    __tablename__ = "closing"

    id: Mapped[Id]
    engagement_id: Mapped[int] = mapped_column(
        ForeignKey("engagement.id", ondelete="CASCADE"), index=True
    )
    reason: Mapped[ClosingReason]
    summary: Mapped[str]
    next_step: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    engagement: Mapped[Engagement] = relationship()
    survey: Mapped["Survey | None"] = relationship(back_populates="closing")


class Survey(Base):
    """The owner of the record was asked how the support was: once for each closing of an engagement
    in which there was support."""

    __tablename__ = "survey"

    id: Mapped[Id]
    closing_id: Mapped[int] = mapped_column(
        ForeignKey("closing.id", ondelete="CASCADE"), unique=True
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    asked_on: Mapped[date]
    is_answered: Mapped[bool] = mapped_column(default=False)

    closing: Mapped[Closing] = relationship(back_populates="survey")
    user: Mapped[User] = relationship()


class SurveyAnswer(Base):
    """What somebody answered about a HIN in a quarter. It names neither person nor innovation."""

    __tablename__ = "survey_answer"
    __table_args__ = (
        Index(None, "quarter_on", "hin_id"),
        *(
            CheckConstraint(f"{name} BETWEEN 1 AND 5", name=name)
            for name in ("reach", "use", "gain")
        ),
    )

    id: Mapped[Id]
    hin_id: Mapped[int] = mapped_column(ForeignKey("hin.id"))
    quarter_on: Mapped[date]
    """The first day of the quarter in which it was answered: no day, so that nothing is told."""
    reach: Mapped[int]
    """How easy it was to get help, 1 to 5."""
    use: Mapped[int]
    """How useful the help was, 1 to 5."""
    gain: Mapped[int]
    """How far it brought the innovation, 1 to 5."""
    comment: Mapped[str] = mapped_column(default="")
    """Only with the consent that the HIN reads it; without, it is not kept."""

    hin: Mapped[Hin] = relationship()
