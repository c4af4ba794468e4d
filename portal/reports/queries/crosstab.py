"""The cross-tab: any field by any other, counted in one statement with its margins.

Each set of dimensions is grouped on its own (cells, rows, columns, all; and the same again for
each value of a third field), so that a margin counts each record once even where its row counts
it under several values. Where a margin is the plain sum of its cells, it is summed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Any

from sqlalchemy import CTE, ColumnElement, FromClause, Select, distinct, func, select, union_all
from sqlalchemy import literal as constant

from portal.accounts.models import Actor
from portal.challenges.models import Challenge, ChallengeState
from portal.challenges.queries import visible_to as challenge_visible_to
from portal.db import db
from portal.innovations.models import Innovation, Use
from portal.innovations.queries import own
from portal.matching.models import Readership, Suggestion
from portal.matching.policy import can_read_matches, readership
from portal.reports.queries import as_at
from portal.reports.queries.as_at import Day
from portal.reports.queries.counted import Narrowed, counted
from portal.reports.queries.values import Value, Values, column, pairs
from portal.reports.rules.fields import FIELDS, Field

Key = tuple[Value | None, ...]
"""Values of the row, the column and the split; None stands for all of them together."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is counted, by what, as at which day (None: now)."""

    row: str
    column: str
    split: str | None = None
    measure: str = "innovations"
    narrowed: Narrowed = field(default_factory=Narrowed)
    day: date | None = None

    @property
    def fields(self) -> list[Field]:
        """Return the two or three fields, rows first."""
        return [FIELDS[key] for key in (self.row, self.column, self.split) if key]


@dataclass(frozen=True, slots=True)
class Table:
    """One table of counts; a missing cell is nought."""

    rows: Sequence[Value]
    columns: Sequence[Value]
    cells: Mapping[tuple[Value | None, Value | None], int]
    """By row and column; None in either place is the margin, None in both the total."""

    def __getitem__(self, key: tuple[Value | None, Value | None]) -> int:
        """Return a count; nought where there is nothing."""
        return self.cells.get(key, 0)

    @property
    def total(self) -> int:
        """Return the count over all rows and columns, each thing once."""
        return self[None, None]


@dataclass(frozen=True, slots=True)
class Crosstab:
    """The table of all records and, with a third field, one for each of its values."""

    whole: Table
    parts: Sequence[tuple[Value, Table]]


def crosstab(actor: Actor, asked: Asked, values: Values) -> Crosstab:
    """Count what the reader may know, in one statement."""
    counts = _counts(actor, asked, values)
    known = [sorted(set(values[f.key].values()), key=lambda v: v.place) for f in asked.fields]
    rows, columns = known[:2]
    parts = [
        (part, Table(rows, columns, _part(counts, part)))
        for part in (known[2] if asked.split else [])
        if (None, None, part) in counts
    ]
    return Crosstab(Table(rows, columns, _part(counts, None)), parts)


def _part(
    counts: Mapping[Key, int], part: Value | None
) -> dict[tuple[Value | None, Value | None], int]:
    return {key[:2]: n for key, n in counts.items() if key[2:] in {(), (part,)}}  # type: ignore[misc]


def _counts(actor: Actor, asked: Asked, values: Values) -> dict[Key, int]:
    fields = asked.fields
    found: dict[Key, int] = {}
    for mask, *raws, count in db.session.execute(statement(actor, asked, values)):
        key = tuple(
            values[f.key][raw] if mask >> place & 1 else None
            for place, (f, raw) in enumerate(zip(fields, raws, strict=True))
        )
        found[key] = count
    return _with_sums(found, _summed(asked))


def _summed(asked: Asked) -> list[int]:
    """Return the places of the fields over which a margin is the plain sum of its cells: a record
    has one value of each, and records are what is counted."""
    if asked.measure != "innovations":
        return []
    return [place for place, one in enumerate(asked.fields) if not one.is_multiple]


def _with_sums(found: Mapping[Key, int], places: Sequence[int]) -> dict[Key, int]:
    """Return the counts and their sums over every choice of the `places`."""
    whole = dict(found)
    for size in range(1, len(places) + 1):
        for some in combinations(places, size):
            for key, count in found.items():
                margin = tuple(None if at in some else value for at, value in enumerate(key))
                whole[margin] = whole.get(margin, 0) + count
    return whole


def statement(actor: Actor, asked: Asked, values: Values) -> Select[Any]:
    """Return the one statement: a mask of the dimensions grouped by, their values, the count.

    Margins that are plain sums of what it gives are left out of it.
    """
    day = as_at.past(asked.day)
    base = _base(actor, asked, values)
    linked = {f.key: _linked(f, day) for f in asked.fields if f.is_multiple}
    counter = MEASURED[asked.measure](actor, base, day)
    places = range(len(asked.fields))
    subsets = [set(some) for size in range(len(places) + 1) for some in combinations(places, size)]
    sets = [some for some in subsets if some >= set(_summed(asked))]
    legs = [_leg(asked.fields, by, base, linked, counter) for by in sets]
    found = union_all(*legs).subquery()
    return select(found)


