"""What search keeps: changes that wait for the index, saved searches, gaps, and plain counts."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Membership, Organisation, User
from portal.challenges.models import Challenge
from portal.clock import now
from portal.db import Base, Id, LabelledEnum, Versioned
from portal.reference.models import Hin
from portal.saved.models import Saved


class IndexChange(Base):
    """A record changed: the index is behind until this row is gone.

    `innovation_id` is no foreign key on purpose: the row of a deleted record must outlive it, or
    the index would keep what the database has forgotten.
    """

    __tablename__ = "index_change"

    id: Mapped[Id]
    innovation_id: Mapped[int] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(default=now)


class Alert(LabelledEnum):
    """How often somebody is told what is new in a saved search."""

    NEVER = "never", "No alert"
    DAILY = "daily", "Every day on which something is new"
    WEEKLY = "weekly", "Every week in which something is new"


class SavedSearch(Saved):
    """A search that a person gave a name, in the role in which they saved it."""

    __tablename__ = "saved_search"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    membership_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
    """Whom they acted for: what an alert may name is what that membership sees when it is sent."""
    alert: Mapped[Alert] = mapped_column(default=Alert.NEVER)
    looked_at: Mapped[datetime] = mapped_column(default=now)
    """When its owner last opened it."""
    told_at: Mapped[datetime] = mapped_column(default=now)
    """Up to when an alert has told what is new."""

    membership: Mapped[Membership | None] = relationship()


class SavedSearchResult(Base):
    """A record that a saved search has found: it is news once, and never again."""

    __tablename__ = "saved_search_result"

    saved_search_id: Mapped[int] = mapped_column(
        ForeignKey("saved_search.id", ondelete="CASCADE"), primary_key=True
    )
    innovation_id: Mapped[int] = mapped_column(primary_key=True)
    """No foreign key: what is deleted must not come back as news under the same number."""
    news_at: Mapped[datetime | None]
    """When it was first found; None for what was there when the search was saved, and for what
    came so far down the list that it is not worth a message."""


class GapState(LabelledEnum):
    """What became of what somebody looked for in vain."""

    OPEN = "open", "Open"
    ANSWERED = "answered", "Answered"
    CHALLENGE = "challenge", "Turned into a challenge"


class SearchGap(Versioned, Base):
    """Somebody looked for something and did not find it; of a stranger nothing but that is kept."""

    __tablename__ = "search_gap"

    id: Mapped[Id]
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    words: Mapped[str]
    filters: Mapped[str]
    """The filters in words, as they stood."""
    asked: Mapped[str]
    """The canonical query string, to look again."""
    note: Mapped[str]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    hin_id: Mapped[int | None] = mapped_column(ForeignKey("hin.id"), index=True)
    """Whose region they work in; None when it is not known: the gap is everybody's."""
    state: Mapped[GapState] = mapped_column(default=GapState.OPEN, index=True)
    answer: Mapped[str] = mapped_column(default="")
    handled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    handled_at: Mapped[datetime | None]
    challenge_id: Mapped[int | None] = mapped_column(
        ForeignKey("challenge.id", ondelete="SET NULL"), index=True
    )

    user: Mapped[User | None] = relationship(foreign_keys=[user_id])
    organisation: Mapped[Organisation | None] = relationship()
    hin: Mapped[Hin | None] = relationship()
    handled_by: Mapped[User | None] = relationship(foreign_keys=[handled_by_id])
    challenge: Mapped[Challenge | None] = relationship()


class SearchMark(Base):
    """That some words were asked, by marks from which neither words nor person can be read.

    Both marks are keyed and of one month; that of the person holds the words too, so two searches
    of one person have nothing in common.
    """

    __tablename__ = "search_mark"

    month: Mapped[date]
    words_mark: Mapped[str] = mapped_column(primary_key=True)
    asker_mark: Mapped[str] = mapped_column(primary_key=True)


class SearchCount(Base):
    """How often some words were searched for on a day, and how much they found."""

    __tablename__ = "search_count"

    day: Mapped[date] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(primary_key=True)
    """Empty for all words that too few people asked."""
    found: Mapped[str] = mapped_column(primary_key=True)
    """A bucket of `rules.BUCKETS`."""
    times: Mapped[int]
    """How often on that day."""


class SearchClick(Base):
    """How often the result at a rank was opened on a day."""

    __tablename__ = "search_click"

    day: Mapped[date] = mapped_column(primary_key=True)
    rank: Mapped[int] = mapped_column(primary_key=True)
    """At which place among the results, from 1."""
    times: Mapped[int]
    """How often on that day."""
