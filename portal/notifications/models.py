"""What people are told: their in-app inbox, and the emails waiting to be posted."""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.clock import now
from portal.db import Base, Id

MAX_ATTEMPTS = 16
"""How often an email is tried: with the pauses between, over nearly two days."""
LONGEST_PAUSE = timedelta(hours=6)
"""How long an email waits at most before it is tried again, give or take a quarter."""


class Notification(Base):
    """One line in one person's inbox."""

    __tablename__ = "notification"
    __table_args__ = (Index(None, "user_id", "at"),)

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    subject: Mapped[str]
    body: Mapped[str]
    url: Mapped[str]
    """A path inside the portal, where the person can act."""
    read_at: Mapped[datetime | None]


class Email(Base):
    """An email written in the transaction of the change it tells of; a job posts it later."""

    __tablename__ = "email"

    id: Mapped[Id]
    address: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    """Until it is sent; then nothing, as it may hold a link that lets its reader in."""
    queued_at: Mapped[datetime] = mapped_column(default=now)
    sent_at: Mapped[datetime | None] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    """Why the last attempt failed."""
    next_at: Mapped[datetime | None]
    """Before this moment it is not tried again."""
