"""How each field of `rules.fields` is found in the database, and what its values are called."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    case,
    false,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import aliased

from portal.accounts.models import Organisation, OrganisationKind, OrganisationSize
from portal.db import db
from portal.innovations.models import (
    Evidence,
    Innovation,
    StandardHeld,
    StandardStatus,
    innovation_term,
)
from portal.pipeline.queries import as_at
from portal.pipeline.queries.as_at import Day
from portal.pipeline.rules.days import begin_of, quarters_until, short
from portal.pipeline.rules.fields import FIELDS, NONE, Field
from portal.reference.models import Hin, Ics, Region, Term
from portal.reference.queries import today
from portal.reference.rules import Quarter
from portal.support.models import Engagement

Raw = int | None
"""What the database gives for a value: always a number, for those are grouped fastest."""


# Fields with one value: a column over `Innovation` --------------------------------------------


def _organisation(column: Any, values: Iterable[Any]) -> ColumnElement[Any]:
    number = case(*((column == value, place) for place, value in enumerate(values)))
    found = select(number).where(Organisation.id == Innovation.organisation_id)
    return found.correlate(Innovation).scalar_subquery()


def _region(_day: Day) -> ColumnElement[Any]:
    found = select(Ics.region_id).where(Ics.id == Innovation.ics_id)
    return found.correlate(Innovation).scalar_subquery()


def _use(day: Day) -> ColumnElement[int]:
    """Number how far a record is used: 1 in use, 2 on trial only, 0 neither."""
    return case((as_at.is_used(day), 1), (as_at.is_on_trial(day), 2), else_=0)


def _yes(test: ColumnElement[bool]) -> ColumnElement[int]:
    return case((test, 1), else_=0)


FIRST_YEAR = 2013
"""The Networks began in April 2013: what was registered before is one value."""
BEFORE = "Earlier"


def _quarters() -> list[Quarter]:
    """Return the quarters up to today's, oldest first."""
    day = today()
    return quarters_until(day, (day.year - FIRST_YEAR + 1) * 4)


def _years() -> list[Quarter]:
    """Return the first quarter of every year, oldest first."""
    return [quarter for quarter in _quarters() if quarter.number == 1]


def _period(quarters: Sequence[Quarter]) -> ColumnElement[Any]:
    """Number the period in which a record was first submitted, 1 for the first, 0 for before.

    The newest are asked for first: most records are new.
    """
    numbered = list(enumerate(quarters, start=1))
    return case(
        (Innovation.submitted_at.is_(None), null()),
        *((Innovation.submitted_at >= begin_of(q.first), n) for n, q in reversed(numbered)),
        else_=0,
    )


_SINGLE: Mapping[str, Callable[[Day], ColumnElement[Any]]] = {
    "stage": as_at.stage_id,
    "proven": lambda day: _yes(as_at.proven(day)),
    "category": lambda _: Innovation.category_id.expression,
    "main_purpose": lambda _: Innovation.main_purpose_id.expression,
    "in_use": _use,
    "hin_count": as_at.supporter_count,
    "first_hin": lambda _: Innovation.hin_id.expression,
    "ics": lambda _: Innovation.ics_id.expression,
    "region": _region,
    "organisation_kind": lambda _: _organisation(Organisation.kind, OrganisationKind),
    "organisation_size": lambda _: _organisation(Organisation.size, OrganisationSize),
    "year": lambda _: _period(_years()),
    "quarter": lambda _: _period(_quarters()),
}


def column(field: Field, day: Day) -> ColumnElement[Any]:
    """Return SQL over `Innovation` for the value of a field that has one."""
    return _SINGLE[field.key](day)


# Fields with several values: rows that are joined to a record ---------------------------------


@dataclass(frozen=True, slots=True)
class Link:
    """The rows that hold a record's values of a field."""

    table: Any
    on: ColumnElement[bool]
    """Which of them are of the record."""
    value: ColumnElement[Any]
    is_unique: bool = True
    """Whether a value comes once for each record at most."""


def link(field: Field, of: ColumnElement[int], values: "Values", day: Day) -> Link:
    """Return how the record with the id `of` is joined to its values of a field."""
    known = values[field.key].items()
    if field.key == "condition_group":
        return _groups(of, [value.members for _, value in known if value.members])
    if field.key in _LINKS:
        return _LINKS[field.key](of, day)
    held = innovation_term.alias().c
    mine = (held.innovation_id == of) & _within(held.term_id, [raw for raw, _ in known if raw])
    return Link(held.term_id.table, mine, held.term_id)


def _groups(of: ColumnElement[int], groups: Sequence[Sequence[int]]) -> Link:
    """A group stands under the smallest id of its terms."""
    held = innovation_term.alias().c
    mine = (held.innovation_id == of) & _within(
        held.term_id, [one for ids in groups for one in ids]
    )
    named = [(run, min(ids)) for ids in groups for run in runs(ids)]
    value = case(*((held.term_id.between(*run), first) for run, first in named), else_=null())
    return Link(held.term_id.table, mine, value, is_unique=False)


def _within(column: Any, ids: Iterable[int]) -> ColumnElement[bool]:
    """Return SQL for "one of these": as ranges, for a range of an index is read in one go."""
    found = runs(ids)
    if not found:
        return false()
    each = or_(*(column.between(*run) for run in found)) if len(found) > 1 else true()
    return and_(column.between(found[0][0], found[-1][1]), each)


def runs(ids: Iterable[int]) -> list[tuple[int, int]]:
    """Return the first and last of each run of numbers without a gap, in order."""
    found: list[tuple[int, int]] = []
    for one in sorted(ids):
        if found and one == found[-1][1] + 1:
            found[-1] = (found[-1][0], one)
        else:
            found.append((one, one))
    return found


