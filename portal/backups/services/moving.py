"""Move from SQLite to PostgreSQL: every row copied as it stands, then compared one by one."""

import sqlite3
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Engine,
    Row,
    String,
    Table,
    collate,
    create_engine,
    func,
    inspect,
    null,
    select,
    text,
)

from portal.backups.services import dumping
from portal.backups.services.making import migration_of
from portal.db import Base, go_on_counting
from portal.errors import Invalid

AT_ONCE = 1000
"""Rows that are held in memory."""
KEYS = """
    SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
    FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace
    ORDER BY 1, 2
"""


def expect_movable(path: Path, engine: Engine, head: str) -> None:
    """Raise Invalid unless a whole database of SQLite of this version is to go into PostgreSQL,
    Conflict when that is not empty."""
    if engine.dialect.name != "postgresql":
        raise Invalid("DATABASE_URL must name the PostgreSQL database into which to copy")
    dumping.expect_whole(path, f"{path} is damaged")
    with _opened(path) as source:
        found = migration_of(source)
    if found != head:
        raise Invalid(
            f"{path} stands at migration {found}, this version at {head}. Run “flask db upgrade” "
            "on it first."
        )
    dumping.expect_empty(engine)


@contextmanager
def _opened(path: Path) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{path}", hide_parameters=True)
    try:
        yield engine
    finally:
        engine.dispose()


def move(*, path: Path, engine: Engine) -> Mapping[str, int]:
    """Copy every row of a file of SQLite into the tables of PostgreSQL, which the migrations have
    just made, in one transaction, and compare; returns how many rows each table has.

    Raises Invalid, and copies nothing, when a row is refused or is not the same afterwards.
    """
    tables = Base.metadata.sorted_tables
    with _opened(path) as source, engine.begin() as target:
        _expect_same_tables(source, tables)
        copy_rows(path=path, target=target, tables=tables)
        with source.connect() as there:
            return {one.name: _compare(there, target, one) for one in tables}


def _expect_same_tables(source: Engine, tables: Sequence[Table]) -> None:
    with source.connect() as connection:
        found = set(inspect(connection).get_table_names()) - {"alembic_version"}
    if other := found ^ {table.name for table in tables}:
        raise Invalid(
            f"The database has other tables than this version: {', '.join(sorted(other))}"
        )


# Copying


def copy_rows(*, path: Path, target: Connection, tables: Sequence[Table]) -> None:
    """Copy every row of a file of SQLite into tables of PostgreSQL as they stand, in the caller's
    transaction. Foreign keys are put back at the end, so that each is checked."""
    target.execute(text("SET LOCAL TIME ZONE 'UTC'"))
    keys = target.execute(text(KEYS)).all()
    for table, name, _ in keys:
        target.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))
    with closing(sqlite3.connect(path)) as plain:
        for one in tables:
            _copy(plain, target, one)
    for table, name, said in keys:
        target.execute(text(f"ALTER TABLE {table} ADD CONSTRAINT {name} {said}"))
    go_on_counting(target, tables)


def _copy(source: sqlite3.Connection, target: Connection, table: Table) -> None:
    """Copy the rows of a table as SQLite has them; PostgreSQL reads each by its column's type."""
    if target.scalar(select(func.count()).select_from(table)):
        target.execute(table.delete())  # what migrations wrote: the rows that are there have it
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    told = [_told(column) for column in table.columns]
    driver: Any = target.connection.driver_connection
    error: type[Exception] = target.dialect.loaded_dbapi.Error
    rows = source.execute(f'SELECT {names} FROM "{table.name}"')  # noqa: S608  # our own tables
    try:
        with driver.cursor().copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row([tell(value) for tell, value in zip(told, row, strict=True)])
    except error as refused:
        raise Invalid(f"PostgreSQL refuses a row of {table.name}: {_short(refused)}") from refused


def _short(problem: Exception) -> str:
    """Return why a row was refused, without what is in it."""
    return str(problem).strip().splitlines()[0]


def _told(column: Column[Any]) -> Callable[[Any], Any]:
    """Return how a value of SQLite is told to PostgreSQL: as it is, but truth has no numbers."""
    if isinstance(column.type, Boolean):
        return lambda value: None if value is None else bool(value)
    return lambda value: value


# Comparing


def _compare(source: Connection, target: Connection, table: Table) -> int:
    """Read a table on both sides, by our own types and in the order of its key; returns how many
    rows it has. Raises Invalid with the first that differ."""
    count = 0
    with closing(_rows(source, table)) as here, closing(_rows(target, table)) as there:
        for one in here:
            if tuple(one) != tuple(next(there, ())):
                key = [one._mapping[column] for column in table.primary_key.columns]
                raise Invalid(f"{table.name} {key} is not the same in both: nothing was copied")
            count += 1
        if next(there, None) is not None:
            raise Invalid(f"{table.name} has more rows in PostgreSQL: nothing was copied")
    return count


def _rows(connection: Connection, table: Table) -> Generator[Row[Any], None, None]:
    """Yield rows with, beside each JSON value, whether it is there at all: its null is no NULL."""
    is_there = [
        column.is_(null()).label(f"{column.name} is null")
        for column in table.columns
        if isinstance(column.type, JSON)
    ]
    found = select(table, *is_there).order_by(*_key(connection, table))
    with connection.execute(found, execution_options={"yield_per": AT_ONCE}) as rows:
        yield from rows


def _key(connection: Connection, table: Table) -> list[Any]:
    """Return by what rows are in one order on both: SQLite compares the bytes of a text."""
    on_postgresql = connection.dialect.name == "postgresql"
    return [
        collate(column, "C") if on_postgresql and isinstance(column.type, String) else column
        for column in table.primary_key.columns
    ]
