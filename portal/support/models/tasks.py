"""Threads between a HIN and an innovator: one thread each, some of them tasks."""

import enum
from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation, User
from portal.clock import now
from portal.db import Base, Id, Versioned
from portal.files import FileRow
from portal.support.models.cases import Engagement


class Assignee(enum.StrEnum):
    """On which side a task lies."""

    INNOVATOR = "innovator"
    HIN = "hin"


class TaskState(enum.StrEnum):
    """How a thread stands."""

    OPEN = "open"
    DONE = "done"
    DECLINED = "declined"


class Task(Versioned, Base):
    """One thread of one engagement: read by the HIN's staff and the innovator's side alone."""

    __tablename__ = "task"

    id: Mapped[Id]
    engagement_id: Mapped[int] = mapped_column(
        ForeignKey("engagement.id", ondelete="CASCADE"), index=True
    )
    title: Mapped[str]
    assignee: Mapped[Assignee | None]
    """Who is to do it; None where it is a talk, no task."""
    due_on: Mapped[date | None]
    state: Mapped[TaskState] = mapped_column(default=TaskState.OPEN)
    opened_at: Mapped[datetime] = mapped_column(default=now)
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    engagement: Mapped[Engagement] = relationship()
    messages: Mapped[list["TaskMessage"]] = relationship(
        order_by="TaskMessage.id", back_populates="task"
    )


class TaskMessage(Base):
    """One message of the thread; the last words of a task are one too."""

    __tablename__ = "task_message"

    id: Mapped[Id]
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id", ondelete="CASCADE"), index=True)
    body: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))

    task: Mapped[Task] = relationship(back_populates="messages")
    by: Mapped[User] = relationship()
    organisation: Mapped[Organisation] = relationship()
    files: Mapped[list["TaskFile"]] = relationship(
        order_by="TaskFile.id", cascade="all, delete-orphan", back_populates="message"
    )


class TaskFile(FileRow, Base):
    """A file that came with a message; `portal.files` keeps it."""

    __tablename__ = "task_file"

    id: Mapped[Id]
    message_id: Mapped[int] = mapped_column(
        ForeignKey("task_message.id", ondelete="CASCADE"), index=True
    )

    message: Mapped[TaskMessage] = relationship(back_populates="files")


class TaskReader(Base):
    """How far a person has read a thread, and whether they follow it."""

    __tablename__ = "task_reader"

    task_id: Mapped[int] = mapped_column(
        ForeignKey("task.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    is_following: Mapped[bool] = mapped_column(default=True)
    read_up_to: Mapped[int] = mapped_column(default=0)
    """The id of the newest message that they said they had read."""
