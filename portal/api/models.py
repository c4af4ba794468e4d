"""What changed when, for programs that keep a copy, and what they sent once already."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Membership, User
from portal.clock import now
from portal.db import Base, Id, LabelledEnum


class ChangedNoun(LabelledEnum):
    """What the feed of changes tells of."""

    INNOVATION = "innovation", "Innovation"
    CHALLENGE = "challenge", "Challenge"


class ApiChange(Base):
    """A record or challenge changed or went. Rows are only added; their ids rise in the order in
    which the changes were committed."""

    __tablename__ = "api_change"
    __table_args__ = (Index(None, "noun", "noun_id"),)

    id: Mapped[Id]
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    noun: Mapped[ChangedNoun]
    noun_id: Mapped[int]
    """Its number, also when it is gone."""
    readers: Mapped[list[Any]]
    """The labels of those who might see it before the change (`api.rules`): whoever has one of them
    and sees it no more is told to forget it."""


class ApiRequest(Base):
    """A request that a program marked by a key of its own, so that it counts once."""

    __tablename__ = "api_request"

    key_hash: Mapped[str] = mapped_column(primary_key=True)
    """SHA-256 of the number of the token and its key."""
    content_hash: Mapped[str]
    """SHA-256 of what was sent."""
    made_id: Mapped[int | None]
    """The number of the interaction that it logged."""
    at: Mapped[datetime] = mapped_column(default=now, index=True)


class WebhookEvent(LabelledEnum):
    """What a webhook may tell of."""

    CHALLENGE = "challenge.opened", "A challenge was opened"
    PROVEN = "innovation.proven", "An innovation was verified as proven"
    INTRODUCTION = "introduction.changed", "An introduction was asked for, or moved on"


TEST = "test"
"""The event of a message that its person asked for, to try it."""


class Webhook(Base):
    """An address to which a person lets the portal send what happens, as far as they may see it in
    the membership for which they made it."""

    __tablename__ = "webhook"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    url: Mapped[str]
    events: Mapped[list[Any]]
    """Values of `WebhookEvent`."""
    salt: Mapped[str]
    """Of which, with the service's own secret, the key is made that signs its messages."""
    created_at: Mapped[datetime] = mapped_column(default=now)
    failures: Mapped[int] = mapped_column(default=0)
    """How many messages in a row never arrived."""
    stopped_at: Mapped[datetime | None]
    """Since when nothing is sent any more, because too much did not arrive."""

    user: Mapped[User] = relationship()
    membership: Mapped[Membership] = relationship()
    messages: Mapped[list["WebhookMessage"]] = relationship(
        order_by="WebhookMessage.id.desc()", cascade="all, delete-orphan", passive_deletes=True
    )


class WebhookMessage(Base):
    """One message to one address, and how it went."""

    __tablename__ = "webhook_message"

    id: Mapped[Id]
    webhook_id: Mapped[int] = mapped_column(
        ForeignKey("webhook.id", ondelete="CASCADE"), index=True
    )
    number: Mapped[str] = mapped_column(unique=True)
    """Its `webhook-id`: the same however often it is sent."""
    event: Mapped[str]
    body: Mapped[str]
    """Exactly what is signed and sent."""
    created_at: Mapped[datetime] = mapped_column(default=now)
    attempts: Mapped[int] = mapped_column(default=0)
    """How often it was sent."""
    next_at: Mapped[datetime | None] = mapped_column(default=now, index=True)
    """When it is tried next; None once it arrived or was given up."""
    sent_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(default="", server_default=text("''"))
    """What came of the last attempt: "200", "404", "no answer"."""

    webhook: Mapped[Webhook] = relationship(back_populates="messages")
