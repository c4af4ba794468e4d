"""Rows of a record, a challenge or a programme are found by an index, whatever was merged."""

from sqlalchemy import Index, PrimaryKeyConstraint, Table, UniqueConstraint

from portal.db import Base

ROOTS = {"innovation", "challenge", "engagement", "programme", "content_item", "idea", "report"}


def _first_columns(table: Table) -> set[str]:
    """Return the columns by which an index over the whole table begins: one over some of its rows
    does not find the others."""
    whole = [index for index in table.indexes if not _is_partial(index)]
    keys = [
        one
        for one in table.constraints
        if isinstance(one, UniqueConstraint | PrimaryKeyConstraint) and len(one.columns)
    ]
    return {next(iter(one.columns)).name for one in (*whole, *keys) if len(one.columns)}


def _is_partial(index: Index) -> bool:
    return any(
        index.dialect_options[name]["where"] is not None for name in ("sqlite", "postgresql")
    )


def test_what_hangs_on_a_record_is_found_by_an_index() -> None:
    without = {
        f"{table.name}.{key.parent.name}"
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name in ROOTS
        and not key.parent.nullable
        and key.parent.name not in _first_columns(table)
    }
    assert without == set()
