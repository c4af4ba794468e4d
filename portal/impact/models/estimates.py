"""Modelled effects: what an evaluation or a model says was avoided, saved or gained."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.clock import now
from portal.db import Base, Id, LabelledEnum, Versioned
from portal.innovations.models import Innovation
from portal.programmes.models import Programme, ProgrammeValue


class Effect(LabelledEnum):
    """What a model estimates; its label is the unit as people read it after a number."""

    BED_DAYS = "bed_days", "bed days avoided"
    ADMISSIONS = "admissions", "admissions avoided"
    CALLS = "calls", "calls avoided"
    APPOINTMENTS = "appointments", "appointments not needed"
    STAFF_HOURS = "staff_hours", "staff hours saved"
    LIVES = "lives", "lives saved"
    CARBON = "carbon", "tonnes of carbon dioxide equivalent avoided"
    POUNDS = "pounds", "pounds saved"
    POUNDS_PER_SITE = "pounds_per_site", "pounds saved at each site"


class Cash(LabelledEnum):
    """Whether an effect leaves money to spend on something else."""

    RELEASES = "releases", "Releases cash"
    NOT = "not", "Releases no cash"
    NOT_STATED = "not_stated", "Not stated"


class Estimate(Versioned, Base):
    """A modelled effect of a programme or an innovation, with what it rests on. Never added to
    what was counted."""

    __tablename__ = "estimate"
    __table_args__ = (
        Index(None, "programme_id", "effect"),
        CheckConstraint("programme_id IS NOT NULL OR innovation_id IS NOT NULL", name="subject"),
    )

    id: Mapped[Id]
    code: Mapped[str | None] = mapped_column(unique=True)
    """Its number in the portal's files; None for what is entered here."""
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    """Of which programme; None where it is of an innovation alone."""
    innovation_id: Mapped[int | None] = mapped_column(
        ForeignKey("innovation.id", ondelete="CASCADE"), index=True
    )
    """Of which innovation; None where it is of a programme alone."""
    effect: Mapped[Effect]
    value_id: Mapped[int | None] = mapped_column(
        ForeignKey("programme_value.id", ondelete="SET NULL")
    )
    """The published value that it is: number, qualifier and period are read there."""
    value: Mapped[float | None]
    """Its number where it is no published value."""
    low: Mapped[float | None]
    """The least that it may be, in the same unit."""
    high: Mapped[float | None]
    """The most that it may be, in the same unit."""
    model: Mapped[str]
    """How it was worked out, in words."""
    evaluator: Mapped[str] = mapped_column(default="")
    baseline: Mapped[str] = mapped_column(default="")
    """What it is compared with."""
    period: Mapped[str] = mapped_column(default="")
    sites: Mapped[int | None]
    """At how many sites; None where nobody says."""
    cash: Mapped[Cash] = mapped_column(default=Cash.NOT_STATED)
    document: Mapped[str] = mapped_column(default="")
    link: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    """What is unsure or contradicts another number: it is shown beside the number."""
    scaled_sites: Mapped[int | None]
    """To how many sites the result was scaled, or could be."""
    scaled_value_id: Mapped[int | None] = mapped_column(
        ForeignKey("programme_value.id", ondelete="SET NULL")
    )
    """What was published as the scaled result."""
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    programme: Mapped[Programme | None] = relationship()
    innovation: Mapped[Innovation | None] = relationship()
    published: Mapped[ProgrammeValue | None] = relationship(foreign_keys=[value_id])
    scaled: Mapped[ProgrammeValue | None] = relationship(foreign_keys=[scaled_value_id])
    choices: Mapped[list["EstimateChoice"]] = relationship(
        order_by="EstimateChoice.id", back_populates="estimate", cascade="all, delete-orphan"
    )

    @property
    def subject(self) -> str:
        """What it is of, by name: "Thopaz+ in Chest drains everywhere"."""
        names = [one.name for one in (self.innovation, self.programme) if one is not None]
        return " in ".join(names)

    @property
    def number(self) -> float | None:
        """What it estimates, in the unit of its effect."""
        return self.published.value if self.published else self.value

    @property
    def when(self) -> str:
        """For which time."""
        return self.published.period if self.published else self.period


class EstimateChoice(Base):
    """Somebody chose which of several estimates of one effect is in use, and why: the newest of
    them tells. Append-only."""

    __tablename__ = "estimate_choice"

    id: Mapped[Id]
    estimate_id: Mapped[int] = mapped_column(
        ForeignKey("estimate.id", ondelete="CASCADE"), index=True
    )
    why: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    estimate: Mapped[Estimate] = relationship(back_populates="choices")
    by: Mapped[User | None] = relationship()
