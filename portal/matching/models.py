"""Stored suggestions: what the matcher found for a challenge, and why."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.challenges.models import Challenge
from portal.db import Base, Id, now
from portal.innovations.models import Innovation


class MatchRun(Base):
    """The newest matching of one challenge: when, by which engine, over how many innovations."""

    __tablename__ = "match_run"

    challenge_id: Mapped[int] = mapped_column(
        ForeignKey("challenge.id", ondelete="CASCADE"), primary_key=True
    )
    matched_at: Mapped[datetime] = mapped_column(default=now)
    engine_version: Mapped[str]
    considered: Mapped[int]


class Suggestion(Base):
    """A challenge × innovation pair with its score and the reasons for it."""

    __tablename__ = "suggestion"
    __table_args__ = (
        UniqueConstraint("challenge_id", "innovation_id"),
        Index(None, "challenge_id", "rank"),
    )

    id: Mapped[Id]
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id", ondelete="CASCADE"))
    innovation_id: Mapped[int] = mapped_column(
        ForeignKey("innovation.id", ondelete="CASCADE"), index=True
    )
    rank: Mapped[int]
    """1 is best."""
    score: Mapped[float]
    """0 to 1: comparable within one challenge only."""
    reasons: Mapped[dict[str, Any]]
    """The words and facets that made the score, as `engine.Reasons` in JSON."""
    engine_version: Mapped[str]
    matched_at: Mapped[datetime] = mapped_column(default=now)

    challenge: Mapped[Challenge] = relationship()
    innovation: Mapped[Innovation] = relationship()
