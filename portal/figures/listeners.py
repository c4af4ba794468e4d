"""Figures hear of every change to a table, from the database connection: what was counted before is
not shown after it. Nothing that writes knows of it, and nothing that writes can forget it.
"""

import re
from typing import Any
from uuid import uuid4
from weakref import WeakSet

from sqlalchemy import Connection, Engine, event, inspect
from sqlalchemy.dialects import postgresql, sqlite

from portal.db import Base
from portal.figures.models import FigureChange
from portal.figures.queries.kept import CHANGED, QUIET, note_read

_WRITES = re.compile(r"\s*(?:WITH\b.*?)?(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.DOTALL)
_INSERTS: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
_with_marks: WeakSet[Engine] = WeakSet()
"""The engines whose database has the table of marks: while migrations run it may have none yet."""


@event.listens_for(Engine, "before_cursor_execute")
def _note(connection: Connection, _cursor: Any, statement: str, *_more: Any) -> None:
    """Remember which table a statement changes, and which it reads where somebody gathers them."""
    note_read(statement)
    if statement.startswith(("SELECT", "SAVEPOINT", "RELEASE", "PRAGMA")):
        return
    found = _WRITES.match(statement)
    if found and found[1] in Base.metadata.tables and found[1] not in QUIET:
        connection.info.setdefault(CHANGED, set()).add(found[1])


@event.listens_for(Engine, "commit")
def _mark(connection: Connection) -> None:
    """Give the tables that a transaction changed new marks, as its last statement."""
    changed = connection.info.pop(CHANGED, None)
    if not changed or not _has_marks(connection):
        return
    rows = [{"table_name": name, "mark": uuid4().hex} for name in sorted(changed)]
    # in the order of their names: two transactions never wait for each other
    adding = _INSERTS[connection.dialect.name](FigureChange).values(rows)
    fresh = {"mark": adding.excluded.mark}
    connection.execute(adding.on_conflict_do_update(index_elements=["table_name"], set_=fresh))


@event.listens_for(Engine, "rollback")
def _forget(connection: Connection) -> None:
    """Forget what was taken back with its transaction."""
    connection.info.pop(CHANGED, None)


def _has_marks(connection: Connection) -> bool:
    if connection.engine not in _with_marks:
        if not inspect(connection).has_table(FigureChange.__tablename__):
            return False
        _with_marks.add(connection.engine)
    return True
