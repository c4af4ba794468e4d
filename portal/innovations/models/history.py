"""What is dated of a record: any past day can be told again from these rows."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.clock import now
from portal.db import Base, Id
from portal.innovations.models.record import RecordStatus, Sharing
from portal.reference.models import Hin, Term


class StageChange(Base):
    """The record reached a stage of development. Any past day can be recomputed from these."""

    __tablename__ = "stage_change"
    # All that a figure of a past day reads: it is found without the row itself.
    __table_args__ = (Index(None, "innovation_id", "at", "id", "stage_id"),)

    id: Mapped[Id]
    innovation_id: Mapped[int] = mapped_column(ForeignKey("innovation.id", ondelete="CASCADE"))
    stage_id: Mapped[int] = mapped_column(ForeignKey("term.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    why: Mapped[str] = mapped_column(default="")

    stage: Mapped[Term] = relationship()


class StatusChange(Base):
    """The record was registered, submitted, archived or brought back."""

    __tablename__ = "status_change"
    __table_args__ = (Index(None, "innovation_id", "at", "id", "status"),)

    id: Mapped[Id]
    innovation_id: Mapped[int] = mapped_column(ForeignKey("innovation.id", ondelete="CASCADE"))
    status: Mapped[RecordStatus]
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    why: Mapped[str] = mapped_column(default="")


class SharingChange(Base):
    """The owner chose who may see the record: figures as at a past day need what held then."""

    __tablename__ = "sharing_change"
    __table_args__ = (Index(None, "innovation_id", "at"),)

    id: Mapped[Id]
    innovation_id: Mapped[int] = mapped_column(ForeignKey("innovation.id", ondelete="CASCADE"))
    sharing: Mapped[Sharing]
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class ProvenStatus(Base):
    """HIN staff verified the record against the coded rules: who, when, until when."""

    __tablename__ = "proven_status"

    id: Mapped[Id]
    innovation_id: Mapped[int] = mapped_column(
        ForeignKey("innovation.id", ondelete="CASCADE"), index=True
    )
    hin_id: Mapped[int] = mapped_column(ForeignKey("hin.id"))
    verified_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    verified_at: Mapped[datetime] = mapped_column(default=now)
    valid_until: Mapped[date]
    findings: Mapped[list[Any]]
    """Each rule with whether it was met and by which row, as it was on the day."""
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    withdrawn_why: Mapped[str] = mapped_column(default="")

    hin: Mapped[Hin] = relationship()
    verified_by: Mapped[User] = relationship(foreign_keys=[verified_by_id])
