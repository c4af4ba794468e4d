"""The cross-tab: any field by any other, counted in one statement with its margins.

Each set of dimensions is grouped on its own (cells, rows, columns, all; and the same again for
each value of a third field), so that a margin counts each record once even where its row counts
it under several values. Where a margin is the plain sum of its cells, it is summed.
"""

from collections.abc import Callable, Mapping, Sequence
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
    Text,
    cast,
    distinct,
    func,
    select,
    true,
    union_all,
)
from sqlalchemy import literal as constant

from portal.accounts.models import Actor
from portal.challenges.models import Challenge, ChallengeState
from portal.challenges.queries import visible_to as challenge_visible_to
from portal.db import db
from portal.innovations.models import Innovation, Use
from portal.innovations.queries import own
from portal.matching.models import Readership, Suggestion
from portal.matching.policy import can_read_matches, readership
from portal.pipeline.queries import as_at
from portal.pipeline.queries.as_at import Day
from portal.pipeline.queries.counted import Narrowed, counted
from portal.pipeline.queries.values import Link, Value, Values, column, link
from portal.pipeline.rules.fields import FIELDS, Field
from portal.pipeline.rules.measures import MEASURES, Measure
from portal.reference.queries import today
from portal.support.models import Engagement, Interaction, InteractionEvent
from portal.support.queries.interactions import counted as counts_at_all
from portal.support.queries.interactions import readable_by

Shown = list[ColumnElement[Any]]
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
    counts: Mapping[Key, float], part: Value | None
) -> dict[tuple[Value | None, Value | None], float]:
    # A key is as long as there are fields: the first two are the row and the column.
    return {key[:2]: n for key, n in counts.items() if key[2:] in {(), (part,)}}  # type: ignore[misc]


def _counts(actor: Actor, asked: Asked, values: Values) -> dict[Key, float]:
    fields, parts = asked.fields, MEASURES[asked.measure].parts
    found: dict[Key, float] = {}
    for mask, packed, count in db.session.execute(statement(actor, asked, values)):
        key = tuple(
            values[f.key][_unpacked(packed, place)] if mask >> place & 1 else None
            for place, f in enumerate(fields)
        )
        found[key] = in_units(count, parts)
    return _with_sums(found, _summed(asked))


def in_units(count: Any, parts: int) -> float:
    """Return what was counted in so many parts of a whole; a whole number where it is one."""
    found = float(count or 0) / parts
    return int(found) if found.is_integer() else found


def _summed(asked: Asked) -> list[int]:
    """Return the places of the fields over which a margin is the plain sum of its cells: a record
    has one value of each, and records are what is counted."""
    if asked.measure != "innovations":
        return []
    return [place for place, one in enumerate(asked.fields) if not one.is_multiple]


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


def statement(actor: Actor, asked: Asked, values: Values) -> Select[Any]:
    """Return the one statement: a mask of the dimensions grouped by, their values, the count.

    The values are packed into one number, which is grouped by much faster than several columns.
    Margins that are plain sums of what it gives are left out of it.
    """
    day = as_at.past(asked.day)
    base = _base(actor, asked, values)
    places = range(len(asked.fields))
    subsets = [set(some) for size in range(len(places) + 1) for some in combinations(places, size)]
    sets = [some for some in subsets if some >= set(_summed(asked))]
    legs = [_leg(actor, asked, by, base, values, day) for by in sets]
    return select(union_all(*legs).subquery())


def _base(actor: Actor, asked: Asked, values: Values) -> CTE:
    """Return the records counted, with the value of every field that has one."""
    day = as_at.past(asked.day)
    singles = [column(f, day).label(f.key) for f in asked.fields if not f.is_multiple]
    return (
        select(Innovation.id, Innovation.organisation_id, *singles)
        .where(*counted(actor, asked.narrowed, values, asked.day, shown=asked.fields))
        .cte("base")
    )


