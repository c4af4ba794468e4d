"""The job queue: a row says what is to be done and how far it is; huey tells a worker to look.

The row is the truth. It is written in the transaction of the change that causes it, so a change
that is rolled back starts nothing and one that is committed loses nothing: whatever huey forgets
(it hands each message out at most once) is found by the sweep and handed out again.
"""

import ctypes
import logging
import math
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime, timedelta
from typing import Any

import click
import psutil
from flask import Flask, current_app
from flask.cli import AppGroup
from huey import crontab
from sqlalchemy import ColumnElement, event, func, select, update
from sqlalchemy.orm import Session, aliased

from portal import sqlite
from portal.clock import now
from portal.db import db
from portal.job_rows import (
    FORGETFUL,
    LIMIT,
    LIMITS,
    LONGEST_WAIT,
    PROMPT,
    SCHEDULE,
    TASKS,
    Job,
    JobState,
    Progress,
    Reporter,
    TookTooLong,
    Work,
    task,
)
from portal.queues import make_huey

__all__ = ["SCHEDULE", "TASKS", "Job", "JobState", "Progress", "enqueue", "run_waiting", "task"]

log = logging.getLogger(__name__)

THREADS = 2
"""Threads of a worker: one does the slow lane's job, so that one is free for what is prompt."""
MAX_ATTEMPTS = 3
HEARTBEAT = timedelta(seconds=10)
SILENCE = timedelta(seconds=60)
"""A running job whose worker has not been heard for this long is taken back."""
WORKER = f"{socket.gethostname()}:{os.getpid()}"
_at_work: dict[int, Work] = {}
"""The jobs that this process is running now."""
_slow_lane, _watch = threading.Semaphore(), threading.Lock()


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
                queue_scheduled(kind)

        self.huey.periodic_task(crontab(minute=minute, hour=hour), name=f"schedule-{kind}")(
            queue_it
        )

    def run(self, job_id: int) -> None:
        """Run one job to its end, whatever it is."""
        with self.app.app_context():
            run(job_id)

    def work(self) -> None:
        """Be a worker until stopped. What is done every few minutes tells at once that one is."""
        with self.app.app_context():
            sweep()  # what a killed one left
            for kind in (kind for kind, line in SCHEDULE.items() if line.startswith("*/")):
                queue_scheduled(kind)
        stop = threading.Event()
        threading.Thread(target=self._keep_sweeping, args=(stop,), daemon=True).start()
        try:
            self.huey.create_consumer(workers=THREADS).run()
        finally:
            stop.set()

    def _keep_sweeping(self, stop: threading.Event) -> None:
        while not stop.wait(HEARTBEAT.total_seconds()):
            try:
                with self.app.app_context():
                    stop_overdue()
                    beat()
                    sweep()
                    look_after_database()
            except Exception:
                log.exception("the sweep failed; it will be tried again")


def init_app(app: Flask) -> None:
    """Give the application its queue (tasks must be registered before)."""
    app.extensions["portal-jobs"] = Jobs(app)


def queue_scheduled(kind: str) -> None:
    """Queue what is done every day, unless another worker's clock has just done so."""
    key = f"schedule:{kind}"
    _alone(key)
    lately = select(Job.id).where(Job.key == key, Job.requested_at > now() - SILENCE / 2).limit(1)
    if db.session.scalar(lately) is None:
        enqueue(kind, key=key)
    db.session.commit()


def _alone(what: str) -> None:
    """Let nobody else pass until the transaction ends: SQLite's has the one lock already."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(func.hashtext(what))))


def stop_overdue() -> None:
    """Stop the jobs of this process that took longer than they may."""
    with _watch:
        for job_id, work in _at_work.items():
            if time.monotonic() > work.until and not work.is_stopped:
                log.error("job %s (%s) took too long: it is stopped", job_id, work.kind)
                work.is_stopped = True
                stop = ctypes.py_object(TookTooLong)
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(work.thread), stop)


def beat() -> None:
    """Say that this worker's running jobs are alive."""
    db.session.execute(
        update(Job)
        .where(Job.worker == WORKER, Job.state == JobState.RUNNING)
        .values(heard_at=now())
    )
    db.session.commit()


def look_after_database() -> None:
    """Do for SQLite's file what no other process may: the worker alone does."""
    path = sqlite.file_of(db.engine)
    if path is not None:
        sqlite.look_after(path)


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
    waiting = db.session.scalars(select(Job.id).where(is_due()).order_by(Job.id)).all()
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


