"""SQLite's own files: which versions may damage them, how they are looked over and copied."""

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

FIXED = (3, 51, 3)
FIXED_BEFORE = ((3, 44, 6), (3, 50, 7))
"""Versions of older lines that have the correction, too (https://sqlite.org/wal.html#walresetbug)."""
SEEK_FIXED = (3, 42, 0)
BUSY_MS = 10_000
STATISTICS = "FROM sqlite_master WHERE name IN ('sqlite_stat1', 'sqlite_stat4')"


def has_reset_bug(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> bool:
    """Whether this version may damage a database: a commit that starts its log from the beginning
    while another connection copies the log into the database is overlooked."""
    is_corrected = any(version[:2] == one[:2] and version >= one for one in FIXED_BEFORE)
    return version < FIXED and not is_corrected


def has_seek_bug(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> bool:
    """Whether this version returns wrong rows where a database has statistics of its tables.

    With them (``ANALYZE``) it may step over the end of a range after an ``IN`` in one index
    (https://sqlite.org/src/info/b50528af4468237c): counts come out too large, without an error.
    """
    return version < SEEK_FIXED


def file_of(engine: Engine) -> Path | None:
    """Return the file of an engine's database; None for one in memory and for other databases."""
    name = engine.url.database if engine.dialect.name == "sqlite" else None
    return Path(name).absolute() if name and name != ":memory:" else None


def problems(path: Path) -> list[str]:
    """Look over every page of a database (`quick_check`); returns what is wrong with it."""
    try:
        with closing(_connected(path)) as connection:
            found = [str(row[0]) for row in connection.execute("PRAGMA quick_check(20)")]
    except sqlite3.DatabaseError as problem:
        return [str(problem)]
    return [] if found == ["ok"] else found


def copy(path: Path, target: Path) -> None:
    """Copy a database as it stands at one moment, while it is in use, into a file of its own."""
    with closing(_connected(path)) as source, closing(sqlite3.connect(target)) as made:
        source.backup(made)
        made.execute("PRAGMA journal_mode=DELETE")


def rows(path: Path) -> dict[str, int]:
    """Return how many rows each table has."""
    tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    with closing(sqlite3.connect(path)) as connection:
        names = sorted(str(row[0]) for row in connection.execute(tables))
        counts = {name: f'SELECT count(*) FROM "{name}"' for name in names}  # noqa: S608  # names of tables
        return {name: connection.execute(count).fetchone()[0] for name, count in counts.items()}


def _connected(path: Path) -> sqlite3.Connection:
    """Open a database that is there, without ever copying its log into it."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)
    connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    connection.execute("PRAGMA wal_autocheckpoint=0")
    return connection


def prepare_log(cursor: Any) -> None:
    """Let a connection leave the log alone where it might do harm: the worker copies it."""
    if has_reset_bug():
        cursor.execute("PRAGMA wal_autocheckpoint=0")


def look_after(path: Path) -> None:
    """Do for a database what one process alone may, as often as the worker looks."""
    if has_seek_bug():
        forget_statistics(path)
    if has_reset_bug():
        copy_log(path)


def has_statistics(path: Path) -> bool:
    """Whether somebody ran ``ANALYZE`` on a database: the portal never does."""
    with closing(_connected(path)) as connection:
        return bool(connection.execute(f"SELECT 1 {STATISTICS}").fetchone())


def forget_statistics(path: Path) -> None:
    """Remove the statistics of a database, which every connection notices; a busy one waits for the
    next time."""
    with closing(_connected(path)) as connection, suppress(sqlite3.OperationalError):
        for (name,) in connection.execute(f"SELECT name {STATISTICS}").fetchall():
            connection.execute(f'DROP TABLE "{name}"')


def copy_log(path: Path) -> None:
    """Copy what is in a database's log into it while nobody writes; a busy database waits for the
    next time.

    The write lock is held meanwhile: no commit can start the log anew under the copying, which is
    what versions with the bug overlook.
    """
    with closing(_connected(path)) as holds, closing(_connected(path)) as copies:
        holds.isolation_level = None
        try:
            holds.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return
        copies.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        holds.execute("ROLLBACK")


def log_size(path: Path) -> int:
    """Return the bytes of a database's log."""
    log = path.with_name(f"{path.name}-wal")
    return log.stat().st_size if log.exists() else 0


def replace(path: Path, made: Path) -> None:
    """Put a database in the place of another, to which nobody is connected."""
    for log in ("-wal", "-shm"):
        path.with_name(path.name + log).unlink(missing_ok=True)
    os.replace(made, path)