def _leg(
    actor: Actor, asked: Asked, by: set[int], base: CTE, values: Values, day: Day
) -> Select[Any]:
    """Return the counts grouped by some of the dimensions."""
    parts: list[ColumnElement[Any]] = []
    links: list[Link] = []
    for place in sorted(by):
        one = asked.fields[place]
        if one.is_multiple:
            links.append(link(one, base.c.id, values, day))
        value = links[-1].value if one.is_multiple else base.c[one.key]
        parts.append(_packed(value, place))
    packed = (reduce(add, parts) if parts else constant(0, BigInteger)).label("packed")
    rows = select(base.c.id, base.c.organisation_id, packed).select_from(base)
    for held in links:
        rows = rows.outerjoin(held.table, held.on)
    if not all(held.is_unique for held in links):
        rows = rows.distinct()
    cells = rows.subquery("cells")
    mask = constant(sum(1 << place for place in by)).label("mask")
    return MEASURED[asked.measure](actor, cells, day, [mask, cells.c.packed]).group_by(
        cells.c.packed
    )


def _packed(value: ColumnElement[Any], place: int) -> ColumnElement[Any]:
    found = func.coalesce(value, -1) + 1
    return found * constant(1 << BITS * place, BigInteger) if place else found


def _unpacked(packed: int, place: int) -> int | None:
    value = (packed >> BITS * place) % (1 << BITS) - 1
    return None if value < 0 else value


# What is counted -----------------------------------------------------------------------------


def _innovations(_actor: Actor, cells: FromClause, _day: Day, shown: Shown) -> Select[Any]:
    return select(*shown, func.count().label("count")).select_from(cells)


def _organisations(_actor: Actor, cells: FromClause, _day: Day, shown: Shown) -> Select[Any]:
    return select(*shown, func.count(distinct(cells.c.organisation_id)).label("count"))


def _hours(actor: Actor, cells: FromClause, day: Day, shown: Shown) -> Select[Any]:
    found = select(*shown, func.sum(Interaction.quarters).label("count"))
    return (
        found.join_from(cells, Engagement, Engagement.innovation_id == cells.c.id)
        .join(Interaction, Interaction.engagement_id == Engagement.id)
        .join(InteractionEvent, InteractionEvent.id == Interaction.event_id)
        .where(InteractionEvent.on <= (day or today()), counts_at_all(), known_contacts(actor))
    )


def _sites(_actor: Actor, cells: FromClause, day: Day, shown: Shown) -> Select[Any]:
    place = func.coalesce(cast(Use.organisation_id, Text), Use.organisation_named)
    key = constant("").concat(place).concat("|").concat(Use.site)
    found = select(*shown, func.count(distinct(key)).label("count"))
    return found.join_from(cells, Use, (Use.innovation_id == cells.c.id) & as_at.in_use(day))


def _challenges(actor: Actor, cells: FromClause, _day: Day, shown: Shown) -> Select[Any]:
    matched = suggested(actor).subquery()
    found = select(*shown, func.count(distinct(matched.c.challenge_id)).label("count"))
    return found.join_from(cells, matched, matched.c.innovation_id == cells.c.id)


MEASURED: Mapping[str, Callable[[Actor, FromClause, Day, Shown], Select[Any]]] = {
    "innovations": _innovations,
    "organisations": _organisations,
    "hours": _hours,
    "sites": _sites,
    "challenges": _challenges,
}
"""How each measure counts: over the records of every cell, each once; `shown` before the count."""


def known_contacts(actor: Actor) -> ColumnElement[bool]:
    """Return SQL for "the reader may know how long this contact took": HIN staff their own
    network's, the national team all, an innovator's people what they may read about their own
    records; nobody else any."""
    if actor.is_national:
        return true()
    if actor.is_hin:
        return InteractionEvent.hin_id == actor.hin_id
    ours = select(Innovation.id).where(own(actor))
    return Engagement.innovation_id.in_(ours) & readable_by(actor)


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


def measured(
    actor: Actor, narrowed: Narrowed, values: Values, day: Day, measures: Sequence[Measure]
) -> dict[str, float]:
    """Return these measures over the records of a list, in one statement."""
    base = _base(actor, Asked("stage", "proven", narrowed=narrowed, day=day), values)
    past = as_at.past(day)
    legs = [MEASURED[one.key](actor, base, past, [constant(one.key)]) for one in measures]
    found = db.session.execute(union_all(*legs)).all()
    return {key: in_units(count, MEASURES[key].parts) for key, count in found}