def is_due() -> ColumnElement[bool]:
    """Return SQL for "the job waits, and its time has come". A moment further ahead than any
    postponement was written before the clock was set back, and is no reason to wait."""
    has_come = (Job.not_before <= now()) | (Job.not_before > now() + LONGEST_WAIT)
    return (Job.state == JobState.QUEUED) & has_come


def run(job_id: int) -> bool:
    """Claim and run one job; a job that somebody else claimed, whose kind runs elsewhere or whose
    lane is taken is left alone, and handed out when that has ended. Returns whether it ran."""
    kind = db.session.scalar(select(Job.kind).where(Job.id == job_id, is_due()))
    db.session.commit()
    if kind is None:
        return False
    lane = nullcontext(True) if kind in PROMPT else _taken(_slow_lane)
    with lane as is_free:
        done = bool(is_free) and _run(job_id, kind)
    if done:
        _hand_on(kind)
    return done


@contextmanager
def _taken(lane: threading.Semaphore) -> Iterator[bool]:
    is_free = lane.acquire(blocking=False)
    try:
        yield is_free
    finally:
        if is_free:
            lane.release()


def _run(job_id: int, kind: str) -> bool:
    limit = LIMITS.get(kind, LIMIT)
    work = Work(kind, threading.get_ident(), time.monotonic() + limit.total_seconds())
    with _watch:
        if job_id in _at_work:
            return False
        _at_work[job_id] = work
    try:
        if is_claimed := _claim(job_id, kind):
            _work(job_id, work)
        return is_claimed
    finally:
        with _watch:
            _at_work.pop(job_id, None)


def _hand_on(kind: str) -> None:
    """Wake a worker for the next job that may have waited for this one to end."""
    same = Job.kind == kind if kind in PROMPT else Job.kind.not_in(PROMPT)
    waiting = db.session.scalar(select(func.min(Job.id)).where(is_due(), same))
    db.session.commit()
    if waiting is not None:
        _post(waiting)


def _work(job_id: int, work: Work) -> None:
    job = db.session.get_one(Job, job_id)
    kind, arguments = job.kind, dict(job.arguments)
    db.session.commit()
    problem: Exception | None = None
    try:
        TASKS[kind](Reporter(job_id), **arguments)
        db.session.commit()
    except Exception as found:
        log.exception("job %s (%s) failed", job_id, kind)
        db.session.rollback()
        problem = found
    with _watch:
        work.until = math.inf  # nobody stops it while its end is written down
    _end(job_id, problem)


def run_waiting() -> int:
    """Run every job that waits, in order, here and now; returns how many (commands, tests)."""
    count, left = 0, [0]
    while True:
        job_id = db.session.scalar(select(func.min(Job.id)).where(is_due(), Job.id.not_in(left)))
        db.session.commit()
        if job_id is None:
            return count
        if run(job_id):
            count += 1
        else:
            left.append(job_id)


def _claim(job_id: int, kind: str) -> bool:
    """Take the job, unless one of its kind runs anywhere: two workers never do the same at once."""
    _alone(kind)
    other = aliased(Job)
    runs = select(other.id).where(other.kind == kind, other.state == JobState.RUNNING)
    claimed = db.session.execute(
        update(Job)
        .where(Job.id == job_id, is_due(), ~runs.exists())
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
    elif job.attempts < MAX_ATTEMPTS and not isinstance(problem, TookTooLong):
        job.state, job.not_before = JobState.QUEUED, now() + timedelta(seconds=30 * job.attempts)
        job.message = f"Will be tried again: {problem}"
    else:
        job.state, job.message = JobState.FAILED, f"{type(problem).__name__}: {problem}"
        if isinstance(problem, TookTooLong):
            limit = LIMITS.get(job.kind, LIMIT).total_seconds() / 60
            job.message = f"Stopped: it took longer than the {limit:.0f} minutes that it may"
    if job.kind in FORGETFUL and job.state != JobState.QUEUED:
        job.arguments = {}
    db.session.commit()


group = AppGroup("jobs", help="Work that goes on behind the pages.")


@group.command("work")
def work() -> None:
    """Be a worker until stopped."""
    current_app.extensions["portal-jobs"].work()


@group.command("run")
def run_now() -> None:
    """Run what waits, here and now, and stop."""
    click.echo(f"Ran {run_waiting()} jobs.")
