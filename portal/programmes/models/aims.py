"""What a programme is to reach by when, and how it was rated where the rule was set aside."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.clock import now
from portal.db import Base, Id, LabelledEnum, Versioned
from portal.programmes.models.measures import Measure
from portal.programmes.models.programmes import Programme


class Rating(LabelledEnum):
    """How an aim stands; the words stand beside the colour everywhere."""

    MET = "met", "Met"
    GREEN = "green", "On course"
    AMBER = "amber", "Behind"
    RED = "red", "Far behind"
    NOT_RATED = "not_rated", "Not rated"


class Aim(Versioned, Base):
    """An aim: a measure is to go from a baseline to a target by a day.

    It is replaced by a later one, never overwritten: the old one stays with `replaced_by`.
    """

    __tablename__ = "programme_aim"
    __table_args__ = (UniqueConstraint("programme_id", "number"),)

    id: Mapped[Id]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    number: Mapped[int]
    """1 for the first of its programme."""
    words: Mapped[str]
    measure_id: Mapped[int | None] = mapped_column(ForeignKey("measure.id"))
    part: Mapped[str] = mapped_column(default="")
    """Which values count towards it, where the programme counts several parts."""
    target: Mapped[float | None]
    """In the unit of the measure."""
    qualifier: Mapped[str] = mapped_column(default="")
    unit: Mapped[str] = mapped_column(default="")
    baseline: Mapped[float | None]
    """In the unit of the measure; None where it is not known."""
    baseline_note: Mapped[str] = mapped_column(default="")
    by_on: Mapped[date | None]
    by_words: Mapped[str] = mapped_column(default="")
    """By when, where the source gives no day."""
    valid_from: Mapped[date | None]
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("programme_aim.id"))
    replaced_on: Mapped[date | None]
    replaced_why: Mapped[str] = mapped_column(default="")
    rated_at: Mapped[datetime | None]
    """When somebody last set the rule aside, or let it hold again."""
    source: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    programme: Mapped[Programme] = relationship()
    measure: Mapped[Measure | None] = relationship()
    replaced_by: Mapped["Aim | None"] = relationship(remote_side="Aim.id")


class RatingOverride(Base):
    """Somebody rated an aim otherwise than the rule does, from a day on, and said why."""

    __tablename__ = "rating_override"

    id: Mapped[Id]
    aim_id: Mapped[int] = mapped_column(
        ForeignKey("programme_aim.id", ondelete="CASCADE"), index=True
    )
    rating: Mapped[Rating | None]
    """None: the rule holds again."""
    by_rule: Mapped[Rating]
    """What the rule said then."""
    why: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    aim: Mapped[Aim] = relationship()
    by: Mapped[User | None] = relationship()
