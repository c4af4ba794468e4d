"""What `flask doctor` looks at: whether a set-up can do its work, in words."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from portal import sqlite
from portal.admin.queries import around, keys
from portal.admin.queries.findings import Finding, Grade, Settings
from portal.clock import now
from portal.db import db, migrations
from portal.jobs import Job, JobState
from portal.notifications.models import Email

WAITING = timedelta(minutes=10)
"""A job that waits longer than this has no worker."""
LONG_LOG = 256 * 1024 * 1024
LITTLE_ROOM = 0.05
"""The share of a disk below which it is nearly full."""
PRIVATE = (
    *("secret_key", "password_salt", "two_factor_secret", "audit_key"),
    *("portal.db", "jobs.db", keys.FINGERPRINTS),
)


Check = Callable[[Settings], Iterator[Finding]]

__all__ = ["Finding", "Grade", "findings"]


def findings(settings: Settings) -> Iterator[Finding]:
    """Look at everything; one fault is said once: rows are not asked for where the database does
    not answer, nor whether they can be where their tables are those of another version."""
    there = _asked("database", database, settings)
    yield from there
    # Before what asks since when a secret is a new one: this notes it.
    yield from keys.unchanged(settings)
    if _are_good(there):
        right = _asked("tables", tables, settings)
        yield from right
        for what, check in OF_ROWS.items():
            found = _asked(what, check, settings)
            yield from found if _are_good(right) else filter(_is_answered, found)
    for look in (keys.separate, secrets, disk, around.mail_server, around.proxy, backups):
        yield from look(settings)


UNANSWERED = "cannot be asked:"


def _asked(what: str, check: Check, settings: Settings) -> list[Finding]:
    try:
        return list(check(settings))
    except (SQLAlchemyError, sqlite3.Error) as problem:
        db.session.rollback()
        return [Finding(Grade.WRONG, what, f"{UNANSWERED} {_short(problem)}")]


def _are_good(found: list[Finding]) -> bool:
    return all(one.grade == Grade.GOOD for one in found)


def _is_answered(found: Finding) -> bool:
    return not found.words.startswith(UNANSWERED)


def _short(problem: Exception) -> str:
    return str(getattr(problem, "orig", None) or problem).strip().splitlines()[0]


def database(settings: Settings) -> Iterator[Finding]:
    """Whether the database answers."""
    kind, path = db.engine.dialect.name, sqlite.file_of(db.engine)
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError as problem:
        db.session.rollback()
        hint = "does its server run?"
        if path:
            hint = f"are {path} and its folder there? If damaged: docs/operating/restore.md"
        words = f"does not answer: {_short(problem)}. Look at DATABASE_URL: {hint}"
        yield Finding(Grade.WRONG, "database", f"{words}. The rest is looked at when it answers")
        return
    yield Finding(Grade.GOOD, "database", f"{kind} answers")


def tables(settings: Settings) -> Iterator[Finding]:
    """Whether the tables are those of this version."""
    head = max(one.revision for one in migrations.script_directory.walk_revisions())
    has_any = inspect(db.session.connection()).has_table("alembic_version")
    found = has_any and db.session.scalar(text("SELECT version_num FROM alembic_version"))
    if found == head:
        yield Finding(Grade.GOOD, "tables", f"at migration {head}, as this version wants them")
        return
    stands = f"stand at migration {found}" if found else "are missing"
    mend = "flask db upgrade"
    if not found:
        place = db.engine.url.render_as_string(hide_password=True)
        mend += f" in a new service. One that had data has it elsewhere than in {place}: look at"
        mend += " DATABASE_URL and the disk first, then docs/operating/restore.md"
    elif str(found) > head:
        mend = "they are of a newer version, which must be installed here"
    yield Finding(Grade.WRONG, "tables", f"{stands}, this version wants {head}: {mend}")


def sqlite_file(settings: Settings) -> Iterator[Finding]:
    """Whether SQLite's version is safe, and its log short."""
    path = sqlite.file_of(db.engine)
    if path is None:
        return
    version = sqlite3.sqlite_version
    if sqlite.has_reset_bug():
        yield Finding(
            Grade.MIND,
            "SQLite",
            f"{version} can damage a database when two processes copy its log (corrected in 3.51.3,"
            " 3.50.7 and 3.44.6): the worker alone copies it here. Keep a worker running, let no"
            " other program open the file, and take PostgreSQL for production",
        )
    else:
        yield Finding(Grade.GOOD, "SQLite", f"{version} has the correction of its log")
    if sqlite.has_seek_bug() and sqlite.has_statistics(path):
        yield Finding(
            Grade.WRONG,
            "SQLite's statistics",
            f"make {version} count wrongly (corrected in 3.42.0): somebody ran ANALYZE. Start a"
            " worker, which removes them, and let no other program open the file",
        )
    if (size := sqlite.log_size(path)) > LONG_LOG:
        yield Finding(
            Grade.WRONG, "SQLite's log", f"has {size // 2**20} MB: start a worker, which copies it"
        )


