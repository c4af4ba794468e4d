"""Read what rooms contribute to the home page, each kind in one statement."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import reduce
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Select,
    String,
    cast,
    func,
    literal,
    null,
    select,
    true,
    union_all,
)

from portal.accounts.models import Actor
from portal.accounts.queries.alike import built, shared_by, shared_key, values_of
from portal.clock import today
from portal.db import db
from portal.figures.queries.kept import FigureCache

Counted = Callable[[Actor], Select[Any]]
"""From who asks to a statement with one number, or with several under their codes."""
Rows = Callable[[Actor], Select[*tuple[Any, ...]]]
"""From who asks to the rows of a source."""
ASK_COLUMNS = {"id": Integer, "key": String, "text": String, "name": String, "who": String}
"""The columns of `portal.web.home.AskRow` before its day, and their types in the union."""


class AskedRow(NamedTuple):
    """One thing that is asked: the columns of `portal.web.home.AskRow`, then whence it comes."""

    id: int
    key: str
    text: str
    name: str
    who: str
    due_on: date | None
    source: int
    """The place of its statement among those given."""
    total: int
    """How many things are asked in all."""


def counted(actor: Actor, counts: Mapping[str, Counted]) -> dict[str, int]:
    """Return the number that each statement gives for an actor: in one statement those that hang on
    the person, in one the others. The latter are kept until a row changes that they count."""
    shared = {code: count for code, count in counts.items() if shared_by(actor, count)}
    own = {code: count for code, count in counts.items() if code not in shared}
    found = _counted(actor, own)
    if shared:
        key = ("home", today(), tuple(shared), *shared_key(actor))
        found |= FigureCache().answer(key, lambda: _counted(actor, shared))
    return found


def _counted(actor: Actor, counts: Mapping[str, Counted]) -> dict[str, int]:
    if not counts:
        return {}

    def all_of(anybody: Actor) -> Select[*tuple[Any, ...]]:
        made = {code: count(anybody) for code, count in counts.items()}
        single = {code: one for code, one in made.items() if len(one.selected_columns) == 1}
        several: list[FromClause] = [
            one.subquery() for code, one in made.items() if code not in single
        ]
        columns = [one.scalar_subquery().label(code) for code, one in single.items()]
        found = select(*columns, *(column for one in several for column in one.c))
        return found.select_from(reduce(_beside, several)) if several else found

    statement = built(actor, tuple(counts.items()), all_of)
    row = db.session.execute(statement, values_of(actor)).one()._mapping
    return {code: int(number or 0) for code, number in row.items()}


def _beside(one: FromClause, other: FromClause) -> FromClause:
    """Return two tables of one row as one."""
    return one.join(other, true())


def asked(actor: Actor, sources: Sequence[Rows], limit: int) -> list[AskedRow]:
    """Return the first of what the statements give for an actor, in one statement: the earliest day
    first, what has no day last, on one day in the order of the statements."""
    if not sources:
        return []

    def all_of(anybody: Actor) -> Select[*tuple[Any, ...]]:
        parts = (_uniform(rows_of(anybody), n) for n, rows_of in enumerate(sources))
        rows = union_all(*parts).subquery()
        return (
            select(rows, func.count().over().label("total"))
            .order_by(rows.c.due_on.is_(None), rows.c.due_on, rows.c.source, rows.c.id)
            .limit(limit)
        )

    found = db.session.execute(built(actor, (*sources, limit), all_of), values_of(actor))
    return [AskedRow(*row) for row in found]


def _uniform(statement: Select[*tuple[Any, ...]], source: int) -> Select[*tuple[Any, ...]]:
    """Return a statement with all columns of `AskedRow` but the total, those it lacks empty."""
    rows = statement.subquery()
    columns: list[ColumnElement[Any]] = [
        cast(rows.c.get(name, literal("")), kind).label(name) for name, kind in ASK_COLUMNS.items()
    ]
    # A day is not cast: SQLite, which has no days, would make a number of it.
    due_on = rows.c.get("due_on", cast(null(), Date))
    return select(*columns, due_on.label("due_on"), literal(source, Integer).label("source"))
