"""An introduction: who asked, who brokers it, how it stands, what was written, what came of it."""

import enum
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation, User
from portal.challenges.models import Challenge
from portal.clock import now
from portal.db import Base, Id, LabelledEnum, Versioned
from portal.innovations.models import Innovation, Use
from portal.reference.models import HasDueDate, Hin, Ics
from portal.threads.models import Kind, Message, MessageFile, Reader


class State(LabelledEnum):
    """How an introduction stands."""

    REQUESTED = "requested", "Requested"
    """Asked for by an ICS; no HIN has taken it."""
    TAKEN = "taken", "Taken by a network"
    """A HIN took it and decides by the same deadline."""
    BROKERED = "brokered", "Brokered"
    """The HIN accepted; the innovator is asked. Until here they know nothing of it."""
    AGREED = "agreed", "Agreed"
    """The innovator agreed: both sides see each other's contact."""
    MET = "met", "Met"
    ENDED = "ended", "Ended"


class Ending(LabelledEnum):
    """How an introduction ended."""

    DECLINED_BY_HIN = "declined_by_hin", "Declined by the network"
    DECLINED_BY_INNOVATOR = "declined_by_innovator", "Declined by the innovator"
    WITHDRAWN = "withdrawn", "Withdrawn"
    OUTCOME = "outcome", "Outcome recorded"


USE_ASKED = "Say below where and since when: it is put on the record"
WHY_ASKED = "Say why below"


class Outcome(LabelledEnum):
    """What came of an introduction."""

    TRIAL = "trial", "Trial started", USE_ASKED
    ADOPTION = "adoption", "Adoption started", USE_ASKED
    NOT_NOW = "not_now", "Not now", WHY_ASKED
    NOTHING_SUITABLE = "nothing_suitable", "Nothing suitable", WHY_ASKED
    NO_REPLY = "no_reply", "No reply", "The other side could not be reached"


class Timescale(LabelledEnum):
    """How soon the ICS would like to meet."""

    TWO_WEEKS = "two_weeks", "Within 2 weeks"
    MONTH = "month", "Within a month"
    QUARTER = "quarter", "Within 3 months"
    LATER = "later", "Later than 3 months"


class Circle(LabelledEnum):
    """Who reads a message. Those concerned come together only once the innovator agreed."""

    ASKING = (
        "asking",
        "The ICS and the networks",
        "The innovator does not see it, now or later",
    )
    ANSWERING = (
        "answering",
        "The innovator and the networks",
        "The ICS does not see it, now or later",
    )
    EVERYONE = "everyone", "Everyone in this introduction", "ICS, innovator and networks"


class ReminderKind(enum.StrEnum):
    """What people are reminded of, each once for an introduction."""

    BROKER = "broker"
    REPLY = "reply"
    OUTCOME_FIRST = "outcome_first"
    OUTCOME_SECOND = "outcome_second"


class Introduction(Versioned, HasDueDate, Base):
    """An ICS asks to meet the people behind an innovation."""

    __tablename__ = "introduction"
    __table_args__ = (
        Index(None, "state", "due_on"),
        Index(
            "uq_introduction_open",
            "organisation_id",
            "innovation_id",
            unique=True,
            sqlite_where=text("state <> 'ended'"),
            postgresql_where=text("state <> 'ended'"),
        ),
    )

    id: Mapped[Id]
    innovation_id: Mapped[int] = mapped_column(
        ForeignKey("innovation.id", ondelete="CASCADE"), index=True
    )
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    """The ICS that asks."""
    ics_id: Mapped[int] = mapped_column(ForeignKey("ics.id"), index=True)
    challenge_id: Mapped[int | None] = mapped_column(
        ForeignKey("challenge.id", ondelete="SET NULL"), index=True
    )
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    """The contact at the ICS; unknown to the innovator until they agreed."""
    purpose: Mapped[str]
    timescale: Mapped[Timescale]
    takes_part: Mapped[str]

    state: Mapped[State] = mapped_column(default=State.REQUESTED)
    ending: Mapped[Ending | None]
    outcome: Mapped[Outcome | None]
    broker_hin_id: Mapped[int | None] = mapped_column(ForeignKey("hin.id"), index=True)
    broker_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    context: Mapped[str] = mapped_column(default="")
    """What the HIN that brokers tells the innovator, and the ICS."""
    agreed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    """The innovator's contact: who agreed; unknown to the ICS until then."""
    met_on: Mapped[date | None]
    use_id: Mapped[int | None] = mapped_column(ForeignKey("use.id", ondelete="SET NULL"))
    """The line in the record's "where in use" that came of it."""

    asked_at: Mapped[datetime] = mapped_column(default=now, index=True)
    taken_at: Mapped[datetime | None]
    brokered_at: Mapped[datetime | None]
    agreed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    innovation: Mapped[Innovation] = relationship()
    organisation: Mapped[Organisation] = relationship()
    ics: Mapped[Ics] = relationship()
    challenge: Mapped[Challenge | None] = relationship()
    asked_by: Mapped[User] = relationship(foreign_keys=[asked_by_id])
    broker_hin: Mapped[Hin | None] = relationship()
    broker: Mapped[User | None] = relationship(foreign_keys=[broker_id])
    agreed_by: Mapped[User | None] = relationship(foreign_keys=[agreed_by_id])
    use: Mapped[Use | None] = relationship()
    changes: Mapped[list["IntroductionChange"]] = relationship(
        order_by="IntroductionChange.id", back_populates="introduction"
    )


class IntroductionChange(Base):
    """A state was reached: when, by whom on whose behalf, and the words that went with it."""

    __tablename__ = "introduction_change"

    id: Mapped[Id]
    introduction_id: Mapped[int] = mapped_column(
        ForeignKey("introduction.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[State]
    ending: Mapped[Ending | None]
    outcome: Mapped[Outcome | None]
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    message: Mapped[str] = mapped_column(default="")
    elsewhere: Mapped[str] = mapped_column(default="")
    """Alternatives that a HIN names when it declines."""

    introduction: Mapped[Introduction] = relationship(back_populates="changes")
    organisation: Mapped[Organisation | None] = relationship()


class IntroductionMessage(Message):
    """One message of the thread, for a circle of its readers."""

    __tablename__ = "introduction_message"
    FILE = "Attachment"

    thread_id: Mapped[int] = mapped_column(
        "introduction_id", ForeignKey("introduction.id", ondelete="CASCADE"), index=True
    )
    circle: Mapped[Circle]


class Attachment(MessageFile):
    """A file that came with a message."""

    __tablename__ = "introduction_attachment"
    kept_in = "introductions"

    message_id: Mapped[int] = mapped_column(
        ForeignKey("introduction_message.id", ondelete="CASCADE"), index=True
    )


class ThreadMark(Reader):
    """How far a person has read the thread."""

    __tablename__ = "introduction_thread_mark"

    thread_id: Mapped[int] = mapped_column(
        "introduction_id", ForeignKey("introduction.id", ondelete="CASCADE"), primary_key=True
    )
    read_up_to: Mapped[int] = mapped_column("message_id", default=0)
    """The number of the newest message that they said they had read."""


THREADS = Kind(about=Introduction, message=IntroductionMessage, file=Attachment, reader=ThreadMark)


class Reminder(Base):
    """People were reminded of something, or asked: once of each kind."""

    __tablename__ = "introduction_reminder"

    introduction_id: Mapped[int] = mapped_column(
        ForeignKey("introduction.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[ReminderKind] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