def _base(actor: Actor, asked: Asked, values: Values) -> CTE:
    """Return the records counted, with the value of every field that has one."""
    day = as_at.past(asked.day)
    singles = [column(f, day).label(f.key) for f in asked.fields if not f.is_multiple]
    return (
        select(Innovation.id, Innovation.organisation_id, *singles)
        .where(*counted(actor, asked.narrowed, values, asked.day, shown=asked.fields))
        .cte("base")
    )


def _linked(of: Field, day: Day) -> CTE:
    return pairs(of, day).cte(f"values_of_{of.key}")


@dataclass(frozen=True, slots=True)
class Counter:
    """How a measure counts: what is joined to the records, and the aggregate over it."""

    count: ColumnElement[int]
    joined: FromClause | None = None


def _leg(
    fields: Sequence[Field],
    by: set[int],
    base: CTE,
    linked: Mapping[str, CTE],
    counter: Counter,
) -> Select[Any]:
    """Return the counts grouped by some of the dimensions."""
    source: FromClause = base
    shown: list[ColumnElement[Any]] = []
    for place, one in enumerate(fields):
        value = linked[one.key].c.value if one.is_multiple else base.c[one.key]
        if place in by and one.is_multiple:
            link = linked[one.key]
            source = source.outerjoin(link, link.c.innovation_id == base.c.id)
        shown.append(value if place in by else _nothing(value))
    if counter.joined is not None:
        source = source.join(counter.joined, counter.joined.c.innovation_id == base.c.id)
    mask = constant(sum(1 << place for place in by))
    grouped = [shown[place] for place in sorted(by)]
    named = [value.label(f"by_{place}") for place, value in enumerate(shown)]
    found = select(mask.label("mask"), *named, counter.count.label("count")).select_from(source)
    return found.group_by(*grouped) if grouped else found


def _nothing(value: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return NULL of the value's type: PostgreSQL asks the parts of a union to agree."""
    return constant(None).cast(value.type)


# What is counted -----------------------------------------------------------------------------


def _innovations(_actor: Actor, _base: CTE, _day: Day) -> Counter:
    # Pairs are unique, so each group holds a record once: no need for DISTINCT.
    return Counter(func.count())


def _organisations(_actor: Actor, base: CTE, _day: Day) -> Counter:
    return Counter(func.count(distinct(base.c.organisation_id)))


def _sites(_actor: Actor, _base: CTE, day: Day) -> Counter:
    key = constant("").concat(Use.organisation_id).concat("|").concat(Use.site)
    used = select(Use.innovation_id, key.label("site")).where(as_at.in_use(day)).cte("used")
    return Counter(func.count(distinct(used.c.site)), used)


def _challenges(actor: Actor, _base: CTE, _day: Day) -> Counter:
    matched = suggested(actor).cte("matched")
    return Counter(func.count(distinct(matched.c.challenge_id)), matched)


MEASURED: Mapping[str, Callable[[Actor, CTE, Day], Counter]] = {
    "innovations": _innovations,
    "organisations": _organisations,
    "sites": _sites,
    "challenges": _challenges,
}


def suggested(actor: Actor) -> Select[int, int]:
    """Return pairs of innovation and open challenge that the reader's suggestions hold.

    ICS, HIN and national staff have lists of their own; an innovator's people learn what their
    own records may fit and nothing of others'; nobody else has suggestions.
    """
    found = (
        select(Suggestion.innovation_id, Suggestion.challenge_id)
        .join(Challenge, Challenge.id == Suggestion.challenge_id)
        .where(Challenge.state == ChallengeState.OPEN, challenge_visible_to(actor))
    )
    if can_read_matches(actor):
        return found.where(Suggestion.readership == readership(actor))
    ours = select(Innovation.id).where(own(actor))
    return found.where(
        Suggestion.readership == Readership.INNOVATOR, Suggestion.innovation_id.in_(ours)
    )


def measured(actor: Actor, narrowed: Narrowed, values: Values, day: Day) -> dict[str, int]:
    """Return every measure over the records of a list, in one statement."""
    asked = Asked("stage", "proven", narrowed=narrowed, day=day)
    base = _base(actor, asked, values)
    legs = []
    for name, make in MEASURED.items():
        counter = make(actor, base, as_at.past(day))
        source: FromClause = base
        if counter.joined is not None:
            source = base.join(counter.joined, counter.joined.c.innovation_id == base.c.id)
        legs.append(select(constant(name), counter.count).select_from(source))
    return dict(db.session.execute(union_all(*legs)).all())
