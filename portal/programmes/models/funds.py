"""Money that a programme gives: rounds, what sites apply for through a network, what they get."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import now
from portal.db import Base, Id, LabelledEnum, Versioned
from portal.programmes.models.programmes import Programme
from portal.reference.models import Hin


class FundRound(Base):
    """A call for applications between two days."""

    __tablename__ = "fund_round"
    __table_args__ = (UniqueConstraint("programme_id", "name"),)

    id: Mapped[Id]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    name: Mapped[str]
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    """The last day on which a site may apply."""
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    programme: Mapped[Programme] = relationship()
    applications: Mapped[list["FundApplication"]] = relationship(
        order_by="FundApplication.id", back_populates="round"
    )


class ApplicationState(LabelledEnum):
    """What came of an application."""

    APPLIED = "applied", "Waiting"
    AWARDED = "awarded", "Awarded"
    REFUSED = "refused", "Refused"


class FundApplication(Versioned, Base):
    """A site asks for money through its network; all amounts are whole pounds."""

    __tablename__ = "fund_application"

    id: Mapped[Id]
    round_id: Mapped[int] = mapped_column(
        ForeignKey("fund_round.id", ondelete="CASCADE"), index=True
    )
    hin_id: Mapped[int] = mapped_column(ForeignKey("hin.id"), index=True)
    site: Mapped[str]
    """Who applies, as it is called."""
    theme: Mapped[str]
    asked: Mapped[int]
    """Whole pounds."""
    words: Mapped[str] = mapped_column(default="")
    state: Mapped[ApplicationState] = mapped_column(default=ApplicationState.APPLIED)
    awarded: Mapped[int | None]
    """Whole pounds; None until it is decided, and where it was refused."""
    decided_on: Mapped[date | None]
    decided_why: Mapped[str] = mapped_column(default="")
    spent: Mapped[int | None]
    """Of the award, so far; None while nobody said."""
    outcome: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    round: Mapped[FundRound] = relationship(back_populates="applications")
    hin: Mapped[Hin] = relationship()
