"""What an evaluation programme looks into: priorities, interventions mapped to them, syntheses.

Awards for evaluations are the programme's fund (`models.funds`).
"""

from datetime import date, datetime

from sqlalchemy import Column, ForeignKey, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import now
from portal.db import Base, Id, LabelledEnum, Versioned
from portal.innovations.models import Innovation
from portal.programmes.models.programmes import Programme
from portal.reference.models import Hin

intervention_priority = Table(
    "intervention_priority",
    Base.metadata,
    Column("intervention_id", ForeignKey("intervention.id", ondelete="CASCADE"), primary_key=True),
    Column(
        "priority_id",
        ForeignKey("evaluation_priority.id", ondelete="CASCADE"),
        primary_key=True,
        index=True,
    ),
)
"""To which priorities an intervention was mapped."""


class EvaluationPriority(Base):
    """A question or theme to which research and evaluation are matched."""

    __tablename__ = "evaluation_priority"
    __table_args__ = (UniqueConstraint("programme_id", "name"),)

    id: Mapped[Id]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    name: Mapped[str]
    words: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    programme: Mapped[Programme] = relationship()


class Intervention(Versioned, Base):
    """A way of working that was found and may be evaluated."""

    __tablename__ = "intervention"
    __table_args__ = (UniqueConstraint("programme_id", "name"),)

    id: Mapped[Id]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    name: Mapped[str]
    words: Mapped[str] = mapped_column(default="")
    hin_id: Mapped[int | None] = mapped_column(ForeignKey("hin.id"), index=True)
    """The network that found it; None where the programme as a whole did."""
    innovation_id: Mapped[int | None] = mapped_column(
        ForeignKey("innovation.id", ondelete="SET NULL"), index=True
    )
    """Its record, where it has one."""
    source: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    programme: Mapped[Programme] = relationship()
    hin: Mapped[Hin | None] = relationship()
    innovation: Mapped[Innovation | None] = relationship()
    priorities: Mapped[list[EvaluationPriority]] = relationship(
        secondary=intervention_priority, order_by=EvaluationPriority.id
    )
    syntheses: Mapped[list["Synthesis"]] = relationship(
        order_by="Synthesis.id", back_populates="intervention"
    )


class SynthesisState(LabelledEnum):
    """How far a synthesis of evidence has come."""

    PLANNED = "planned", "Planned"
    UNDER_WAY = "under_way", "Under way"
    DONE = "done", "Done"
    STOPPED = "stopped", "Stopped"


class SynthesisResult(LabelledEnum):
    """What the evidence says, taken together."""

    WORKS = "works", "Evidence that it works"
    PROMISING = "promising", "Promising, more evidence is needed"
    UNCLEAR = "unclear", "Evidence is mixed or missing"
    NO_EFFECT = "no_effect", "No effect, or harm"


class Synthesis(Versioned, Base):
    """What is known of an intervention is brought together."""

    __tablename__ = "synthesis"

    id: Mapped[Id]
    intervention_id: Mapped[int] = mapped_column(
        ForeignKey("intervention.id", ondelete="CASCADE"), index=True
    )
    title: Mapped[str]
    state: Mapped[SynthesisState] = mapped_column(default=SynthesisState.PLANNED)
    result: Mapped[SynthesisResult | None]
    """Only of one that is done."""
    words: Mapped[str] = mapped_column(default="")
    link: Mapped[str] = mapped_column(default="")
    done_on: Mapped[date | None]
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    intervention: Mapped[Intervention] = relationship(back_populates="syntheses")
