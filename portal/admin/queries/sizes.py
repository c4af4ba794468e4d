"""How much room each table takes, with its indexes, as the database itself says."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Table, func, literal, select, text, union_all
from sqlalchemy.exc import OperationalError

from portal.db import Base, db

LARGEST = 20
"""So many tables are shown one by one."""
_ON_SQLITE = (
    "SELECT m.tbl_name, sum(s.pgsize) FROM dbstat s JOIN sqlite_master m ON m.name = s.name"
    " WHERE s.aggregate = TRUE GROUP BY m.tbl_name"
)
"""https://sqlite.org/dbstat.html: it reads every page, of 100 MB in some tenths of a second."""
_ON_POSTGRESQL = (
    "SELECT relname, pg_total_relation_size(oid) FROM pg_class"
    " WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
)


@dataclass(frozen=True, slots=True)
class TableSize:
    """One table."""

    name: str
    rows: int
    bytes: int
    share: float
    """Of all tables, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class SizesQuery:
    """The largest tables, largest first, and all together."""

    largest: list[TableSize]
    tables: int
    bytes: int


def sizes() -> SizesQuery | None:
    """Return how large the tables are; None where the database was built without that knowledge."""
    is_sqlite = db.session.get_bind().dialect.name == "sqlite"
    try:
        found = db.session.execute(text(_ON_SQLITE if is_sqlite else _ON_POSTGRESQL)).all()
    except OperationalError:
        db.session.rollback()
        return None
    known = {str(name): int(size) for name, size in found if name in Base.metadata.tables}
    total = sum(known.values())
    largest = sorted(known, key=lambda name: (-known[name], name))[:LARGEST]
    rows = _rows([Base.metadata.tables[name] for name in largest])
    listed = [TableSize(n, rows[n], known[n], known[n] / max(total, 1)) for n in largest]
    return SizesQuery(listed, len(known), total)


def _rows(tables: list[Table]) -> Mapping[str, int]:
    """Count the rows of some tables by one statement."""
    if not tables:
        return {}
    counts = (select(literal(one.name), func.count()).select_from(one) for one in tables)
    return dict(db.session.execute(union_all(*counts)).all())
