"""Every night, before the backup: look over SQLite's file."""

from portal import sqlite
from portal.backups.services.dumping import expect_whole
from portal.db import db
from portal.jobs import Progress, task

SORRY = "The database is damaged. Restore the newest backup, as docs/operating/restore.md says"


@task("backups.look_over", schedule="30 0")
def look_over(_progress: Progress) -> None:
    """Read every page of SQLite's file; fails with what is wrong. PostgreSQL looks after its own.
    Safe to run twice."""
    path = sqlite.file_of(db.engine)
    if path is not None:
        expect_whole(path, SORRY)
