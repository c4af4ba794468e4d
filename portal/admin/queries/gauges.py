"""How the work behind the pages stands, in numbers: for `/metrics` and `flask doctor`."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from portal.accounts.models import UserSession
from portal.clock import now
from portal.db import db
from portal.jobs import Job, JobState, is_due
from portal.notifications.models import Email
from portal.search.models import IndexChange

NEWEST_JOBS = 500
"""Among so many of the newest jobs stands the one that a worker was heard with last."""


@dataclass(frozen=True, slots=True)
class Gauge:
    """A number as it is now."""

    name: str
    words: str
    value: float
    labels: Mapping[str, str] | None = None


def gauges(settings: Mapping[str, Any]) -> list[Gauge]:
    """Return every number; raises SQLAlchemyError where the database does not answer."""
    return [*_jobs(), *_emails(), *_index(), _sessions(), *disk(settings)]


def _jobs() -> list[Gauge]:
    counts = dict(
        db.session.execute(
            select(Job.state, func.count()).group_by(Job.state).where(Job.state != JobState.DONE)
        ).all()
    )
    states = [
        Gauge("portal_jobs", "Jobs by state", counts.get(state, 0), {"state": state.value})
        for state in JobState
        if state != JobState.DONE
    ]
    oldest = db.session.scalar(select(func.min(Job.not_before)).where(is_due()))
    heard = worker_heard_at()
    return [
        *states,
        Gauge("portal_job_oldest_seconds", "Seconds that the oldest due job waits", _age(oldest)),
        Gauge("portal_worker_heard_seconds", "Seconds since any worker was heard", _age(heard)),
    ]


def worker_heard_at() -> datetime | None:
    """Return when a worker was last at work; one that lives has a job every five minutes."""
    newest = select(func.max(Job.id)).scalar_subquery()
    return db.session.scalar(select(func.max(Job.heard_at)).where(Job.id > newest - NEWEST_JOBS))


def _emails() -> list[Gauge]:
    unsent = Email.sent_at.is_(None)
    waiting = db.session.scalar(select(func.count(Email.id)).where(unsent)) or 0
    refused = unsent & Email.error.is_not(None)
    failed = db.session.scalar(select(func.count(Email.id)).where(refused)) or 0
    return [
        Gauge("portal_emails_unsent", "Emails that were not sent yet, or never", waiting),
        Gauge("portal_emails_refused", "Emails of these that were refused at least once", failed),
    ]


def _index() -> list[Gauge]:
    count, oldest = db.session.execute(
        select(func.count(IndexChange.id), func.min(IndexChange.at))
    ).one()
    return [
        Gauge("portal_index_waiting", "Changes that the search index waits for", count),
        Gauge("portal_index_lag_seconds", "Seconds that the oldest of them waits", _age(oldest)),
    ]


def _sessions() -> Gauge:
    live = select(func.count(UserSession.id)).where(UserSession.revoked_at.is_(None))
    return Gauge("portal_sessions", "Browsers not signed out", db.session.scalar(live) or 0)


def disk(settings: Mapping[str, Any]) -> list[Gauge]:
    """Return the room on the disk of the instance folder."""
    usage = shutil.disk_usage(Path(settings["INSTANCE"]))
    return [
        Gauge("portal_disk_free_bytes", "Free below the instance folder", usage.free),
        Gauge("portal_disk_bytes", "Size of that disk", usage.total),
    ]


def _age(moment: datetime | None) -> float:
    return 0.0 if moment is None else max((now() - moment).total_seconds(), 0.0)
