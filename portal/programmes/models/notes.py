"""The quarter's words: progress, plans, risks, issues, lessons; delivery plans and reviews."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.clock import now
from portal.db import Base, Id, LabelledEnum, Versioned
from portal.programmes.models.programmes import Programme
from portal.reference.models import Hin


class NoteKind(LabelledEnum):
    """What somebody writes of a quarter."""

    PROGRESS = "progress", "Progress"
    PLAN = "plan", "Plan for the next quarter"
    RISK = "risk", "Risk"
    ISSUE = "issue", "Issue"
    LESSON = "lesson", "Lesson"
    DATA_FLAG = "data_flag", "About the data"
    REBASELINE = "rebaseline", "About the trajectory"


class Outcome(LabelledEnum):
    """What became of a plan."""

    DONE = "done", "Done"
    PARTLY = "partly", "Partly done"
    NOT_DONE = "not", "Not done"
    DROPPED = "dropped", "Dropped"


class ProgrammeNote(Versioned, Base):
    """Words of a programme, or of one network in it, for a quarter."""

    __tablename__ = "programme_note"
    __table_args__ = (Index("ix_programme_note_of_quarter", "programme_id", "quarter_on"),)

    id: Mapped[Id]
    code: Mapped[str | None] = mapped_column(unique=True)
    """Its number in the portal's files; None for what is written here."""
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    hin_id: Mapped[int | None] = mapped_column(ForeignKey("hin.id"), index=True)
    """Whose words they are; None for the programme as a whole."""
    quarter_on: Mapped[date]
    """The first day of the quarter; of a year, that of its last quarter."""
    kind: Mapped[NoteKind]
    words: Mapped[str]
    affects: Mapped[str] = mapped_column(default="")
    """The codes of the measures to which it matters."""
    outcome: Mapped[Outcome | None]
    """What became of a plan; None until somebody says."""
    outcome_words: Mapped[str] = mapped_column(default="")
    likelihood: Mapped[int | None]
    """Of a risk or issue, 1 to 5; times the impact it gives the score."""
    impact: Mapped[int | None]
    """Of a risk or issue, 1 to 5."""
    mitigation: Mapped[str] = mapped_column(default="")
    owner: Mapped[str] = mapped_column(default="")
    review_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    closed_how: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    programme: Mapped[Programme] = relationship()
    hin: Mapped[Hin | None] = relationship()
    by: Mapped[User | None] = relationship()

    @property
    def score(self) -> int | None:
        """Return likelihood times impact, 1 to 25; None where either is not given."""
        if self.likelihood is None or self.impact is None:
            return None
        return self.likelihood * self.impact


class DeliveryStep(Versioned, Base):
    """A milestone of a network's local delivery plan."""

    __tablename__ = "delivery_step"

    id: Mapped[Id]
    programme_id: Mapped[int] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), index=True
    )
    hin_id: Mapped[int] = mapped_column(ForeignKey("hin.id"), index=True)
    words: Mapped[str]
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    programme: Mapped[Programme] = relationship()
    hin: Mapped[Hin] = relationship()


class ReviewState(LabelledEnum):
    """How a network's quarter stands with the national lead."""

    SUBMITTED = "submitted", "Submitted"
    ASKED = "asked", "Changes requested"
    ACCEPTED = "accepted", "Accepted"


class QuarterReview(Versioned, Base):
    """A network's words for a quarter are handed in, and the national lead reviews them."""

    __tablename__ = "quarter_review"
    __table_args__ = (UniqueConstraint("programme_id", "hin_id", "quarter_on"),)

    id: Mapped[Id]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    hin_id: Mapped[int] = mapped_column(ForeignKey("hin.id"))
    quarter_on: Mapped[date]
    state: Mapped[ReviewState]
    words: Mapped[str] = mapped_column(default="")
    """What the national lead asks or says."""
    submitted_at: Mapped[datetime] = mapped_column(default=now)
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reviewed_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    programme: Mapped[Programme] = relationship()
    hin: Mapped[Hin] = relationship()
