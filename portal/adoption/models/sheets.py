"""A network's update of a quarter: a row for each site and product, and how the sheet stands."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.adoption.models.lists import ONE_SUBJECT, EligibleList, HasSubject
from portal.clock import now
from portal.db import Base, Id, LabelledEnum, Versioned
from portal.innovations.models import Adoption, AdoptionState, Innovation
from portal.reference.models import HasDueDate, Hin, Site, Term
from portal.reference.rules import Quarter


class SheetState(LabelledEnum):
    """Where a sheet stands."""

    OPEN = "open", "Draft"
    SUBMITTED = "submitted", "Submitted"
    ASKED = "asked", "Changes requested"
    ACCEPTED = "accepted", "Accepted"


class Sheet(HasSubject, HasDueDate, Versioned, Base):
    """What a network says of its sites at the end of a quarter, for one innovation or group."""

    __tablename__ = "adoption_sheet"
    __table_args__ = (
        CheckConstraint(ONE_SUBJECT, name="one_subject"),
        Index(
            "uq_adoption_sheet_one",
            "hin_id",
            "list_id",
            "quarter_on",
            unique=True,
        ),
    )

    id: Mapped[Id]
    hin_id: Mapped[int] = mapped_column(ForeignKey("hin.id"))
    list_id: Mapped[int] = mapped_column(
        ForeignKey("eligible_list.id", ondelete="CASCADE"), index=True
    )
    """Whose places are its rows."""
    quarter_on: Mapped[date]
    """The quarter's first day."""
    state: Mapped[SheetState] = mapped_column(default=SheetState.OPEN)
    opened_at: Mapped[datetime] = mapped_column(default=now)
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    submitted_at: Mapped[datetime | None]
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reviewed_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reminded_at: Mapped[datetime | None]
    """When the network was told that it is overdue: once."""
    asked: Mapped[str] = mapped_column(default="", server_default=sql("''"))
    """What the reviewer asked, last."""

    hin: Mapped[Hin] = relationship()
    eligible: Mapped[EligibleList] = relationship()
    submitted_by: Mapped[User | None] = relationship(foreign_keys=[submitted_by_id])

    @property
    def quarter(self) -> Quarter:
        """Return the quarter that it tells of."""
        return Quarter(self.quarter_on)


class SheetRow(Base):
    """What is said of one site and product on a sheet; nothing yet while it has no state and is
    not marked as unchanged. Saved one by one: the second to save a row that somebody changed
    meanwhile is told (`version`)."""

    __tablename__ = "adoption_sheet_row"
    __table_args__ = (UniqueConstraint("sheet_id", "site_id", "innovation_id"),)

    id: Mapped[Id]
    sheet_id: Mapped[int] = mapped_column(ForeignKey("adoption_sheet.id", ondelete="CASCADE"))
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), index=True)
    innovation_id: Mapped[int] = mapped_column(
        ForeignKey("innovation.id", ondelete="CASCADE"), index=True
    )
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[AdoptionState | None]
    reason_id: Mapped[int | None] = mapped_column(ForeignKey("term.id"))
    funding_id: Mapped[int | None] = mapped_column(ForeignKey("term.id"))
    note: Mapped[str] = mapped_column(default="", server_default=sql("''"))
    is_unchanged: Mapped[bool] = mapped_column(default=False, server_default=false())
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    saved_at: Mapped[datetime | None]
    adoption_id: Mapped[int | None] = mapped_column(ForeignKey("adoption.id", ondelete="SET NULL"))
    """The dated row that it became."""
    money_id: Mapped[int | None] = mapped_column(
        ForeignKey("adoption_funding.id", ondelete="SET NULL")
    )

    site: Mapped[Site] = relationship()
    innovation: Mapped[Innovation] = relationship()
    reason: Mapped[Term | None] = relationship(foreign_keys=[reason_id])
    funding: Mapped[Term | None] = relationship(foreign_keys=[funding_id])
    by: Mapped[User | None] = relationship()
    adoption: Mapped[Adoption | None] = relationship()

    @property
    def is_filled(self) -> bool:
        """Whether anything is said of the site."""
        return self.is_unchanged or self.state is not None
