"""The database as one file, and back: SQLite's backup interface, `pg_dump` and `pg_restore`."""

import os
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Connection, Engine, func, inspect, select, table, text

from portal import sqlite
from portal.backups.services.tools import is_here, run
from portal.db import reading
from portal.errors import Conflict, Invalid

REPEATABLE = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def dump(engine: Engine, target: Path) -> Mapping[str, int]:
    """Write the database into a file as it stands at one moment, while it is in use; returns how
    many rows each table has in it.

    Raises Invalid when SQLite's file is damaged: what is broken is no backup.
    """
    path = sqlite.file_of(engine)
    if path is None:
        return _dump_postgresql(engine, target)
    expect_whole(path, "The database is damaged, and no backup was made")
    sqlite.copy(path, target)
    return sqlite.rows(target)


def expect_whole(path: Path, sorry: str) -> None:
    """Raise Invalid with what is wrong with a file of SQLite."""
    if found := sqlite.problems(path):
        raise Invalid(f"{sorry}: {'; '.join(found[:3])}")


def rows_of(engine: Engine) -> Mapping[str, int]:
    """Return how many rows each table has, counted at one moment."""
    with reading(), engine.connect() as connection:
        return _count(connection)


def _count(connection: Connection) -> Mapping[str, int]:
    names = sorted(inspect(connection).get_table_names())
    counts = {name: select(func.count()).select_from(table(name)) for name in names}
    return {name: connection.scalar(count) or 0 for name, count in counts.items()}


def _dump_postgresql(engine: Engine, target: Path) -> Mapping[str, int]:
    """Let `pg_dump` see what is counted here: both read the same snapshot."""
    with engine.connect().execution_options(**REPEATABLE) as connection:
        snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
        rows = _count(connection)
        _run("pg_dump", engine, "--format=custom", f"--snapshot={snapshot}", f"--file={target}")
    return rows


def _run(program: str, engine: Engine, *options: str) -> None:
    """Run a program of PostgreSQL on the database; its password is in no list of processes."""
    url = engine.url.set(drivername="postgresql", password=None)
    address = url.render_as_string(hide_password=False)
    secret = {"PGPASSWORD": str(engine.url.password)} if engine.url.password else {}
    both = ("--no-owner", "--no-privileges", f"--dbname={address}")
    run(program, *both, *options, environment=secret)


def read_through(made: Path, kind: str) -> Mapping[str, int] | None:
    """Read a dump to its end; returns how many rows each table has, None where only the reading
    itself can be told. Raises Invalid when it is damaged."""
    if kind == "sqlite":
        expect_whole(made, "The database of the backup is damaged")
        return sqlite.rows(made)
    if not is_here("pg_restore"):
        raise Invalid("pg_restore is not installed on this machine, and is needed to read it")
    run("pg_restore", f"--file={os.devnull}", str(made))
    return None


def expect_empty(engine: Engine) -> None:
    """Raise Conflict when the database has tables."""
    with reading(), engine.connect() as connection:
        found = inspect(connection).get_table_names()
    if found:
        where = engine.url.render_as_string(hide_password=True)
        raise Conflict(
            f"{where} is not empty: it has {len(found)} tables. Nothing was changed. Restore into "
            "an empty database, or move this one out of the way first."
        )


def undump(engine: Engine, made: Path) -> None:
    """Make an empty database what it was when it was dumped."""
    path = sqlite.file_of(engine)
    if path is None:
        options = ("--single-transaction", "--exit-on-error")
        _run("pg_restore", engine, *options, str(made))
        return
    engine.dispose()
    sqlite.replace(path, made)
