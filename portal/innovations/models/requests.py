"""What others ask of those who own a record."""

import enum
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation, User
from portal.clock import now
from portal.db import Base, Id
from portal.innovations.models.record import Innovation
from portal.reference.models import HasDueDate


class SharingAnswer(enum.StrEnum):
    """What came of a request to share a record."""

    SHARED = "shared"
    DECLINED = "declined"


class SharingRequest(HasDueDate, Base):
    """A HIN or the national team asks that ICSs may see a record; `due_on` is when an answer is
    hoped for. At most one is open for a record: what two HINs want is the same."""

    __tablename__ = "sharing_request"
    __table_args__ = (
        Index(
            "ix_sharing_request_open",
            "innovation_id",
            unique=True,
            sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    innovation_id: Mapped[int] = mapped_column(
        ForeignKey("innovation.id", ondelete="CASCADE"), index=True
    )
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    """Which organisation asks."""
    asked_at: Mapped[datetime] = mapped_column(default=now)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    reminded_on: Mapped[date | None]
    """When those who decide were reminded of it: once, however long it waits."""
    answer: Mapped[SharingAnswer | None]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    innovation: Mapped[Innovation] = relationship()
    organisation: Mapped[Organisation] = relationship()
    asked_by: Mapped[User] = relationship(foreign_keys=[asked_by_id])
