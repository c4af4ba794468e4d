"""Stored suggestions: what the matcher found for a challenge, and why."""

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation, User
from portal.challenges.models import Challenge
from portal.clock import now
from portal.db import Base, Id, LabelledEnum, Versioned
from portal.innovations.models import Innovation, Use
from portal.reference.models import HasDueDate, Hin
from portal.support.models.due_dates import ReminderKind


class Readership(enum.StrEnum):
    """For which readers a list of suggestions was made.

    What a reader may not see must not move what they do see, by a rank, a score or a place taken:
    so each readership has its own list, made from its own records alone.
    """

    STAFF = "staff"
    """HIN and national staff: every proven innovation."""
    ICS = "ics"
    """ICS staff: proven innovations shared with ICSs or with everyone."""
    PROMISING_STAFF = "promising_staff"
    """HIN and national staff: what is submitted and not proven. Never mixed with the proven."""
    PROMISING_ICS = "promising_ics"
    """ICS staff: the same of what is shared with them."""
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


class NewMatch(Base):
    """A pair came to have at least something in common, for the first time for this readership.

    Suggestions are made anew with every matching; this row stays, so that a pair is new once.
    """

    __tablename__ = "new_match"

    challenge_id: Mapped[int] = mapped_column(
        ForeignKey("challenge.id", ondelete="CASCADE"), primary_key=True
    )
    innovation_id: Mapped[int] = mapped_column(
        ForeignKey("innovation.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    readership: Mapped[Readership] = mapped_column(primary_key=True)
    first_at: Mapped[datetime] = mapped_column(default=now, index=True)
    told_at: Mapped[datetime | None]
    """When the weekly email told the challenge's organisation of it, or passed it over."""


class Verdict(enum.StrEnum):
    """What an organisation thinks of a suggestion."""

    SHORTLISTED = "shortlisted"
    REJECTED = "rejected"


class Rejection(LabelledEnum):
    """Why a suggestion is not for an organisation."""

    OTHER_PROBLEM = "other_problem", "It is for another problem"
    IN_USE = "in_use", "We use it already"
    OTHER_SETTING = "other_setting", "It is for another care setting or group"
    COST = "cost", "It costs more than we can pay"
    EVIDENCE = "evidence", "The evidence is not enough for us"
    SYSTEMS = "systems", "It does not work with our systems"
    OTHER = "other", "Another reason"


class Feedback(Base):
    """What one organisation thinks of a suggestion. Private to it: others learn counts at most."""

    __tablename__ = "match_feedback"
    __table_args__ = (UniqueConstraint("challenge_id", "innovation_id", "organisation_id"),)

    id: Mapped[Id]
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id", ondelete="CASCADE"))
    innovation_id: Mapped[int] = mapped_column(
        ForeignKey("innovation.id", ondelete="CASCADE"), index=True
    )
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    verdict: Mapped[Verdict]
    reason: Mapped[Rejection | None]
    note: Mapped[str] = mapped_column(default="")
    rank: Mapped[int]
    """Where the suggestion stood when it was judged; 0: among the promising."""
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class UnmetNeed(Base):
    """An organisation found that nothing fits a challenge: something to look out for."""

    __tablename__ = "unmet_need"

    id: Mapped[Id]
    challenge_id: Mapped[int] = mapped_column(
        ForeignKey("challenge.id", ondelete="CASCADE"), index=True
    )
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    note: Mapped[str]
    """What is missing, in their words."""
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    closing_note: Mapped[str] = mapped_column(default="")
    public_words: Mapped[str] = mapped_column(default="", server_default=text("''"))
    """What its organisation publishes of it, in words that it chose for that."""
    published_at: Mapped[datetime | None]
    """Since when it stands on the page of its system; None while it does not."""
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    challenge: Mapped[Challenge] = relationship()
    organisation: Mapped[Organisation] = relationship()


class ChallengeOutcome(Base):
    """Which record a challenge was closed with, and the line of the record that says where it is
    used or tried out. One that is not in the portal stands on the challenge by its name alone."""

    __tablename__ = "challenge_outcome"

    challenge_id: Mapped[int] = mapped_column(
        ForeignKey("challenge.id", ondelete="CASCADE"), primary_key=True
    )
    innovation_id: Mapped[int] = mapped_column(
        ForeignKey("innovation.id", ondelete="CASCADE"), index=True
    )
    use_id: Mapped[int | None] = mapped_column(
        ForeignKey("use.id", ondelete="SET NULL"), index=True
    )
    """None once the line is no longer on the record."""
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    challenge: Mapped[Challenge] = relationship()
    innovation: Mapped[Innovation] = relationship()
    use: Mapped[Use | None] = relationship()


class HinEnquiry(HasDueDate, Versioned, Base):
    """An ICS asks its HIN to look among what is not shared yet, for a challenge or a search.

    It is asked and dated whatever hidden records there are: nothing in it depends on them.
    """

    __tablename__ = "hin_enquiry"

    id: Mapped[Id]
    challenge_id: Mapped[int | None] = mapped_column(
        ForeignKey("challenge.id", ondelete="CASCADE"), index=True
    )
    """The challenge that it is about; None for a search."""
    words: Mapped[str]
    """What was searched for; empty for a challenge."""
    note: Mapped[str]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    hin_id: Mapped[int] = mapped_column(ForeignKey("hin.id"), index=True)
    """The HIN that leads where the organisation is."""
    asked_at: Mapped[datetime] = mapped_column(default=now, index=True)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    answer: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    challenge: Mapped[Challenge | None] = relationship()
    organisation: Mapped[Organisation] = relationship()
    hin: Mapped[Hin] = relationship()
    asked_by: Mapped[User] = relationship(foreign_keys=[asked_by_id])
    answered_by: Mapped[User | None] = relationship(foreign_keys=[answered_by_id])

    @property
    def about(self) -> str:
        """Return what it is about: the challenge, the words searched for, or what they write."""
        return self.challenge.title if self.challenge else self.words or self.note


class EnquiryReminder(Base):
    """A HIN was reminded of a question that waits for its answer: once for each day and kind."""

    __tablename__ = "enquiry_reminder"
    __table_args__ = (UniqueConstraint("enquiry_id", "due_on", "kind"),)

    id: Mapped[Id]
    enquiry_id: Mapped[int] = mapped_column(ForeignKey("hin_enquiry.id", ondelete="CASCADE"))
    due_on: Mapped[date]
    kind: Mapped[ReminderKind]
    at: Mapped[datetime] = mapped_column(default=now)


class SimilarChallenge(Base):
    """Two challenges that ask for much the same; stored in both directions."""

    __tablename__ = "similar_challenge"

    challenge_id: Mapped[int] = mapped_column(
        ForeignKey("challenge.id", ondelete="CASCADE"), primary_key=True
    )
    other_id: Mapped[int] = mapped_column(
        ForeignKey("challenge.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    score: Mapped[float]
    """How alike the words are (cosine, 0 to 1)."""
    words: Mapped[list[Any]]
    """Words that both use, heaviest first."""

    other: Mapped[Challenge] = relationship(foreign_keys=[other_id])
