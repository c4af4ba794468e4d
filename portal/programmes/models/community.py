"""The community of practice of a programme: its events with who came, and its thread."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import now
from portal.db import Base, Id, LabelledEnum, Versioned
from portal.programmes.models.programmes import Programme
from portal.reference.models import Hin
from portal.threads.models import Follower, Kind, Message, MessageFile


class EventKind(LabelledEnum):
    """What sort of event it is."""

    MEETING = "meeting", "Meeting of the community"
    WEBINAR = "webinar", "Webinar"
    TRAINING = "training", "Training"
    CONFERENCE = "conference", "Conference"
    OTHER = "other", "Other"


class ProgrammeEvent(Versioned, Base):
    """An event of a programme, held by one network or by the programme as a whole."""

    __tablename__ = "programme_event"
    __table_args__ = (Index("ix_programme_event_of_day", "programme_id", "on"),)

    id: Mapped[Id]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    hin_id: Mapped[int | None] = mapped_column(ForeignKey("hin.id"), index=True)
    """Who holds it; None is the programme as a whole."""
    kind: Mapped[EventKind]
    title: Mapped[str]
    on: Mapped[date]
    link: Mapped[str] = mapped_column(default="")
    words: Mapped[str] = mapped_column(default="")
    attended: Mapped[int | None]
    """How many people came; None is not known, never 0. Who came to two counts at both."""
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    programme: Mapped[Programme] = relationship()
    hin: Mapped[Hin | None] = relationship()


class ProgrammeMessage(Message):
    """What somebody writes to the community of a programme."""

    __tablename__ = "programme_message"
    FILE = "ProgrammeFile"

    thread_id: Mapped[int] = mapped_column(
        "programme_id", ForeignKey("programme.id", ondelete="CASCADE"), index=True
    )


class ProgrammeFile(MessageFile):
    """A file that came with a message."""

    __tablename__ = "programme_file"
    kept_in = "programmes"

    message_id: Mapped[int] = mapped_column(
        ForeignKey("programme_message.id", ondelete="CASCADE"), index=True
    )


class ProgrammeFollower(Follower):
    """How far a person has read the thread, and whether they are told of messages."""

    __tablename__ = "programme_follower"

    thread_id: Mapped[int] = mapped_column(
        "programme_id", ForeignKey("programme.id", ondelete="CASCADE"), primary_key=True
    )


THREADS = Kind(
    about=Programme, message=ProgrammeMessage, file=ProgrammeFile, reader=ProgrammeFollower
)
