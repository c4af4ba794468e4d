"""What the room keeps: days that were set, what the nightly clearing did, copies that were made."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.clock import now
from portal.db import Base, Id, Versioned


class RetentionDays(Versioned, Base):
    """Another length than the rule's own, set by an administrator."""

    __tablename__ = "retention_days"

    code: Mapped[str] = mapped_column(primary_key=True)
    days: Mapped[int]
    """For how many days it is kept."""


class RetentionRun(Base):
    """What one rule did on one night."""

    __tablename__ = "retention_run"

    id: Mapped[Id]
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    code: Mapped[str]
    days: Mapped[int]
    """After how many days it went."""
    done: Mapped[int]
    """How many rows were deleted or emptied."""
    longest_ms: Mapped[int]
    """The longest of its write transactions, in milliseconds."""


class DataCopy(Base):
    """A copy of everything held about a person, to be fetched while it is kept."""

    __tablename__ = "data_copy"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime] = mapped_column(default=now)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    stored: Mapped[str] = mapped_column(unique=True)
    size: Mapped[int]
