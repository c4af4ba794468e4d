"""Stored suggestions: what the matcher found for a challenge, and why."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.challenges.models import Challenge
from portal.db import Base, Id, now
from portal.innovations.models import Innovation


class Readership(enum.StrEnum):
    """For whose eyes a list of suggestions was made.

    What a reader may not see must not move what they do see, by a rank, a score or a place taken:
    so each readership has its own list, made from its own records alone.
    """

    STAFF = "staff"
    """HIN and national staff: every proven innovation."""
    ICS = "ics"
    """ICS staff: proven innovations shared with ICSs or with everyone."""
    INNOVATOR = "innovator"
    """An innovation's own people, and HIN staff beside them: each innovation on its own, proven
    or not, weighed by public records only. Not ranked against others."""


class MatchRun(Base):
    """The newest matching of one challenge: when, and by which engine."""

    __tablename__ = "match_run"

    challenge_id: Mapped[int] = mapped_column(
        ForeignKey("challenge.id", ondelete="CASCADE"), primary_key=True
    )
    matched_at: Mapped[datetime] = mapped_column(default=now)
    engine_version: Mapped[str]


class Suggestion(Base):
    """A challenge × innovation pair with its score and the reasons for it."""

    __tablename__ = "suggestion"
    __table_args__ = (
        UniqueConstraint("challenge_id", "readership", "innovation_id"),
        Index(None, "challenge_id", "readership", "rank"),
        Index(None, "innovation_id", "readership"),
    )

    id: Mapped[Id]
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id", ondelete="CASCADE"))
    innovation_id: Mapped[int] = mapped_column(ForeignKey("innovation.id", ondelete="CASCADE"))
    readership: Mapped[Readership]
    rank: Mapped[int]
    """1 is best, among the suggestions of this readership; 0 where there is no ranking."""
    score: Mapped[float]
    """0 to 1: comparable within one challenge only."""
    reasons: Mapped[dict[str, Any]]
    """The words and facets that made the score, as `engine.Reasons` in JSON."""
    engine_version: Mapped[str]
    matched_at: Mapped[datetime] = mapped_column(default=now)

    challenge: Mapped[Challenge] = relationship()
    innovation: Mapped[Innovation] = relationship()
