"""What an innovation has reached, as HIN staff saw it."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.db import Base, Id, now
from portal.innovations.models import Innovation
from portal.reference.models import Hin, Term


class MilestoneReached(Base):
    """A milestone of the catalogue (vocabulary `milestone`) was reached on a day.

    One that was ticked in error is taken back: the row stays, with who took it back and why.
    """

    __tablename__ = "milestone_reached"
    __table_args__ = (
        Index(
            "uq_milestone_reached_standing",
            "innovation_id",
            "milestone_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
        Index(None, "innovation_id"),
    )

    id: Mapped[Id]
    innovation_id: Mapped[int] = mapped_column(ForeignKey("innovation.id", ondelete="CASCADE"))
    milestone_id: Mapped[int] = mapped_column(ForeignKey("term.id"))
    hin_id: Mapped[int] = mapped_column(ForeignKey("hin.id"))
    on: Mapped[date]
    """The day on which it was reached."""
    evidence: Mapped[str]
    """What shows it: read by staff and the innovator's side."""
    link: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    undone_why: Mapped[str] = mapped_column(default="")

    innovation: Mapped[Innovation] = relationship()
    milestone: Mapped[Term] = relationship()
    hin: Mapped[Hin] = relationship()
    by: Mapped[User | None] = relationship(foreign_keys=[by_id])
