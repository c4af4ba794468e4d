"""What this room declares: its own tables, those of the ground, and rules of no other room."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from portal.accounts.models import User
from portal.db import db
from portal.files import sweep, unnamed
from portal.jobs import Job, JobState
from portal.personal import Place, Retention, deleting, places
from portal.privacy.models import DataCopy, RetentionRun
from portal.privacy.rules import COPIES
from portal.privacy.services.erasing import erase_next, is_due

PLACES = (
    Place(
        "job",
        "jobs",
        typed="arguments message",
        plain="kind key worker",
        stays="Work of this portal, and how it went",
    ),
    # Of a file that was sent only what its row says is looked through; see `Place.files`.
    Place(
        "stored_file",
        plain="room stored content",
        stays="Files lie beside the tables, wherever this portal keeps them",
    ),
    Place(
        "data_copy",
        "copies of what is held",
        plain="stored",
        made=COPIES,
        stays="Made again when somebody asks",
    ),
    Place("retention_days", plain="code"),
    Place("retention_run", plain="code"),
)


def _erasing(condition: Any) -> dict[str, Any]:
    def count(before: datetime) -> int:
        found = select(func.count(User.id)).where(condition(before), is_due())
        return db.session.scalar(found) or 0

    return {"forget": lambda before, limit: erase_next(condition(before), limit), "count": count}


def _over_files(act: Any) -> Any:
    """Return a function that does `act` to the kept files which no row names, of every room."""

    def done(before: datetime, _limit: int = 0) -> int:
        total = 0
        for place in places():
            if room := place.files or place.made:
                named = set(db.session.scalars(select(place.source.c.stored)))
                total += act(room=room, named=named, before=before.timestamp())
        return total

    return done


ENDED = (JobState.DONE, JobState.FAILED)
RETENTION = (
    Retention(
        code="unconfirmed",
        what="Accounts whose address was never confirmed",
        why="Somebody may need some time to open the link; after that nobody asked for the account",
        done="Erased: only a number is left",
        days=30,
        floor=7,
        ceiling=90,
        **_erasing(lambda before: User.confirmed_at.is_(None) & (User.created_at < before)),
    ),
    Retention(
        code="leavers",
        what="Closed accounts: name and address",
        why="So that colleagues know who did what while it is still in question, and that the"
        " account can be opened again",
        done="Erased: “a former member of …” and a number are left",
        days=730,
        floor=30,
        ceiling=2200,
        **_erasing(lambda before: User.active.is_(False) & (User.closed_at < before)),
    ),
    Retention(
        code="jobs",
        what="Jobs that ended: what was done and how it went",
        why="To see what went wrong",
        done="Deleted",
        days=90,
        floor=7,
        ceiling=400,
        **deleting(Job, lambda before: (Job.finished_at < before) & Job.state.in_(ENDED)),
    ),
    Retention(
        code="runs",
        what="What the nightly clearing did, without names",
        why="To show that it was done",
        done="Deleted",
        days=400,
        floor=90,
        ceiling=1100,
        **deleting(RetentionRun, lambda before: RetentionRun.at < before),
    ),
    Retention(
        code="copies",
        what="Copies of what is held about a person, made for that person",
        why="So that the person can fetch them",
        done="Deleted",
        days=7,
        floor=1,
        ceiling=30,
        **deleting(DataCopy, lambda before: DataCopy.made_at < before),
    ),
    Retention(
        code="files",
        what="Files that were sent and that nothing names any more",
        why="A file is written before the message that it belongs to",
        done="Deleted",
        days=1,
        floor=1,
        ceiling=1,
        forget=_over_files(sweep),
        count=_over_files(unnamed),
    ),
)
