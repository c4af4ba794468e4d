"""Which innovations are counted: the reader's visibility, the day and the filters, in SQL.

The cross-tab and the list behind each of its cells both stand on `counted`, so that they cannot
disagree. What is asked of one kind of rows is asked of one and the same row: a record that one
network supports at level 1 and another at level 2 is none that the second supports at level 1.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_

from portal.accounts.models import Actor
from portal.figures.dimensions import ANY, Day, Dimension, Rows, Values, dimensions
from portal.innovations.models import Innovation
from portal.innovations.queries import counted_for, own_counted_for
from portal.innovations.queries.on_day import is_live_on

Wanted = tuple[Dimension, Sequence[str]]
"""A dimension, and the codes of values of which one is enough."""


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """What narrows the records: codes of values by the code of their dimension.

    `chosen` are a person's filters: one of the values is enough. `cell` names the cell of a
    cross-tab: a record must have every one of these values; `ANY` asks for none.
    """

    chosen: Mapping[str, Sequence[str]] = field(default_factory=dict)
    cell: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Conditions:
    """What is asked of a record, and of one row of each kind that it has several of."""

    of_record: Sequence[Wanted]
    of_rows: Mapping[str, Sequence[Wanted]]
    """By code of the kind of rows; a kind that is only told of has none."""


def conditions(narrowed: RecordFilter, shown: Iterable[Dimension] = ()) -> Conditions:
    """Return what is asked of the record and what of its rows.

    A filter by what the table itself tells narrows the records: of those that one network
    supports, how many another one does. Any other filter is of the row that a cell counts.
    """
    told = {one.code for one in shown} | {code for code, _ in narrowed.cell}
    of_record: list[Wanted] = []
    of_rows: dict[str, list[Wanted]] = {r.code: [] for c in told if (r := dimensions()[c].rows)}
    filters = [(dimensions()[code], codes) for code, codes in narrowed.chosen.items() if codes]
    for one, codes in filters:
        if one.rows is None or one.code in told:
            of_record.append((one, codes))
        else:
            of_rows.setdefault(one.rows.code, []).append((one, codes))
    for code, value in narrowed.cell:
        one = dimensions()[code]
        if value == ANY:
            continue
        into = of_rows[one.rows.code] if one.rows is not None else of_record
        into.append((one, (value,)))
    return Conditions(of_record, of_rows)


def tells_of_support(narrowed: RecordFilter, shown: Iterable[Dimension] = ()) -> bool:
    """Whether an answer would tell who supports which record."""
    codes = [code for code, values in narrowed.chosen.items() if values]
    codes += [code for code, _ in narrowed.cell]
    known = dimensions()
    return any(known[code].is_support for code in codes) or any(one.is_support for one in shown)


def counted(
    actor: Actor, narrowed: RecordFilter, values: Values, day: Day, shown: Sequence[Dimension] = ()
) -> list[ColumnElement[bool]]:
    """Return the clauses over `Innovation` of what the reader's figures count.

    `shown` are the dimensions that the answer tells of. Who supports a record is known to staff
    and to the record's own people: for others, what asks for it counts their own records only.
    """
    is_ours_only = not actor.is_staff and tells_of_support(narrowed, shown)
    asked = conditions(narrowed, shown)
    groups = [*([one] for one in asked.of_record), *(g for g in asked.of_rows.values() if g)]
    return [
        own_counted_for(actor) if is_ours_only else counted_for(actor),
        is_live_on(day),
        *(_has(group, values, day) for group in groups),
    ]


def _has(wanted: Sequence[Wanted], values: Values, day: Day) -> ColumnElement[bool]:
    """Return SQL over `Innovation` for "it has all of these", in one row where it has rows."""
    rows = wanted[0][0].rows
    if rows is None:
        return and_(*(_is_one_of(d, d_column(d, day), codes, values) for d, codes in wanted))
    held = rows.join(Innovation.id.expression, day, values)
    some = exists().select_from(held.table).where(held.on).correlate(Innovation)
    has = some.where(row_has(wanted, held.table, values, day))
    is_none_enough = all(None in _raws(d, codes, values) for d, codes in wanted)
    return or_(has, ~some) if is_none_enough else has


def row_has(wanted: Sequence[Wanted], table: Any, values: Values, day: Day) -> ColumnElement[bool]:
    """Return SQL over the rows joined for "this row has all of these"; a record without a row has
    no value."""
    return and_(
        True,  # SQL's own
        *(
            _is_one_of(one, row_value(one, table, day, values), codes, values)
            for one, codes in wanted
        ),
    )


def d_column(one: Dimension, day: Day) -> ColumnElement[Any]:
    """Return SQL over `Innovation` for a dimension with one value."""
    assert one.column is not None  # noqa: S101  # a Dimension has a column or rows
    return one.column(day)


def row_value(one: Dimension, table: Any, day: Day, values: Values) -> ColumnElement[Any]:
    """Return SQL over the rows joined for a dimension with several values."""
    assert one.value is not None  # noqa: S101  # a Dimension has a column or rows
    return one.value(table, day, values)


def kinds_of(shown: Iterable[Dimension]) -> dict[str, Rows]:
    """Return the kinds of rows that hold these dimensions, by code."""
    return {one.rows.code: one.rows for one in shown if one.rows is not None}


def _raws(one: Dimension, codes: Sequence[str], values: Values) -> list[int | None]:
    return [raw for raw, value in values[one.code].items() if value.code in codes]


def _is_one_of(
    one: Dimension, found: ColumnElement[Any], codes: Sequence[str], values: Values
) -> ColumnElement[bool]:
    raws = _raws(one, codes, values)
    known = found.in_([raw for raw in raws if raw is not None])
    return or_(known, found.is_(None)) if None in raws else known
