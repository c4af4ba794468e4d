"""What people are told: their in-app inbox, the emails waiting to be posted, what they chose."""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, text, true
from sqlalchemy.orm import Mapped, mapped_column

from portal.clock import now
from portal.db import Base, Id, LabelledEnum

MAX_ATTEMPTS = 16
"""How often an email is tried: with the pauses between, over nearly two days."""
LONGEST_PAUSE = timedelta(hours=6)
"""How long an email waits at most before it is tried again, give or take a quarter."""


class Kind(LabelledEnum):
    """What a message is to who gets it."""

    ACCOUNT = "account", "Your account", "Signing in, security and whom you act for"
    ASKED = "asked", "What is asked of you", "New work, questions, and days that come near or pass"
    ANSWERS = (
        "answers",
        "Answers and decisions",
        "What became of what you asked for, and of your records, challenges and answers",
    )
    MESSAGES = "messages", "Messages", "Somebody wrote where you take part"
    CHANGES = "changes", "Changes", "News of what you look after or follow"
    NEWS = "news", "New matches and searches", "Also the figures of views that you saved"
    EXCHANGE = (
        "exchange",
        "New on the Exchange",
        "What is published of the topics, areas and kinds that you follow",
    )
    MONDAY = "monday", "Monday summary", "What is asked of you and what waited, in one email"
    DAY = "day", "Daily summary", "What waited for the day, in one email"


class Rhythm(LabelledEnum):
    """When a message goes out by email."""

    NOW = "now", "At once"
    DAILY = "daily", "Once a day, in one email"
    WEEKLY = "weekly", "On Mondays, in one email"
    NEVER = "never", "Never"


class Notification(Base):
    """One thing that one person is told."""

    __tablename__ = "notification"
    __table_args__ = (
        Index(None, "user_id", "at"),
        Index("ix_notification_waiting", "rhythm", "posted_at", "user_id"),
    )

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    subject: Mapped[str]
    body: Mapped[str]
    url: Mapped[str]
    """A path inside the portal, where the person can act."""
    read_at: Mapped[datetime | None]
    kind: Mapped[Kind] = mapped_column(default=Kind.ASKED, server_default="asked")
    is_shown: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Whether it stands in the inbox; else it only waits to be posted."""
    rhythm: Mapped[Rhythm] = mapped_column(default=Rhythm.NOW, server_default="now")
    """How the person wanted its kind by email when they were told."""
    posted_at: Mapped[datetime | None]
    """When an email that holds what waited was written; None for what was posted at once."""


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
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    """Whose account it is to; None for an address that has none, or that is to be proven."""
    kind: Mapped[Kind] = mapped_column(default=Kind.ACCOUNT, server_default="account")
    root: Mapped[str] = mapped_column(default="", server_default=text("''"))
    """The address of the service when it was written; "" where the text holds it already."""


class Choice(Base):
    """How one person wants one kind of message; without a row the usual holds."""

    __tablename__ = "notification_choice"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[Kind] = mapped_column(primary_key=True)
    rhythm: Mapped[Rhythm]
    is_shown: Mapped[bool] = mapped_column(default=True)


class Mute(Base):
    """One thing of which a person wants no more news."""

    __tablename__ = "notification_mute"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    page: Mapped[str] = mapped_column(primary_key=True, index=True)
    """As `rules.page_of` gives it."""
    subject: Mapped[str]
    """What the last message about it was called."""
    at: Mapped[datetime] = mapped_column(default=now)


class StoppedAddress(Base):
    """An address whose mail server refused it for good: nothing but links to sign in goes there."""

    __tablename__ = "stopped_address"

    address: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