def _evidence(of: ColumnElement[int], _day: Day) -> Link:
    held = aliased(Evidence)
    return Link(held, held.innovation_id == of, held.kind_id.expression, is_unique=False)


def _standards(of: ColumnElement[int], _day: Day) -> Link:
    held = aliased(StandardHeld)
    mine = (held.innovation_id == of) & (held.status == StandardStatus.YES)
    return Link(held, mine, held.standard_id.expression)


def _levels(of: ColumnElement[int], day: Day) -> Link:
    held = aliased(Engagement)
    found = as_at.level(day, held)
    mine = (held.innovation_id == of) & as_at.is_live(day, held) & found.is_not(None)
    return Link(held, mine, found, is_unique=False)


def _hins(of: ColumnElement[int], day: Day) -> Link:
    held = aliased(Engagement)
    mine = (held.innovation_id == of) & as_at.is_live(day, held)
    return Link(held, mine, held.hin_id.expression)


_LINKS: Mapping[str, Callable[[ColumnElement[int], Day], Link]] = {
    "evidence_kind": _evidence,
    "standard": _standards,
    "level": _levels,
    "hin": _hins,
}


# What values are called -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a field: its code in addresses, its name on pages, and its place."""

    code: str
    label: str
    place: int
    members: tuple[int, ...] = ()
    """Of a group of terms: their ids."""


Values = Mapping[str, Mapping[Raw, Value]]
"""By the name of the field and then by what the database holds; None is "no value"."""


@dataclass(frozen=True, slots=True)
class _Named:
    id: int
    code: str
    label: str
    group: str


def all_values() -> Values:
    """Return every value of every field, in order, in one statement."""
    named = _named()
    found = {key: {**_values(field, named), None: _none(field)} for key, field in FIELDS.items()}
    for key in ("proven", "in_use", "hin_count"):
        found[key].pop(None)
    return found


def _none(field: Field) -> Value:
    return Value(NONE, field.none, 1_000_000)


def _named() -> dict[str, list[_Named]]:
    vocabularies = {f.vocabulary for f in FIELDS.values() if f.vocabulary is not None}
    terms = select(
        Term.vocabulary.cast(Text).label("kind"),
        Term.id,
        Term.code,
        Term.label.label("label"),
        Term.group.label("heading"),
        Term.position.label("place"),
    ).where(Term.vocabulary.in_(vocabularies))
    places = (_place("ics", Ics), _place("hin", Hin), _place("region", Region))
    union = union_all(terms, *places).subquery()
    found: dict[str, list[_Named]] = {}
    for row in db.session.execute(
        select(union).order_by(union.c.kind, union.c.place, union.c.label, union.c.id)
    ):
        found.setdefault(row.kind, []).append(_Named(row.id, row.code, row.label, row.heading))
    return found


def _place(kind: str, model: type[Ics] | type[Hin] | type[Region]) -> Select[*tuple[Any, ...]]:
    return select(literal(kind), model.id, model.code, model.name, literal(""), literal(0, Integer))


def _values(field: Field, named: Mapping[str, list[_Named]]) -> dict[Raw, Value]:
    if field.key in _FIXED:
        return {raw: Value(*rest) for raw, rest in _numbered(_FIXED[field.key]())}
    if field.key == "condition_group":
        groups: dict[str, list[int]] = {}
        for one in named["condition"]:
            groups.setdefault(one.group, []).append(one.id)
        return {
            min(ids): Value(group, group, place, tuple(ids))
            for place, (group, ids) in enumerate(groups.items())
        }
    found = named[field.vocabulary.value if field.vocabulary else _PLACES.get(field.key, field.key)]
    if field.key == "level":
        rows = ((number, one.code, one.label) for number, one in enumerate(found, 1))
        return {raw: Value(c, f"{raw}: {t}", at) for raw, (c, t, at) in _numbered(rows)}
    return {raw: Value(*rest) for raw, rest in _numbered((o.id, o.code, o.label) for o in found)}


def _numbered(rows: Iterable[tuple[Raw, str, str]]) -> list[tuple[Raw, tuple[str, str, int]]]:
    return [(raw, (code, label, place)) for place, (raw, code, label) in enumerate(rows)]


def _hin_counts() -> list[tuple[Raw, str, str]]:
    names = {0: "No HIN", 1: "1 HIN"}
    return [(n, str(n), names.get(n, f"{n} HINs")) for n in range(16)]


def _periods(labels: Iterable[str]) -> list[tuple[Raw, str, str]]:
    return [(number, label, label) for number, label in enumerate((BEFORE, *labels))]


def _named_by(kinds: Iterable[Any]) -> list[tuple[Raw, str, str]]:
    return [(number, kind.value, kind.label) for number, kind in enumerate(kinds)]


_PLACES = {"first_hin": "hin"}
"""Fields whose values are another's."""

_FIXED: Mapping[str, Callable[[], list[tuple[Raw, str, str]]]] = {
    "proven": lambda: [(1, "yes", "Proven"), (0, "no", "Not proven")],
    "in_use": lambda: [
        (1, "yes", "In use"),
        (2, "trial", "On trial only"),
        (0, "no", "Not in use"),
    ],
    "hin_count": _hin_counts,
    "organisation_kind": lambda: _named_by(OrganisationKind),
    "organisation_size": lambda: _named_by(OrganisationSize),
    "year": lambda: _periods(q.years for q in _years()),
    "quarter": lambda: _periods(short(q) for q in _quarters()),
}
