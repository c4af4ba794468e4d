"""How connections to the databases are opened: what SQLite and PostgreSQL are told first."""

import os
from contextlib import suppress
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from portal.sqlite import prepare_log
from portal.text import folded_for_sorting

STATEMENTS_KEPT = 3000
"""Statements that a process keeps compiled: all pages have more than SQLAlchemy's own 500."""

MAX_PREPARED = 1000
"""Statements that a connection keeps prepared: pages have more than the 100 of psycopg and the 128
of sqlite3, and planning one may take longer than running it."""


def engine_options(url: str) -> dict[str, Any]:
    """Return how SQLAlchemy opens a database, as keyword arguments of ``create_engine``."""
    # What people typed is in no log: neither in errors nor where statements are told.
    told = {"url": url, "hide_parameters": True, "query_cache_size": STATEMENTS_KEPT}
    if url.startswith("sqlite"):
        told["connect_args"] = {"cached_statements": MAX_PREPARED}
    return told


def keep_private(path: str) -> None:
    """Let only its owner read a file; the logs beside a database get the database's own mode.

    A file of another owner, or on a disk without modes, stays as it is.
    """
    with suppress(OSError):
        if path and os.stat(path).st_mode & 0o077:
            os.chmod(path, 0o600)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, record: Any) -> None:
    if connection.__class__.__module__ != "sqlite3":
        return
    connection.isolation_level = None  # we say BEGIN ourselves, below
    connection.create_function("folded_for_sorting", 1, _fold_or_none, deterministic=True)
    cursor = connection.cursor()
    cursor.execute("PRAGMA database_list")
    for _number, _name, path in cursor.fetchall():
        keep_private(path)
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.execute("PRAGMA synchronous=NORMAL")
    prepare_log(cursor)
    # Kibibytes: figures over the whole pipeline come back to the same pages again and again.
    cursor.execute("PRAGMA cache_size=-16000")
    cursor.close()


@event.listens_for(Engine, "connect")
def _prepare_postgresql(connection: Any, record: Any) -> None:
    if connection.__class__.__module__.startswith("psycopg"):
        connection.prepared_max = MAX_PREPARED


def _fold_or_none(name: str | None) -> str | None:
    return None if name is None else folded_for_sorting(name)
