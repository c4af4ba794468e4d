"""Whom an identity provider says that a person is, and which of its answers were used."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.clock import now
from portal.db import Base, Id


class Identity(Base):
    """A person is known to an identity provider: issuer and subject, never an address."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    provider: Mapped[str]
    """The provider's name in the settings, for its label."""
    issuer: Mapped[str]
    subject: Mapped[str]
    """The provider's own number of the person; at Microsoft Entra `oid`, which every application
    of the tenant sees alike."""
    linked_at: Mapped[datetime] = mapped_column(default=now)
    used_at: Mapped[datetime | None]
    """When they signed in with it last."""


class UsedState(Base):
    """An answer of a provider that has been taken: it cannot be taken again."""

    __tablename__ = "used_state"

    state_hash: Mapped[str] = mapped_column(primary_key=True)
    """SHA-256 of the random `state` of the request that it answers."""
    used_at: Mapped[datetime] = mapped_column(default=now, index=True)
