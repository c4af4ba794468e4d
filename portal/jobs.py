"""The job queue: a row says what is to be done and how far it is; huey wakes a worker for it.

The row is the truth. It is written in the transaction of the change that causes it, so a change
that is rolled back starts nothing and one that is committed loses nothing: whatever huey forgets
(it hands each message out at most once) is found by the sweep and handed out again.
"""

import enum
import logging
import os
import socket
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol

import click
import psutil
from flask import Flask, current_app
from flask.cli import AppGroup
from huey import crontab
from sqlalchemy import ForeignKey, event, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal import sqlite
from portal.clock import now
from portal.db import Base, Id, db
from portal.queues import make_huey

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
HEARTBEAT = timedelta(seconds=10)
SILENCE = timedelta(seconds=60)
"""A running job whose worker has not been heard for this long is taken back."""
WORKER = f"{socket.gethostname()}:{os.getpid()}"
_at_work: set[int] = set()
"""The jobs that this process is running now."""


class JobState(enum.StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


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
    total: Mapped[int | None]
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


class Progress(Protocol):
    """A task calls this to say how far it is: `progress(done, total, "Reading rows")`."""

    def __call__(self, done: int, total: int | None = None, message: str = "") -> None:
        """Store the figures, at most about twice a second."""


Task = Callable[..., None]
TASKS: dict[str, Task] = {}
SCHEDULE: dict[str, str] = {}
FORGETFUL: set[str] = set()
"""Kinds of job whose arguments are emptied once they have ended."""


def task(
    kind: str, *, schedule: str | None = None, forgets: bool = False
) -> Callable[[Task], Task]:
    """Register `fn(progress, **arguments)` as the work behind `kind`.

    A task commits its own work and must be safe to run twice. `schedule` is a crontab line
    "minute hour" (UTC) at which one job is queued every day, for example `"0 2"`. With `forgets`
    its arguments are emptied when it has ended: they hold what strangers typed.
    """

    def register(fn: Task) -> Task:
        TASKS[kind] = fn
        if schedule:
            SCHEDULE[kind] = schedule
        if forgets:
            FORGETFUL.add(kind)
        return fn

    return register


def enqueue(
    kind: str, *, key: str | None = None, requested_by_id: int | None = None, **arguments: Any
) -> Job:
    """Queue a job in the current transaction; it is handed out when that commits.

    With a `key`, a job already queued under it is returned instead of a second one.
    """
    if key is not None:
        queued = _queued(key)
        if queued is not None:
            return queued
    job = Job(kind=kind, key=key, arguments=arguments, requested_by_id=requested_by_id)
    db.session.add(job)
    return job


def _queued(key: str) -> Job | None:
    # Inside a flush (a listener that tells somebody) the query does not see what is still new.
    new = next((row for row in db.session.new if isinstance(row, Job) and row.key == key), None)
    return new or db.session.scalar(
        select(Job).where(Job.key == key, Job.state == JobState.QUEUED).limit(1)
    )


@event.listens_for(Session, "after_flush")
def _note_new_jobs(session: Session, _context: Any) -> None:
    fresh = [row for row in session.new if isinstance(row, Job)]
    session.info.setdefault("jobs", []).extend(fresh)


@event.listens_for(Session, "before_commit")
def _number_new_jobs(session: Session) -> None:
    session.flush()
    if session.in_nested_transaction():
        return  # a savepoint that ends hands nothing out
    session.info["job_ids"] = [job.id for job in session.info.pop("jobs", [])]


@event.listens_for(Session, "after_commit")
def _hand_out(session: Session) -> None:
    for job_id in session.info.pop("job_ids", []):
        try:
            _post(job_id)
        except Exception:
            # The row is committed: the sweep will find it. A page must not fail for this.
            log.exception("could not wake a worker for job %s", job_id)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop("jobs", None)
    session.info.pop("job_ids", None)


def _post(job_id: int) -> None:
    current_app.extensions["portal-jobs"].post(job_id)


class Jobs:
    """The queue of one application."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.huey = make_huey(app.config["JOBS_URL"])
        self.run_task = self.huey.task(name="run")(self.run)
        for kind, line in SCHEDULE.items():
            self._schedule(kind, line)

    def post(self, job_id: int) -> None:
        """Wake a worker for this job."""
        self.run_task(job_id)

    def _schedule(self, kind: str, line: str) -> None:
        minute, hour = line.split()

        def queue_it() -> None:
            with self.app.app_context():
                enqueue(kind, key=f"schedule:{kind}")
                db.session.commit()

        self.huey.periodic_task(crontab(minute=minute, hour=hour), name=f"schedule-{kind}")(
            queue_it
        )

    def run(self, job_id: int) -> None:
        """Run one job to its end, whatever it is."""
        with self.app.app_context():
            run(job_id)

    def work(self) -> None:
        """Be a worker until stopped: first take back what a killed one left."""
        with self.app.app_context():
            sweep()
        stop = threading.Event()
        threading.Thread(target=self._keep_sweeping, args=(stop,), daemon=True).start()
        try:
            self.huey.create_consumer(workers=1, periodic=True, check_worker_health=True).run()
        finally:
            stop.set()

    def _keep_sweeping(self, stop: threading.Event) -> None:
        while not stop.wait(HEARTBEAT.total_seconds()):
            try:
                with self.app.app_context():
                    beat()
                    sweep()
                    keep_log_short()
            except Exception:
                log.exception("the sweep failed; it will be tried again")


def init_app(app: Flask) -> None:
    """Give the application its queue (tasks must be registered before)."""
    app.extensions["portal-jobs"] = Jobs(app)


def beat() -> None:
    """Say that this worker's running jobs are alive."""
    db.session.execute(
        update(Job)
        .where(Job.worker == WORKER, Job.state == JobState.RUNNING)
        .values(heard_at=now())
    )
    db.session.commit()


def keep_log_short() -> None:
    """Copy SQLite's log into its database where no other process may: the worker alone does."""
    path = sqlite.file_of(db.engine)
    if path is not None and sqlite.has_reset_bug():
        sqlite.copy_log(path)


def sweep() -> None:
    """Take back jobs of workers that died, and wake a worker for everything that waits."""
    running = db.session.execute(
        select(Job.id, Job.worker, Job.heard_at).where(Job.state == JobState.RUNNING)
    ).all()
    lost = [
        row.id
        for row in running
        if row.id not in _at_work and _is_lost(row.worker or "", row.heard_at)
    ]
    db.session.execute(
        update(Job)
        .where(Job.id.in_(lost), Job.state == JobState.RUNNING)
        .values(state=JobState.QUEUED, worker=None, message="Its worker stopped; waiting again")
    )
    waiting = db.session.scalars(
        select(Job.id).where(Job.state == JobState.QUEUED, Job.not_before <= now()).order_by(Job.id)
    ).all()
    db.session.commit()
    for job_id in waiting:
        _post(job_id)


def _is_lost(worker: str, heard_at: datetime | None) -> bool:
    """Whether the worker is gone: ended, if it was on this host; silent for long, elsewhere."""
    host, _, pid = worker.rpartition(":")
    if worker == WORKER:
        return True  # ours, and not at work: its end could not be written down
    if host == socket.gethostname() and pid.isdigit():
        return not psutil.pid_exists(int(pid))
    return heard_at is None or heard_at < now() - SILENCE


def run(job_id: int) -> None:
    """Claim and run one job; a job that somebody else claimed is left alone."""
    _at_work.add(job_id)
    try:
        if _claim(job_id):
            _work(job_id)
    finally:
        _at_work.discard(job_id)


def _work(job_id: int) -> None:
    job = db.session.get_one(Job, job_id)
    kind, arguments = job.kind, dict(job.arguments)
    db.session.commit()
    try:
        TASKS[kind](_Reporter(job_id), **arguments)
        db.session.commit()
    except Exception as problem:
        log.exception("job %s (%s) failed", job_id, kind)
        db.session.rollback()
        _end(job_id, problem)
    else:
        _end(job_id, None)


def run_waiting() -> int:
    """Run every job that waits, in order, here and now; returns how many (commands, tests)."""
    count = 0
    while True:
        job_id = db.session.scalar(
            select(func.min(Job.id)).where(Job.state == JobState.QUEUED, Job.not_before <= now())
        )
        db.session.commit()
        if job_id is None:
            return count
        run(job_id)
        count += 1


def _claim(job_id: int) -> bool:
    claimed = db.session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state == JobState.QUEUED, Job.not_before <= now())
        .values(
            state=JobState.RUNNING,
            worker=WORKER,
            started_at=now(),
            heard_at=now(),
            attempts=Job.attempts + 1,
            done=0,
            message="",
        )
    )
    db.session.commit()
    return bool(claimed.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result has it


def _end(job_id: int, problem: Exception | None) -> None:
    job = db.session.get_one(Job, job_id)
    job.worker = None
    job.finished_at = now()
    if problem is None:
        job.state, job.message = JobState.DONE, job.message or "Done"
        job.done = job.total or job.done
    elif job.attempts < MAX_ATTEMPTS:
        job.state, job.not_before = JobState.QUEUED, now() + timedelta(seconds=30 * job.attempts)
        job.message = f"Will be tried again: {problem}"
    else:
        job.state, job.message = JobState.FAILED, f"{type(problem).__name__}: {problem}"
    if job.kind in FORGETFUL and job.state != JobState.QUEUED:
        job.arguments = {}
    db.session.commit()


class _Reporter:
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


group = AppGroup("jobs", help="Work that goes on behind the pages.")


@group.command("work")
def work() -> None:
    """Be a worker until stopped."""
    current_app.extensions["portal-jobs"].work()


@group.command("run")
def run_now() -> None:
    """Run what waits, here and now, and stop."""
    click.echo(f"Ran {run_waiting()} jobs.")
