"""Tokens with which a person's programs ask the API."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Membership, User
from portal.clock import now
from portal.db import Base, Id, LabelledEnum


class TokenScope(LabelledEnum):
    """What a token may be used for."""

    READ = "read", "Read", "What you may see yourself in this role"
    INTERACTIONS = "interactions", "Log interactions", "With innovations that your network supports"
    IMPORTS = "imports", "Bring files in", "As its page has it; nothing before you say so"
    MEASURES = "measures", "Enter what was counted", "In measures over time, where you may"
    STAGES = "stages", "Change the stage of development", "Of innovations that you may edit"


class ApiToken(Base):
    """A token: it acts as its person in one membership, and dies with either."""

    __tablename__ = "api_token"
    __table_args__ = (UniqueConstraint("token_hash"),)

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"), index=True)
    name: Mapped[str]
    """What its person calls it: where it is used."""
    token_hash: Mapped[str]
    """SHA-256; the token itself is shown once and kept nowhere."""
    scopes: Mapped[list[Any]]
    """Values of `TokenScope`."""
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    """When it was last used, exact to `rules.TOKEN_SEEN_EVERY`."""
    factor_elsewhere: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether its person was signed in by a service that had asked for a second factor."""
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    user: Mapped[User] = relationship(foreign_keys=[user_id])
    membership: Mapped[Membership] = relationship()

    @property
    def allowed(self) -> frozenset[TokenScope]:
        """Return what it may be used for."""
        return frozenset(TokenScope(scope) for scope in self.scopes)
