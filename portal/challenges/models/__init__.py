"""A challenge: a need that an ICS, a HIN or the nation states."""

from datetime import date, datetime

from sqlalchemy import Column, ForeignKey, Table, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation, User
from portal.clock import now
from portal.db import Base, Id, LabelledEnum, Versioned
from portal.reference.models import Term
from portal.threads.models import Kind, Message, MessageFile, Reader


class ChallengeState(LabelledEnum):
    """Where a challenge stands."""

    DRAFT = "draft", "Draft"
    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"


class Readers(LabelledEnum):
    """Who may read an open challenge."""

    NHS = "nhs", "NHS staff: ICSs, HINs and the national team"
    """ICS, HIN and national staff."""
    REGISTERED = "registered", "Everyone with an account, innovators too"
    """Everyone with an account: innovators too."""
    PUBLIC = "public", "Anyone: it is published on the Innovation Exchange"
    """Anyone: it is published to industry on the Exchange."""


class Outcome(LabelledEnum):
    """What came of a challenge when it was closed."""

    ADOPTED = "adopted", "We adopted an innovation"
    TRIAL = "trial", "We are trying an innovation out"
    SOLVED_OTHERWISE = "solved_otherwise", "We met the need in another way"
    NOTHING_FOUND = "nothing_found", "We found nothing that fits"
    NO_LONGER_NEEDED = "no_longer_needed", "The need has gone"


challenge_term = Table(
    "challenge_term",
    Base.metadata,
    Column("challenge_id", ForeignKey("challenge.id", ondelete="CASCADE"), primary_key=True),
    Column("term_id", ForeignKey("term.id"), primary_key=True, index=True),
)
"""Care settings, conditions, areas and purposes of a challenge."""


class Challenge(Versioned, Base):
    """What an organisation needs, in the words of the people who need it."""

    __tablename__ = "challenge"
    __table_args__ = (UniqueConstraint("organisation_id", "external_key"),)

    id: Mapped[Id]
    external_key: Mapped[str | None]
    """What an imported challenge is called in the list it came from: importing it again changes
    it instead of adding a second one."""
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    # Who might read it before is read from what they were (`api.listeners`).
    state: Mapped[ChallengeState] = mapped_column(
        default=ChallengeState.DRAFT, index=True, active_history=True
    )
    readers: Mapped[Readers] = mapped_column(default=Readers.NHS, active_history=True)
    is_national: Mapped[bool] = mapped_column(default=False)
    is_demo: Mapped[bool] = mapped_column(default=False)

    title: Mapped[str]
    problem: Mapped[str] = mapped_column(default="")
    who_affected: Mapped[str] = mapped_column(default="")
    how_many: Mapped[int | None]
    """People affected a year, as far as is known."""
    tried: Mapped[str] = mapped_column(default="")
    outcome_wanted: Mapped[str] = mapped_column(default="")
    must_haves: Mapped[str] = mapped_column(default="")
    """What any answer must have, and the limits it must keep."""
    needed_by: Mapped[date | None]
    contact_name: Mapped[str] = mapped_column(default="")
    contact_email: Mapped[str] = mapped_column(default="")
    """For the HIN that brokers: never shown to innovators."""

    created_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)
    opened_at: Mapped[datetime | None] = mapped_column(index=True)
    closed_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None]
    outcome_note: Mapped[str] = mapped_column(default="")
    outcome_innovation: Mapped[str] = mapped_column(default="", server_default=text("''"))
    """The innovation that was adopted or is tried out, by name."""

    organisation: Mapped[Organisation] = relationship()
    author: Mapped[User | None] = relationship()
    terms: Mapped[list[Term]] = relationship(secondary=challenge_term, order_by=Term.position)


class ChallengeChange(Base):
    """A challenge was drafted, opened, closed or opened again: dated, so the past can be told."""

    __tablename__ = "challenge_change"

    id: Mapped[Id]
    challenge_id: Mapped[int] = mapped_column(
        ForeignKey("challenge.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[ChallengeState]
    outcome: Mapped[Outcome | None]
    """With which outcome, when it was closed."""
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class ChallengeSupporter(Base):
    """Another organisation has the same need and joins: one search serves several."""

    __tablename__ = "challenge_supporter"
    __table_args__ = (UniqueConstraint("challenge_id", "organisation_id"),)

    id: Mapped[Id]
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    organisation: Mapped[Organisation] = relationship()


class ChallengeMessage(Message):
    """What one of the organisations that have a challenge writes to the others."""

    __tablename__ = "challenge_message"
    FILE = "ChallengeFile"

    thread_id: Mapped[int] = mapped_column(
        "challenge_id", ForeignKey("challenge.id", ondelete="CASCADE"), index=True
    )


class ChallengeFile(MessageFile):
    """A file that came with a message."""

    __tablename__ = "challenge_file"
    kept_in = "challenges"

    message_id: Mapped[int] = mapped_column(
        ForeignKey("challenge_message.id", ondelete="CASCADE"), index=True
    )


class ChallengeReader(Reader):
    """How far a person has read what was written."""

    __tablename__ = "challenge_reader"

    thread_id: Mapped[int] = mapped_column(
        "challenge_id", ForeignKey("challenge.id", ondelete="CASCADE"), primary_key=True
    )


THREADS = Kind(
    about=Challenge, message=ChallengeMessage, file=ChallengeFile, reader=ChallengeReader
)


# They refer to a challenge, so it must be there first.
from portal.challenges.models.calls import (  # noqa: E402
    Call,
    CallAmendment,
    CallCriterion,
    CallQuestion,
    CallResult,
    CallTold,
    ChallengeFollower,
    ToldKind,
)

__all__ = [
    "THREADS",
    "Call",
    "CallAmendment",
    "CallCriterion",
    "CallQuestion",
    "CallResult",
    "CallTold",
    "Challenge",
    "ChallengeChange",
    "ChallengeFile",
    "ChallengeFollower",
    "ChallengeMessage",
    "ChallengeReader",
    "ChallengeState",
    "ChallengeSupporter",
    "Outcome",
    "Readers",
    "ToldKind",
    "challenge_term",
]
