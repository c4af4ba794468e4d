"""The tests of the funding mandate, by policy year, and what is known of each record."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.clock import now
from portal.db import Base, Id, LabelledEnum
from portal.innovations.models import Innovation


class Comparison(LabelledEnum):
    """How a number is held against the threshold of a test."""

    YES_OR_NO = "yes_or_no", "yes or no"
    MORE_THAN = "more_than", "more than"
    AT_MOST = "at_most", "at most"


class Answer(LabelledEnum):
    """What a test found."""

    MET = "met", "Met"
    NOT_MET = "not_met", "Not met"
    NOT_KNOWN = "not_known", "Not known"


class MandateCriterion(Base):
    """A test of the policy, in force from one policy (financial) year to another."""

    __tablename__ = "mandate_criterion"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    position: Mapped[int]
    name: Mapped[str]
    test: Mapped[str]
    comparison: Mapped[Comparison]
    threshold: Mapped[float | None]
    """In `unit`; None where the answer is yes or no."""
    unit: Mapped[str]
    evidence_needed: Mapped[str]
    from_year: Mapped[int]
    """The first policy year, by the calendar year of its April."""
    to_year: Mapped[int | None]
    """The last one; None while it is in force."""
    source: Mapped[str]
    note: Mapped[str]


class MandateResult(Base):
    """What a test found of a record, as somebody said. Rows are added and never changed: of a
    record and a test the one with the highest number holds."""

    __tablename__ = "mandate_result"
    __table_args__ = (UniqueConstraint("innovation_id", "criterion_id", "number"),)

    id: Mapped[Id]
    innovation_id: Mapped[int] = mapped_column(ForeignKey("innovation.id", ondelete="CASCADE"))
    criterion_id: Mapped[int] = mapped_column(ForeignKey("mandate_criterion.id"), index=True)
    number: Mapped[int]
    """1 is the first of its record and test."""
    answer: Mapped[Answer]
    value: Mapped[float | None]
    """The number that was held against the threshold."""
    source: Mapped[str] = mapped_column(default="")
    """Where it stands: a reference of guidance, a model."""
    note: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    innovation: Mapped[Innovation] = relationship()
    criterion: Mapped[MandateCriterion] = relationship()
    by: Mapped[User | None] = relationship()
