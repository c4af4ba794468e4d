"""Matters between a HIN and an innovator: one thread each, some of them tasks."""

import enum
from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation, User
from portal.clock import now
from portal.db import Base, Id, Versioned
from portal.files import FileRow
from portal.support.models.cases import Engagement


class Doer(enum.StrEnum):
    """On which side a task lies."""

    INNOVATOR = "innovator"
    HIN = "hin"


class MatterState(enum.StrEnum):
    """How a matter stands."""

    OPEN = "open"
    DONE = "done"
    DECLINED = "declined"


class Matter(Versioned, Base):
    """One matter of one engagement: read by the HIN's staff and the innovator's side alone."""

    __tablename__ = "matter"

    id: Mapped[Id]
    engagement_id: Mapped[int] = mapped_column(
        ForeignKey("engagement.id", ondelete="CASCADE"), index=True
    )
    title: Mapped[str]
    doer: Mapped[Doer | None]
    """Who is to do it; None where it is a talk, no task."""
    due_on: Mapped[date | None]
    state: Mapped[MatterState] = mapped_column(default=MatterState.OPEN)
    opened_at: Mapped[datetime] = mapped_column(default=now)
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    engagement: Mapped[Engagement] = relationship()
    messages: Mapped[list["MatterMessage"]] = relationship(
        order_by="MatterMessage.id", back_populates="matter"
    )


class MatterMessage(Base):
    """One message of the thread; the last words of a task are one too."""

    __tablename__ = "matter_message"

    id: Mapped[Id]
    matter_id: Mapped[int] = mapped_column(ForeignKey("matter.id", ondelete="CASCADE"), index=True)
    body: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))

    matter: Mapped[Matter] = relationship(back_populates="messages")
    by: Mapped[User] = relationship()
    organisation: Mapped[Organisation] = relationship()
    files: Mapped[list["MatterFile"]] = relationship(
        order_by="MatterFile.id", cascade="all, delete-orphan", back_populates="message"
    )


class MatterFile(FileRow, Base):
    """A file that came with a message; `portal.files` keeps it."""

    __tablename__ = "matter_file"

    id: Mapped[Id]
    message_id: Mapped[int] = mapped_column(
        ForeignKey("matter_message.id", ondelete="CASCADE"), index=True
    )

    message: Mapped[MatterMessage] = relationship(back_populates="files")


class MatterReader(Base):
    """How far a person has read a matter, and whether they follow it."""

    __tablename__ = "matter_reader"

    matter_id: Mapped[int] = mapped_column(
        ForeignKey("matter.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    is_following: Mapped[bool] = mapped_column(default=True)
    read_up_to: Mapped[int] = mapped_column(default=0)
    """The id of the newest message that they said they had read."""
