"""Make a demonstration large: copy its records, with all that hangs on them, so many times.

    DEMO=1 INSTANCE=<a demonstration's folder> python -m benchmarks.grow [10000]

On SQLite only, and for measuring only: the copies keep days and states of what they copy, so that
lists, figures and home pages have the shape of the demonstration at the size of a nation. The
search index must be made anew afterwards (`flask search rebuild`).
"""

import sys

from sqlalchemy import Connection, Table, func, select

from portal import create_app
from portal.db import Base, db

RECORDS = 10_000
ROOTS = {"innovation", "interaction"}
NOT_COPIED = {"suggestion", "new_match", "match_feedback", "innovation_key", "duplicate_pair"}
"""What is bounded by the number of challenges, or made anew."""
ALONE = {"external_key", "importer_id", "stored", "corrects_id"}
"""Columns that name something only once: they are empty in a copy."""


def copied() -> list[Table]:
    """Return the tables whose rows cannot be without a record or an interaction."""
    found = set(ROOTS)
    tables = [one for one in Base.metadata.sorted_tables if one.name not in NOT_COPIED]
    while more := {t.name for t in tables if t.name not in found and _hangs_on(t, found)}:
        found |= more
    more = {"interaction_term", "participant"}
    return [table for table in tables if table.name in found | more]


def _hangs_on(table: Table, found: set[str]) -> bool:
    return any(
        key.column.table.name in found and not key.parent.nullable for key in table.foreign_keys
    )


def grow(connection: Connection, records: int) -> int:
    """Copy until there are so many records; returns how many times everything was copied."""
    tables = copied()
    there = connection.scalar(select(func.count()).select_from(Base.metadata.tables["innovation"]))
    steps = {
        table.name: connection.scalar(select(func.max(table.c.id))) or 0
        for table in tables
        if "id" in table.c
    }
    times = max(-(-records // (there or 1)) - 1, 0)
    for number in range(1, times + 1):
        for table in tables:
            connection.exec_driver_sql(_copy(table, steps, number))
    return times


def _copy(table: Table, steps: dict[str, int], number: int) -> str:
    """Return the statement that copies the first rows of a table with other numbers."""
    shown = [_value(column, steps, number) for column in table.columns]
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    last = _bound(table, steps)
    return (
        f'INSERT OR IGNORE INTO "{table.name}" ({names}) '  # noqa: S608 - names of our own tables
        f'SELECT {", ".join(shown)} FROM "{table.name}" WHERE {last}'
    )


def _bound(table: Table, steps: dict[str, int]) -> str:
    if table.name in steps:
        return f"id <= {steps[table.name]}"
    keys = [key for key in table.foreign_keys if key.column.table.name in steps]
    return " AND ".join(f'"{k.parent.name}" <= {steps[k.column.table.name]}' for k in keys)


def _value(column: object, steps: dict[str, int], number: int) -> str:
    name, table = column.name, column.table  # type: ignore[attr-defined]
    if name == "id" and table.name in steps:
        return f"id + {number * steps[table.name]}"
    if name in ALONE and column.nullable:  # type: ignore[attr-defined]
        return "NULL"
    for key in column.foreign_keys:  # type: ignore[attr-defined]
        if key.column.table.name in steps:
            return f'"{name}" + {number * steps[key.column.table.name]}'
    if table.name == "innovation" and name == "name":
        return f"name || ' {number}'"
    return f'"{name}"'


def main(records: int = RECORDS) -> None:
    """Copy, and say what there is. The portal never lets SQLite learn its distribution
    (`portal.sqlite`): what is measured must not have it either."""
    with create_app().app_context():
        with db.engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            raw.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
            times = grow(connection, records)
            connection.commit()
            raw.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr]
        print(f"copied {times} times")
        for name in ("innovation", "engagement", "interaction", "adoption", "task"):
            count = select(func.count()).select_from(Base.metadata.tables[name])
            print(f"{db.session.scalar(count) or 0:9,} {name}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else RECORDS)
