"""What `flask doctor` looks at: whether a set-up can do its work, in words."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
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
PRIVATE = ("secret_key", "password_salt", "two_factor_secret", "audit_key", "portal.db", "jobs.db")


__all__ = ["Finding", "Grade", "findings"]


def findings(settings: Settings) -> Iterator[Finding]:
    """Look at everything; what cannot be asked without the database says so."""
    of_keys = (keys.sealed, keys.unchanged, keys.older_signing, keys.factors)
    of_rows = (around.worker, around.index, around.clock, *of_keys)
    for check in (database, tables, sqlite_file, jobs, mail, *of_rows):
        try:
            yield from list(check(settings))
        except SQLAlchemyError as problem:
            db.session.rollback()
            yield Finding(Grade.WRONG, check.__name__, f"cannot be asked: {_short(problem)}")
    for look in (secrets, disk, around.mail_server, around.proxy, backups):
        yield from look(settings)


def _short(problem: Exception) -> str:
    return str(problem).strip().splitlines()[0]


def database(settings: Settings) -> Iterator[Finding]:
    """Whether the database answers."""
    db.session.execute(text("SELECT 1"))
    kind = db.engine.dialect.name
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
    yield Finding(Grade.WRONG, "tables", f"{stands}, this version wants {head}: flask db upgrade")


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
        words = f"{waiting} jobs wait since more than 10 minutes: is “flask jobs work” running?"
        yield Finding(Grade.WRONG, "worker", words)
    else:
        yield Finding(Grade.GOOD, "worker", "nothing waits for long")
    lately = (Job.state == JobState.FAILED) & (Job.finished_at > now() - timedelta(days=1))
    for kind, message in db.session.execute(
        select(Job.kind, func.max(Job.message)).where(lately).group_by(Job.kind).order_by(Job.kind)
    ):
        yield Finding(Grade.WRONG, "failed job", f"{kind}: {message}")


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
    open_to_all = [
        name
        for name in PRIVATE
        if (folder / name).exists() and (folder / name).stat().st_mode & 0o077
    ]
    if open_to_all:
        words = f"others can read {', '.join(open_to_all)} in {folder}: chmod 600"
        yield Finding(Grade.WRONG, "file modes", words)
    else:
        yield Finding(Grade.GOOD, "file modes", f"only their owner reads the secrets in {folder}")


def disk(settings: Settings) -> Iterator[Finding]:
    """Whether there is room to write."""
    folder = Path(settings["INSTANCE"])
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
