"""Name tables and columns by the field's terms, and keep hours in minutes

Revision 0030, after 0024.
Written: 2026-11-28 12:45:00

A contact was `interaction_event` and is `interaction`; one record's part of it was `interaction`
and is `interaction_share`. Lengths were quarters of an hour and are minutes.
"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0024"
branch_labels = ()
depends_on = None

TABLES = (
    ("interaction", "interaction_share"),
    ("interaction_event", "interaction"),
    ("interaction_event_term", "interaction_term"),
    ("matter", "task"),
    ("matter_message", "task_message"),
    ("matter_file", "task_file"),
    ("matter_reader", "task_reader"),
    ("promise_reminder", "due_date_reminder"),
    ("life_change", "status_change"),
)
COLUMNS = (
    ("interaction_share", "event_id", "interaction_id"),
    ("interaction_share", "quarters", "minutes"),
    ("interaction", "quarters", "minutes"),
    ("interaction_term", "event_id", "interaction_id"),
    ("participant", "event_id", "interaction_id"),
    ("task", "doer", "assignee"),
    ("task_message", "matter_id", "task_id"),
    ("task_reader", "matter_id", "task_id"),
    ("innovation", "life", "status"),
    ("status_change", "life", "status"),
)
IN_MINUTES = (
    ("interaction", "minutes"),
    ("interaction_share", "minutes"),
    ("budget_ask", "allowed"),
    ("budget_ask", "spent"),
)


def upgrade() -> None:
    for old, new in TABLES:
        op.rename_table(old, new)
    for table, old, new in COLUMNS:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}")
    for table, column in IN_MINUTES:
        op.execute(f"UPDATE {table} SET {column} = {column} * 15")  # noqa: S608 - names from above
    _rename_what_hangs_on_them(TABLES, COLUMNS)


def downgrade() -> None:
    for table, column in IN_MINUTES:
        op.execute(f"UPDATE {table} SET {column} = {column} / 15")  # noqa: S608 - names from above
    for table, old, new in reversed(COLUMNS):
        op.execute(f"ALTER TABLE {table} RENAME COLUMN {new} TO {old}")
    for old, new in reversed(TABLES):
        op.rename_table(new, old)
    _rename_what_hangs_on_them(
        [(new, old) for old, new in reversed(TABLES)],
        [(table, new, old) for table, old, new in COLUMNS],
    )


Pairs = list[tuple[str, str]] | tuple[tuple[str, str], ...]
Columns = list[tuple[str, str, str]] | tuple[tuple[str, str, str], ...]


def _rename_what_hangs_on_them(tables: Pairs, columns: Columns) -> None:
    """Constraints, indexes and sequences are called after their table and its columns."""
    changed = [*tables, *((table, table) for table in ("innovation", "participant"))]
    for old, new in changed:
        of_columns = {one: other for table, one, other in columns if table in {old, new}}
        if op.get_bind().dialect.name == "sqlite":
            _rename_in_sqlite(old, new, of_columns)
        else:
            _rename_in_postgres(old, new, of_columns)


def _named(name: str, old: str, new: str, columns: dict[str, str]) -> str:
    """What a constraint or an index is called now; its own name where it was not by convention."""
    for kind in ("pk", "fk", "uq", "ix", "ck"):
        if name != f"{kind}_{old}" and not name.startswith(f"{kind}_{old}_"):
            continue
        rest = name.removeprefix(f"{kind}_{old}")
        for one, other in columns.items():
            if rest.endswith(f"_{one}"):
                rest = rest.removesuffix(one) + other
            rest = rest.replace(f"_{one}_", f"_{other}_")
        return f"{kind}_{new}{rest}"
    return name


def _rename_in_sqlite(old: str, new: str, columns: dict[str, str]) -> None:
    connection = op.get_bind()
    told = sa.text("SELECT name, sql FROM sqlite_master WHERE type = :type AND tbl_name = :table")
    for name, made in connection.execute(told, {"type": "index", "table": new}).all():
        wanted = _named(name, old, new, columns)
        if made and wanted != name:
            connection.exec_driver_sql(f"DROP INDEX {name}")
            connection.exec_driver_sql(_with(made, [(name, wanted)]))
    ((_, made),) = connection.execute(told, {"type": "table", "table": new}).all()
    names = [(name, _named(name, old, new, columns)) for name in _constraints(made)]
    _write_schema(new, _with(made, names))


def _constraints(made: str) -> Iterator[str]:
    """The names of a table's constraints, in the statement that made it."""
    words = made.replace('"', " ").split()
    for place, word in enumerate(words):
        if word.upper() == "CONSTRAINT":
            yield words[place + 1]


def _with(made: str, names: list[tuple[str, str]]) -> str:
    """The statement with other names, each where it stands as a whole word."""
    for old, new in names:
        for before, after in ((" ", " "), ('"', '"')):
            made = made.replace(f"{before}{old}{after}", f"{before}{new}{after}")
    return made


def _write_schema(table: str, made: str) -> None:
    """Change the names of constraints where SQLite keeps them: no row changes for it.

    As described in "Making Other Kinds Of Table Schema Changes" of SQLite's ALTER TABLE.
    """
    connection = op.get_bind()
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    change = sa.text("UPDATE sqlite_master SET sql = :made WHERE type = 'table' AND name = :table")
    connection.execute(change, {"made": made, "table": table})
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")


def _rename_in_postgres(old: str, new: str, columns: dict[str, str]) -> None:
    connection = op.get_bind()
    constraints = sa.text(
        "SELECT conname FROM pg_constraint WHERE conrelid = CAST(:name AS regclass)"
    )
    indexes = sa.text(
        "SELECT indexname FROM pg_indexes WHERE tablename = :name AND indexname NOT IN"
        " (SELECT conname FROM pg_constraint WHERE conrelid = CAST(:name AS regclass))"
    )
    for name in connection.scalars(constraints, {"name": new}).all():
        wanted = _named(name, old, new, columns)
        if wanted != name:
            op.execute(f'ALTER TABLE {new} RENAME CONSTRAINT "{name}" TO "{wanted}"')
    for name in connection.scalars(indexes, {"name": new}).all():
        wanted = _named(name, old, new, columns)
        if wanted != name:
            op.execute(f'ALTER INDEX "{name}" RENAME TO "{wanted}"')
    if old != new:
        op.execute(f"ALTER SEQUENCE IF EXISTS {old}_id_seq RENAME TO {new}_id_seq")
