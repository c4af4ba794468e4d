"""The figures of a quarter, kept as they stood when somebody froze them."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.clock import now
from portal.db import Base, Id
from portal.reference.models import Hin


class FigureFreeze(Base):
    """A quarter's figures were frozen: once, after it ended."""

    __tablename__ = "figure_freeze"

    id: Mapped[Id]
    quarter_on: Mapped[date] = mapped_column(unique=True)
    """The quarter's first day."""
    frozen_at: Mapped[datetime] = mapped_column(default=now)
    frozen_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    frozen_by: Mapped[User | None] = relationship()
    figures: Mapped[list["FrozenFigure"]] = relationship(
        order_by="FrozenFigure.id", cascade="all, delete-orphan"
    )


class FrozenFigure(Base):
    """One number of a frozen quarter."""

    __tablename__ = "frozen_figure"
    __table_args__ = (Index(None, "freeze_id", "measure"),)

    id: Mapped[Id]
    freeze_id: Mapped[int] = mapped_column(ForeignKey("figure_freeze.id", ondelete="CASCADE"))
    measure: Mapped[str]
    """The code of its definition in `rules.figures`."""
    hin_id: Mapped[int | None] = mapped_column(ForeignKey("hin.id"))
    """None for the nation's."""
    group: Mapped[str] = mapped_column(default="")
    """What of the measure: a level, a kind, a care setting; "" for the whole."""
    value: Mapped[float]
    """The number as it was, in the unit of its figure."""

    hin: Mapped[Hin | None] = relationship()


class FigureChange(Base):
    """When rows of a table were last changed: a mark that no other change of any table has."""

    __tablename__ = "figure_change"

    table_name: Mapped[str] = mapped_column(primary_key=True)
    mark: Mapped[str]
    """Random, so that a mark of a change that was taken back, or of a restored backup, never
    comes again."""
