"""What happened on a day and is told for years: milestones, agreements, awards, events held."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import PartialDate, Precision, now
from portal.db import Base, Id, LabelledEnum
from portal.programmes.models import Programme
from portal.reference.models import Hin


class EventKind(LabelledEnum):
    """What it is that happened."""

    MILESTONE = "milestone", "Milestone"
    AGREEMENT = "agreement", "Agreement"
    AWARD = "award", "Award won"
    HELD = "held", "Event held"


class ImpactEvent(Base):
    """One thing that happened, of a network or of all together. Append-only: what was wrong is
    withdrawn with a reason and entered anew."""

    __tablename__ = "impact_event"
    __table_args__ = (
        Index(None, "kind", "on"),
        CheckConstraint("people IS NULL OR people >= 0", name="people"),
    )

    id: Mapped[Id]
    kind: Mapped[EventKind]
    title: Mapped[str]
    on: Mapped[date]
    """The day; of a month or a year its first."""
    on_precision: Mapped[Precision] = mapped_column(default=Precision.DAY)
    hin_id: Mapped[int | None] = mapped_column(ForeignKey("hin.id"), index=True)
    """None: of the networks together."""
    programme_id: Mapped[int | None] = mapped_column(
        ForeignKey("programme.id", ondelete="SET NULL"), index=True
    )
    other: Mapped[str] = mapped_column(default="")
    """With whom it was agreed, who gave the award, or who held the event too."""
    people: Mapped[int | None]
    """How many took part in an event; None for what is no event."""
    source: Mapped[str] = mapped_column(default="")
    link: Mapped[str] = mapped_column(default="")
    is_demo: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    withdrawn_why: Mapped[str] = mapped_column(default="")

    hin: Mapped[Hin | None] = relationship()
    programme: Mapped[Programme | None] = relationship()

    @property
    def day(self) -> PartialDate:
        """The date as far as it is known."""
        return PartialDate(self.on, self.on_precision)
