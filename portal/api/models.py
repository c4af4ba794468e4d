"""What changed when, for programs that keep a copy, and what they sent once already."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

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
