"""What is published of an integrated care system: its strategies, priorities and work."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Numeric, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import PartialDate, Precision, now
from portal.db import Base, Id, LabelledEnum, Versioned
from portal.reference.models import Ics


class FactKind(LabelledEnum):
    """What a fact tells of an area."""

    STRATEGY = "strategy", "Strategy"
    PRIORITY = "priority", "Priority"
    PROJECT = "project", "Work"


class Confidence(LabelledEnum):
    """How sure it is that the source has it so."""

    HIGH = "high", "Sure"
    MEDIUM = "medium", "Fairly sure"
    LOW = "low", "Not sure"


class AreaFact(Versioned, Base):
    """One thing that is published of an area, with who says it and since when.

    What a source says comes with the product's files. What the area's own people said or changed
    is its own word: files leave it alone, and what it said before stands in the trail.
    """

    __tablename__ = "area_fact"

    id: Mapped[Id]
    code: Mapped[str | None] = mapped_column(unique=True)
    """Its name in the files; None for what the area's people added."""
    ics_id: Mapped[int] = mapped_column(ForeignKey("ics.id"), index=True)
    kind: Mapped[FactKind]
    position: Mapped[int]

    words: Mapped[str]
    """The strategy's or the work's name; a priority whole."""
    more: Mapped[str] = mapped_column(default="")
    """What it is, in a sentence."""
    state: Mapped[str] = mapped_column(default="")
    """Where a strategy stands: "under review"."""
    from_on: Mapped[date | None]
    """The first day of its horizon, as far as `from_precision` knows it."""
    from_precision: Mapped[Precision] = mapped_column(default=Precision.DAY)
    until_on: Mapped[date | None]
    """The last day of its horizon."""
    until_precision: Mapped[Precision] = mapped_column(default=Precision.DAY)
    value: Mapped[Decimal | None] = mapped_column(Numeric(16, 4))
    """A number of the work; what it counts, its unit and its period stand beside it."""
    qualifier: Mapped[str] = mapped_column(default="")
    """"more than", where the number is no exact one."""
    unit: Mapped[str] = mapped_column(default="")
    counts: Mapped[str] = mapped_column(default="")
    """What the number counts."""
    period: Mapped[str] = mapped_column(default="")
    partners: Mapped[str] = mapped_column(default="")
    link: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    """What is left out, or unsure."""

    source: Mapped[str] = mapped_column(default="")
    """Where it was published; "" for the area's own word."""
    source_on: Mapped[date | None]
    source_precision: Mapped[Precision] = mapped_column(default=Precision.DAY)
    confidence: Mapped[Confidence | None]
    """Of a source's; None for the area's own word."""
    is_own: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The area's own people said it or changed it: loading the files leaves it alone."""
    changed_at: Mapped[datetime] = mapped_column(default=now)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    withdrawn_at: Mapped[datetime | None]
    """The area's people took it off the page: loading the files does not bring it back."""

    ics: Mapped[Ics] = relationship()

    @property
    def begins(self) -> PartialDate | None:
        """Return when its horizon begins, as far as that is known."""
        return PartialDate(self.from_on, self.from_precision) if self.from_on else None

    @property
    def ends(self) -> PartialDate | None:
        """Return when its horizon ends, as far as that is known."""
        return PartialDate(self.until_on, self.until_precision) if self.until_on else None

    @property
    def published(self) -> PartialDate | None:
        """Return when the source was published, as far as that is known."""
        return PartialDate(self.source_on, self.source_precision) if self.source_on else None