def jobs(settings: Settings) -> Iterator[Finding]:
    """Whether a worker does what waits, and whether anything failed of late."""
    waits = (Job.state == JobState.QUEUED) & (Job.not_before < now() - WAITING)
    waiting = db.session.scalar(select(func.count(Job.id)).where(waits)) or 0
    if waiting:
        words = f"{waiting} waiting for more than 10 minutes: is “flask jobs work” running?"
        yield Finding(Grade.WRONG, "worker", words)
    else:
        yield Finding(Grade.GOOD, "worker", "nothing waits for long")
    lately = (Job.state == JobState.FAILED) & (Job.finished_at > now() - timedelta(days=1))
    for kind, message in db.session.execute(
        select(Job.kind, func.max(Job.message)).where(lately).group_by(Job.kind).order_by(Job.kind)
    ):
        words = f"{kind}: {message} (mend that, then “Try again” on /admin/jobs)"
        yield Finding(Grade.WRONG, "failed job", words)


def mail(settings: Settings) -> Iterator[Finding]:
    """Whether emails leave."""
    refused = (Email.sent_at.is_(None)) & (Email.error.is_not(None))
    count = db.session.scalar(select(func.count(Email.id)).where(refused)) or 0
    if count:
        why = db.session.scalar(select(func.max(Email.error)).where(refused))
        yield Finding(Grade.MIND, "mail", f"{count} emails were refused at least once, as: {why}")
    else:
        yield Finding(Grade.GOOD, "mail", "none is refused")


def secrets(settings: Settings) -> Iterator[Finding]:
    """Whether others on the machine can read what is secret."""
    folder = Path(settings["INSTANCE"])
    paths = {*(folder / name for name in PRIVATE), sqlite.file_of(db.engine) or folder}
    open_to_all = [str(path) for path in sorted(paths) if path.is_file() and _is_open(path)]
    if open_to_all:
        words = f"others can read {', '.join(open_to_all)}: chmod 600"
        yield Finding(Grade.WRONG, "file modes", words)
    else:
        yield Finding(Grade.GOOD, "file modes", f"only their owner reads the secrets in {folder}")


def _is_open(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o077)


def disk(settings: Settings) -> Iterator[Finding]:
    """Whether the folder is there, is of who asks, and has room to write."""
    folder = Path(settings["INSTANCE"])
    if not folder.is_dir():
        yield Finding(Grade.WRONG, "disk", f"{folder} is not there: make it, or set INSTANCE")
        return
    if folder.stat().st_uid != os.geteuid():
        words = f"{folder} is another user's: run commands as that one, or what they write is yours"
        yield Finding(Grade.MIND, "user", f"{words} and the service cannot read it")
    usage = shutil.disk_usage(folder)
    words = f"{usage.free // 2**20:,} MB free below {folder}"
    if not os.access(folder, os.W_OK):
        yield Finding(Grade.WRONG, "disk", f"{folder} cannot be written by this user")
    elif usage.free < LITTLE_ROOM * usage.total:
        yield Finding(Grade.MIND, "disk", f"{words}: nearly full")
    else:
        yield Finding(Grade.GOOD, "disk", words)


def backups(settings: Settings) -> Iterator[Finding]:
    """Whether the programs are there that a backup needs."""
    needed = [] if db.engine.dialect.name == "sqlite" else ["pg_dump", "pg_restore"]
    key = str(settings["BACKUP_KEY"])
    needed += [] if not key else ["gpg" if key.startswith("gpg:") else "age"]
    missing = [name for name in needed if shutil.which(name) is None]
    if missing:
        words = f"{' and '.join(missing)} is not installed: no backup can be made here"
        yield Finding(Grade.WRONG, "backups", words)
    elif not key:
        yield Finding(Grade.MIND, "backups", "are not encrypted: BACKUP_KEY is not set")
    else:
        yield Finding(Grade.GOOD, "backups", "can be made here, and are encrypted")


OF_ROWS: Mapping[str, Check] = {
    "SQLite": sqlite_file,
    "worker": jobs,
    "mail": mail,
    "heartbeat": around.worker,
    "search index": around.index,
    "clock": around.clock,
    "audit key": keys.sealed,
    keys.OLDER: keys.older_signing,
    keys.ON_APPS: keys.factors,
}
"""What asks the database, by what it is about."""
