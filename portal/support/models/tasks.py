"""Threads between a HIN and an innovator: one thread each, some of them tasks."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import now
from portal.db import Base, Id, LabelledEnum, Versioned
from portal.support.models.cases import Engagement
from portal.threads.models import Follower, Kind, Message, MessageFile


class Assignee(LabelledEnum):
    """On which side a task lies."""

    INNOVATOR = "innovator", "The innovator"
    HIN = "hin", "The network"


class TaskState(LabelledEnum):
    """How a thread stands."""

    OPEN = "open", "Open"
    DONE = "done", "Done"
    DECLINED = "declined", "Declined"


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


class TaskMessage(Message):
    """One message of the thread; the last words of a task are one too."""

    __tablename__ = "task_message"
    FILE = "TaskFile"

    thread_id: Mapped[int] = mapped_column(
        "task_id", ForeignKey("task.id", ondelete="CASCADE"), index=True
    )


class TaskFile(MessageFile):
    """A file that came with a message."""

    __tablename__ = "task_file"
    kept_in = "matters"

    message_id: Mapped[int] = mapped_column(
        ForeignKey("task_message.id", ondelete="CASCADE"), index=True
    )


class TaskReader(Follower):
    """How far a person has read a thread, and whether they follow it."""

    __tablename__ = "task_reader"

    thread_id: Mapped[int] = mapped_column(
        "task_id", ForeignKey("task.id", ondelete="CASCADE"), primary_key=True
    )


THREADS = Kind(about=Task, message=TaskMessage, file=TaskFile, reader=TaskReader)
