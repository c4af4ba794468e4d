"""How each field of `rules.fields` is found in the database, and what its values are called."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Text,
    case,
    func,
    literal,
    null,
    select,
    union_all,
)

from portal.accounts.models import Organisation, OrganisationKind, OrganisationSize
from portal.db import db
from portal.innovations.models import (
    Evidence,
    Innovation,
    StandardHeld,
    StandardStatus,
    innovation_term,
)
from portal.reference.models import Hin, Ics, Region, Term
from portal.reference.queries import today
from portal.reference.rules import Quarter
from portal.reports.queries import as_at
from portal.reports.queries.as_at import Day
from portal.reports.queries.moments import begin_of
from portal.reports.rules.days import quarters_until, short
from portal.reports.rules.fields import FIELDS, NONE, Field
from portal.support.models import Engagement

Raw = int | str | None
Pairs = Select[int, Any]
"""Pairs of an innovation's id and one of its values, each pair once."""


# Fields with one value: a column over `Innovation` --------------------------------------------


def _organisation(column: Any) -> ColumnElement[Any]:
    found = select(column).where(Organisation.id == Innovation.organisation_id)
    return found.correlate(Innovation).scalar_subquery().cast(Text)


def _region(_day: Day) -> ColumnElement[Any]:
    found = select(Ics.region_id).where(Ics.id == Innovation.ics_id)
    return found.correlate(Innovation).scalar_subquery()


def _yes(test: ColumnElement[bool]) -> ColumnElement[int]:
    return case((test, 1), else_=0)


FIRST_YEAR = 2013
"""The Networks began in April 2013: what was registered before is one value."""
BEFORE = "Earlier"


def _quarters() -> list[Quarter]:
    """Return the quarters up to today's, newest first: most records are new."""
    day = today()
    return quarters_until(day, (day.year - FIRST_YEAR + 1) * 4)[::-1]


def _years() -> list[Quarter]:
    """Return the first quarter of every year, newest first."""
    return [quarter for quarter in _quarters() if quarter.number == 1]


def _period(labels: Iterable[tuple[Quarter, str]]) -> ColumnElement[Any]:
    """Name the period in which a record was first submitted; `labels` are newest first."""
    return case(
        (Innovation.submitted_at.is_(None), null()),
        *((Innovation.submitted_at >= begin_of(q.first), label) for q, label in labels),
        else_=BEFORE,
    )


_SINGLE: Mapping[str, Callable[[Day], ColumnElement[Any]]] = {
    "stage": as_at.stage_id,
    "proven": lambda day: _yes(as_at.proven(day)),
    "category": lambda _: Innovation.category_id.expression,
    "main_purpose": lambda _: Innovation.main_purpose_id.expression,
    "in_use": lambda day: _yes(as_at.is_used(day)),
    "hin_count": as_at.supporter_count,
    "ics": lambda _: Innovation.ics_id.expression,
    "region": _region,
    "organisation_kind": lambda _: _organisation(Organisation.kind),
    "organisation_size": lambda _: _organisation(Organisation.size),
    "year": lambda _: _period((q, q.years) for q in _years()),
    "quarter": lambda _: _period((q, short(q)) for q in _quarters()),
}


# Fields with several values: pairs ------------------------------------------------------------


def _terms(key: str) -> Pairs:
    of_list = select(Term.id).where(Term.vocabulary == FIELDS[key].vocabulary)
    pairs = innovation_term.c
    return select(pairs.innovation_id, pairs.term_id.label("value")).where(
        pairs.term_id.in_(of_list)
    )


def _groups(_day: Day) -> Pairs:
    """A group stands under the smallest id of its terms: numbers are sorted faster than names."""
    first = func.min(Term.id).over(partition_by=Term.group).label("value")
    of_list = Term.vocabulary == FIELDS["condition_group"].vocabulary
    groups = select(Term.id, first).where(of_list).cte("groups")
    pairs = innovation_term.c
    return (
        select(pairs.innovation_id, groups.c.value)
        .join(groups, groups.c.id == pairs.term_id)
        .distinct()
    )


def _evidence(_day: Day) -> Pairs:
    return select(Evidence.innovation_id, Evidence.kind_id.label("value")).distinct()


def _standards(_day: Day) -> Pairs:
    return select(StandardHeld.innovation_id, StandardHeld.standard_id.label("value")).where(
        StandardHeld.status == StandardStatus.YES
    )


def _levels(day: Day) -> Pairs:
    found = as_at.level(day)
    return (
        select(Engagement.innovation_id, found.label("value"))
        .where(as_at.is_live(day), found.is_not(None))
        .distinct()
    )


_MULTIPLE: Mapping[str, Callable[[Day], Pairs]] = {
    "care_setting": lambda _: _terms("care_setting"),
    "condition_group": _groups,
    "condition": lambda _: _terms("condition"),
    "area": lambda _: _terms("area"),
    "benefit": lambda _: _terms("benefit"),
    "inequality": lambda _: _terms("inequality"),
    "evidence_kind": _evidence,
    "standard": _standards,
    "level": _levels,
    "hin": as_at.supporters,
}


def column(field: Field, day: Day) -> ColumnElement[Any]:
    """Return SQL over `Innovation` for the value of a field that has one."""
    return _SINGLE[field.key](day)


def pairs(field: Field, day: Day) -> Pairs:
    """Return the pairs `(innovation_id, value)` of a field that can have several values."""
    return _MULTIPLE[field.key](day)


# What values are called -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a field: its code in addresses, its name on pages, and its place."""

    code: str
    label: str
    place: int


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
        ids: dict[str, int] = {}
        for one in named["condition"]:
            ids[one.group] = min(one.id, ids.get(one.group, one.id))
        rows_of = ((first, group, group) for group, first in ids.items())
        return {raw: Value(*rest) for raw, rest in _numbered(rows_of)}
    found = named[field.vocabulary.value if field.vocabulary else field.key]
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
    return [(label, label, label) for label in (BEFORE, *reversed(list(labels)))]


_FIXED: Mapping[str, Callable[[], list[tuple[Raw, str, str]]]] = {
    "proven": lambda: [(1, "yes", "Proven"), (0, "no", "Not proven")],
    "in_use": lambda: [(1, "yes", "In use"), (0, "no", "Not in use")],
    "hin_count": _hin_counts,
    "organisation_kind": lambda: [(k.value, k.value, k.label) for k in OrganisationKind],
    "organisation_size": lambda: [(k.value, k.value, k.label) for k in OrganisationSize],
    "year": lambda: _periods(q.years for q in _years()),
    "quarter": lambda: _periods(short(q) for q in _quarters()),
}
