"""What is put forward as a next programme, who assesses it, their scores, and what was decided."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, true
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.clock import now
from portal.db import Base, Id, LabelledEnum, Versioned
from portal.innovations.models import Innovation
from portal.reference.models import HasDueDate

MOST = 4
"""The best score; 0 is the least."""


class SelectionCriterion(Base):
    """One of the criteria of the framework, with what each score means."""

    __tablename__ = "selection_criterion"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    position: Mapped[int]
    name: Mapped[str]
    asks: Mapped[str]
    score_0: Mapped[str]
    score_1: Mapped[str]
    score_2: Mapped[str]
    score_3: Mapped[str]
    score_4: Mapped[str]
    evidence: Mapped[str]
    """What to look at."""
    source: Mapped[str]
    note: Mapped[str]

    @property
    def meanings(self) -> list[str]:
        """Return what each score means, 0 first."""
        return [getattr(self, f"score_{score}") for score in range(MOST + 1)]


class PanelWeights(Base):
    """How much each criterion counts, as the panel set it. Append-only: the newest holds."""

    __tablename__ = "panel_weights"

    id: Mapped[Id]
    number: Mapped[int] = mapped_column(unique=True)
    """1 for the first version."""
    weights: Mapped[dict[str, Any]]
    """A whole number for each criterion, by its code."""
    why: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class Proposal(Versioned, Base):
    """A record, or something in words alone, that could be spread next."""

    __tablename__ = "programme_proposal"
    __table_args__ = (
        Index(
            "uq_programme_proposal_open",
            "innovation_id",
            unique=True,
            sqlite_where=sql("is_open"),
            postgresql_where=sql("is_open"),
        ),
    )

    id: Mapped[Id]
    innovation_id: Mapped[int | None] = mapped_column(
        ForeignKey("innovation.id", ondelete="SET NULL"), index=True
    )
    """Its record, where it has one; one proposal of a record is open at a time."""
    title: Mapped[str]
    words: Mapped[str] = mapped_column(default="")
    is_open: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Nothing was decided yet."""
    decided_at: Mapped[datetime | None]
    """When the newest decision was made."""
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    innovation: Mapped[Innovation | None] = relationship()
    by: Mapped[User | None] = relationship()
    assessors: Mapped[list["Assessor"]] = relationship(
        order_by="Assessor.id", back_populates="proposal"
    )
    decisions: Mapped[list["Decision"]] = relationship(order_by="Decision.number")


class Assessor(Versioned, HasDueDate, Base):
    """Somebody of the staff scores a proposal, unless they have a conflict of interest.

    Its due date is the day by which they hand in; whoever was asked before such days has none.
    """

    __tablename__ = "proposal_assessor"
    __table_args__ = (UniqueConstraint("proposal_id", "user_id"),)

    id: Mapped[Id]
    proposal_id: Mapped[int] = mapped_column(
        ForeignKey("programme_proposal.id", ondelete="CASCADE")
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    named_at: Mapped[datetime] = mapped_column(default=now)
    named_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    has_conflict: Mapped[bool | None]
    """None until they declare it."""
    conflict_words: Mapped[str] = mapped_column(default="")
    declared_at: Mapped[datetime | None]
    scored_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    """When they were reminded, once, that it is overdue."""
    released_at: Mapped[datetime | None]
    """From then on nobody waits for them."""

    proposal: Mapped[Proposal] = relationship(back_populates="assessors")
    user: Mapped[User] = relationship(foreign_keys=[user_id])
    scores: Mapped[list["Score"]] = relationship(
        order_by="Score.criterion_id", cascade="all, delete-orphan"
    )


class Score(Base):
    """What an assessor thinks of a proposal by one criterion, and on what evidence."""

    __tablename__ = "proposal_score"
    __table_args__ = (
        UniqueConstraint("assessor_id", "criterion_id"),
        CheckConstraint(f"score >= 0 AND score <= {MOST}", name="within"),
    )

    id: Mapped[Id]
    assessor_id: Mapped[int] = mapped_column(ForeignKey("proposal_assessor.id", ondelete="CASCADE"))
    criterion_id: Mapped[int] = mapped_column(ForeignKey("selection_criterion.id"))
    score: Mapped[int]
    """0 to 4."""
    words: Mapped[str] = mapped_column(default="")


class ProposalDecision(LabelledEnum):
    """What was decided of a proposal."""

    CHOOSE = "choose", "Chosen"
    NOT_NOW = "not_now", "Not now"
    NO = "no", "Not chosen"


class Decision(Base):
    """What was decided, why, and with which result at that time. Append-only: the newest holds."""

    __tablename__ = "proposal_decision"
    __table_args__ = (UniqueConstraint("proposal_id", "number"),)

    id: Mapped[Id]
    proposal_id: Mapped[int] = mapped_column(
        ForeignKey("programme_proposal.id", ondelete="CASCADE")
    )
    number: Mapped[int]
    """1 for the first of its proposal."""
    outcome: Mapped[ProposalDecision]
    why: Mapped[str]
    """Reasons, for staff."""
    feedback: Mapped[str]
    """What who proposed it and the people of the record are told."""
    result: Mapped[float]
    """The weighted result as a percentage of the best that could be reached."""
    weights_id: Mapped[int | None] = mapped_column(ForeignKey("panel_weights.id"))
    """The weights behind it; None where every criterion counted the same."""
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    by: Mapped[User | None] = relationship()
