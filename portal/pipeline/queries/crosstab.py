"""The cross-tab: any dimension by any other, counted in one statement with its margins.

Each set of dimensions is grouped on its own (cells, rows, columns, all; and the same again for
each value of a third dimension), so that a margin counts each record once even where its row counts
it under several values. Where a margin is the plain sum of its cells, it is summed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from itertools import combinations
from operator import add
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    func,
    select,
    union_all,
)
from sqlalchemy import literal as constant

from portal.accounts.models import Actor
from portal.db import db
from portal.figures.dimensions import (
    CellFigure,
    CountQuery,
    Day,
    Dimension,
    Joined,
    Value,
    Values,
    cell_figures,
    dimensions,
)
from portal.innovations.models import Innovation
from portal.innovations.queries.on_day import is_past
from portal.merging import holder_at, moment_of
from portal.pipeline.queries.counted import (
    RecordFilter,
    conditions,
    counted,
    d_column,
    kinds_of,
    row_has,
    row_value,
)

Key = tuple[Value | None, ...]
"""Values of the row, the column and the split; None stands for all of them together."""


@dataclass(frozen=True, slots=True)
class CrosstabQuery:
    """What is counted, by what, as at which day (None: now)."""

    row: str
    column: str
    split: str | None = None
    measure: str = "innovations"
    narrowed: RecordFilter = field(default_factory=RecordFilter)
    day: date | None = None

    @property
    def dimensions(self) -> list[Dimension]:
        """Return the two or three dimensions, rows first."""
        return [dimensions()[code] for code in (self.row, self.column, self.split) if code]

    @property
    def figure(self) -> CellFigure:
        """Return what a cell counts."""
        return cell_figures()[self.measure]

    @property
    def past(self) -> Day:
        """Return the day if it is over; None for today, of which the columns tell."""
        return self.day if is_past(self.day) else None


@dataclass(frozen=True, slots=True)
class Table:
    """One table of counts; a missing cell is nought."""

    rows: Sequence[Value]
    columns: Sequence[Value]
    cells: Mapping[tuple[Value | None, Value | None], float]
    """By row and column; None in either place is the margin, None in both the total."""

    def __getitem__(self, key: tuple[Value | None, Value | None]) -> float:
        """Return a count; nought where there is nothing."""
        return self.cells.get(key, 0)

    @property
    def total(self) -> float:
        """Return the count over all rows and columns, each thing once."""
        return self[None, None]


@dataclass(frozen=True, slots=True)
class Crosstab:
    """The table of all records and, with a third dimension, one for each of its values."""

    whole: Table
    parts: Sequence[tuple[Value, Table]]


def crosstab(actor: Actor, query: CrosstabQuery, values: Values) -> Crosstab:
    """Count what the reader may know, in one statement."""
    counts = _counts(actor, query, values)
    known = [sorted(set(values[f.code].values()), key=lambda v: v.place) for f in query.dimensions]
    rows, columns = known[:2]
    parts = [
        (part, Table(rows, columns, _part(counts, part)))
        for part in (known[2] if query.split else [])
        if (None, None, part) in counts
    ]
    return Crosstab(Table(rows, columns, _part(counts, None)), parts)


def _part(
    counts: Mapping[Key, float], part: Value | None
) -> dict[tuple[Value | None, Value | None], float]:
    # A key is as long as there are fields: the first two are the row and the column.
    return {key[:2]: n for key, n in counts.items() if key[2:] in {(), (part,)}}  # type: ignore[misc]


def _counts(actor: Actor, asked: CrosstabQuery, values: Values) -> dict[Key, float]:
    found_by, parts = asked.dimensions, asked.figure.figure.parts
    found: dict[Key, float] = {}
    for mask, packed, count in db.session.execute(statement(actor, asked, values)):
        key = tuple(
            values[f.code][_unpacked(packed, place)] if mask >> place & 1 else None
            for place, f in enumerate(found_by)
        )
        found[key] = in_units(count, parts)
    return _with_sums(found, _summed(asked))


def in_units(count: Any, parts: int) -> float:
    """Return what was counted in so many parts of a whole; a whole number where it is one."""
    found = float(count or 0) / parts
    return int(found) if found.is_integer() else found


def _summed(asked: CrosstabQuery) -> list[int]:
    """Return the places of the fields over which a margin is the plain sum of its cells: a record
    has one value of each, and records are what is counted."""
    if not asked.figure.is_records:
        return []
    return [place for place, one in enumerate(asked.dimensions) if not one.is_multiple]


def _with_sums(found: Mapping[Key, float], places: Sequence[int]) -> dict[Key, float]:
    """Return the counts and their sums over every choice of the `places`."""
    whole = dict(found)
    for size in range(1, len(places) + 1):
        for some in combinations(places, size):
            for key, count in found.items():
                margin = tuple(None if at in some else value for at, value in enumerate(key))
                whole[margin] = whole.get(margin, 0) + count
    return whole


BITS = 20
"""Room for a value and "none" in a key: every id of a coded list fits."""


def statement(actor: Actor, query: CrosstabQuery, values: Values) -> Select[Any]:
    """Return the one statement: a mask of the dimensions grouped by, their values, the count.

    The values are packed into one number, which is grouped by much faster than several columns.
    Margins that are plain sums of what it gives are left out of it.
    """
    leg = Leg(actor, query, values, _base(actor, query, values))
    places = range(len(query.dimensions))
    subsets = [set(some) for size in range(len(places) + 1) for some in combinations(places, size)]
    sets = [some for some in subsets if some >= set(_summed(query))]
    return select(union_all(*(leg.grouped(by) for by in sets)).subquery())


def _base(actor: Actor, asked: CrosstabQuery, values: Values) -> CTE:
    """Return the records counted, with the value of every dimension that has one."""
    maker = holder_at(Innovation, "organisation_id", moment_of(asked.past))
    singles = [d_column(d, asked.past).label(d.code) for d in asked.dimensions if d.rows is None]
    return (
        select(Innovation.id, maker.label("organisation_id"), *singles)
        .where(*counted(actor, asked.narrowed, values, asked.past, shown=asked.dimensions))
        .cte("base")
    )


@dataclass(frozen=True, slots=True)
class Leg:
    """Counts the records of a table, grouped by some of its dimensions at a time."""

    actor: Actor
    asked: CrosstabQuery
    values: Values
    base: CTE

    def grouped(self, by: set[int]) -> Select[Any]:
        """Return the counts by the dimensions at these places."""
        cells = self.cells([self.asked.dimensions[place] for place in sorted(by)], sorted(by))
        mask = constant(sum(1 << place for place in by)).label("mask")
        counted = self.count(cells, [mask, cells.c.packed], self.asked.figure)
        return counted.group_by(cells.c.packed)

    def count(
        self, cells: FromClause, shown: Sequence[ColumnElement[Any]], figure: CellFigure
    ) -> Select[Any]:
        """Return the count of a figure over cells."""
        query = CountQuery(self.actor, cells, self.asked.past, shown, "row_id" in cells.c)
        return figure.count(query)

    def cells(self, by: Sequence[Dimension], places: Sequence[int]) -> FromClause:
        """Return a row for each record in each cell; where the figure hangs on rows that the
        table asks about, for each of those rows, with its id."""
        asked = conditions(self.asked.narrowed, self.asked.dimensions)
        figure_rows, kinds = self.asked.figure.rows, kinds_of(by)
        hangs = figure_rows is not None and figure_rows.code in asked.of_rows
        if figure_rows is not None and hangs:
            kinds[figure_rows.code] = figure_rows
        day, base = self.asked.past, self.base
        held = {code: rows.join(base.c.id, day, self.values) for code, rows in kinds.items()}
        values = [
            row_value(one, held[one.rows.code].table, day, self.values)
            if one.rows is not None
            else base.c[one.code]
            for one in by
        ]
        parts = [_packed(value, place) for value, place in zip(values, places, strict=True)]
        columns = [base.c.id, base.c.organisation_id, _sum(parts).label("packed")]
        if figure_rows is not None and hangs:
            columns.append(_key(held[figure_rows.code]).label("row_id"))
        found = select(*columns).select_from(base)
        for code, joined in held.items():
            wanted = asked.of_rows.get(code, ())
            found = found.outerjoin(joined.table, joined.on)
            if wanted:
                found = found.where(row_has(wanted, joined.table, self.values, day))
        return (found if _is_unique(by, held) else found.distinct()).subquery("cells")


def _sum(parts: Sequence[ColumnElement[Any]]) -> ColumnElement[Any]:
    return reduce(add, parts) if parts else constant(0, BigInteger)


def _key(joined: Joined) -> ColumnElement[int]:
    assert joined.key is not None  # noqa: S101  # a figure hangs on rows that have an id
    return joined.key


def _is_unique(by: Sequence[Dimension], kinds: Iterable[str]) -> bool:
    """Whether no record comes twice in a cell: of each kind of rows joined, the table tells a value
    that a record has once."""
    told = {one.rows.code for one in by if one.rows is not None and one.is_unique}
    return set(kinds) <= told


def _packed(value: ColumnElement[Any], place: int) -> ColumnElement[Any]:
    found = func.coalesce(value, -1) + 1
    return found * constant(1 << BITS * place, BigInteger) if place else found


def _unpacked(packed: int, place: int) -> int | None:
    value = (packed >> BITS * place) % (1 << BITS) - 1
    return None if value < 0 else value


def measured(
    actor: Actor, narrowed: RecordFilter, values: Values, day: Day, codes: Sequence[str]
) -> dict[str, float]:
    """Return these figures over the records of a list, in one statement."""
    base = _base(actor, CrosstabQuery("", "", narrowed=narrowed, day=day), values)
    legs = []
    for code in codes:
        asked = CrosstabQuery("", "", narrowed=narrowed, day=day, measure=code)
        leg = Leg(actor, asked, values, base)
        legs.append(leg.count(leg.cells([], []), [constant(code)], asked.figure))
    found = db.session.execute(union_all(*legs)).all()
    return {code: in_units(count, cell_figures()[code].figure.parts) for code, count in found}
