"""What a job is, and what stands behind each kind: its task, its lane, its time."""

import enum
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import ForeignKey, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.clock import now
from portal.db import Base, Id, db

LIMIT = timedelta(hours=1)
"""How long a job may take unless its kind says otherwise."""
PROMPT_LIMIT = timedelta(minutes=10)
"""How long a job may take that others in the prompt lane wait for."""
LONGEST_WAIT = timedelta(minutes=10)
"""Longer than any job is ever postponed."""


class TookTooLong(Exception):
    """A job was stopped because it took longer than it may."""


@dataclass(slots=True)
class Work:
    """A job that a thread of this process does now, until when it may (`time.monotonic`)."""

    kind: str
    thread: int
    until: float
    is_stopped: bool = False


class JobState(enum.StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"

    @property
    def is_under_way(self) -> bool:
        """Whether it waits for its turn, or is at work."""
        return self in {JobState.QUEUED, JobState.RUNNING}


class Job(Base):
    """A piece of work for the worker, with its progress and how it ended."""

    __tablename__ = "job"

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(index=True)
    arguments: Mapped[dict[str, Any]]
    key: Mapped[str | None] = mapped_column(index=True)
    """Queued jobs with the same key are one job."""
    state: Mapped[JobState] = mapped_column(default=JobState.QUEUED, index=True)
    done: Mapped[int] = mapped_column(default=0)
    """How many steps are done."""
    total: Mapped[int | None]
    """Of how many steps; None while nobody knows."""
    message: Mapped[str] = mapped_column(default="")
    attempts: Mapped[int] = mapped_column(default=0)
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    requested_at: Mapped[datetime] = mapped_column(default=now)
    not_before: Mapped[datetime] = mapped_column(default=now)
    started_at: Mapped[datetime | None]
    heard_at: Mapped[datetime | None]
    """When its worker last said that it is alive."""
    finished_at: Mapped[datetime | None]
    worker: Mapped[str | None]


def job_with(key: str) -> Job | None:
    """Return the newest job under a key."""
    newest = select(Job).where(Job.key == key).order_by(Job.id.desc()).limit(1)
    return db.session.scalar(newest)


class Progress(Protocol):
    """A task calls this to say how far it is: `progress(done, total, "Reading rows")`."""

    def __call__(self, done: int, total: int | None = None, message: str = "") -> None:
        """Store the figures, at most about twice a second."""


Task = Callable[..., None]
TASKS: dict[str, Task] = {}
SCHEDULE: dict[str, str] = {}
FORGETFUL: set[str] = set()
"""Kinds of job whose arguments are emptied once they have ended."""
PROMPT: set[str] = set()
"""Kinds that never wait behind the others: short ones, for which people wait."""
LIMITS: dict[str, timedelta] = {}
"""How long a job of a kind may take, where that is not the usual time."""


def task(
    kind: str, *, schedule: str | None = None, forgets: bool = False, prompt: bool = False
) -> Callable[[Task], Task]:
    """Register `fn(progress, **arguments)` as the work behind `kind`.

    A task commits its own work and must be safe to run twice; two of one kind never run at once.
    `schedule` is a crontab line "minute hour" (UTC) at which one job is queued every day, for
    example `"0 2"`. With `forgets` its arguments are emptied when it has ended: they hold what
    strangers typed. With `prompt` it never waits behind matching, imports and the like.
    """

    def register(fn: Task) -> Task:
        TASKS[kind] = fn
        if schedule:
            SCHEDULE[kind] = schedule
        if forgets:
            FORGETFUL.add(kind)
        if prompt:
            PROMPT.add(kind)
            LIMITS[kind] = PROMPT_LIMIT
        return fn

    return register


class Reporter:
    """Store progress in a transaction of its own: the task's may be open for minutes."""

    def __init__(self, job_id: int) -> None:
        self.job_id = job_id
        self.told_at = datetime.min.replace(tzinfo=now().tzinfo)

    def __call__(self, done: int, total: int | None = None, message: str = "") -> None:
        moment = now()
        if done != total and moment - self.told_at < timedelta(seconds=0.5):
            return
        self.told_at = moment
        # On SQLite the task may hold the one write lock: then its own commit carries the news.
        if db.session.in_transaction() and db.session.get_bind().dialect.name == "sqlite":
            self._store(db.session, done, total, message)
            return
        with db.sessionmaker() as session:
            self._store(session, done, total, message)
            session.commit()

    def _store(self, session: Session, done: int, total: int | None, message: str) -> None:
        session.execute(
            update(Job)
            .where(Job.id == self.job_id)
            .values(done=done, total=total, message=message, heard_at=now())
        )


class Turns:
    """When long work lets others save: it commits after each share, and rests before the next.

    SQLite has one lock, and who waits for it asks every tenth of a second: a rest is longer than
    that, and on a machine so busy that a share takes longer, half as long as the share.
    """

    SHARE = 0.25
    """Seconds that one share goes on taking rows: others who save wait little longer."""
    REST = 0.15

    def __init__(self) -> None:
        self.began = time.monotonic()

    @property
    def is_over(self) -> bool:
        """Whether this share has had its time: commit, then `rest()`."""
        return time.monotonic() - self.began >= self.SHARE

    def rest(self) -> None:
        """Let others have the lock, and begin the next share."""
        time.sleep(max(self.REST, (time.monotonic() - self.began) / 2))
        self.began = time.monotonic()
