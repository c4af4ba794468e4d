"""What the values of every dimension are called, in one statement over all coded lists."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Integer, Select, Text, literal, select, union_all

from portal.clock import today
from portal.db import db
from portal.figures.dimensions import NONE, Lists, Named, Raw, Value, Values, dimensions
from portal.reference.models import Hin, Ics, Region, Term
from portal.reference.queries import hin_names_on, ics_names_on
from portal.text import folded_for_sorting

LAST = 1_000_000
"""Where "no value" stands."""


def all_values(on: date | None = None) -> Values:
    """Return every value of every dimension, in order; networks and ICSs as they were called on a
    day that is over."""
    lists = _lists()
    if on is not None and on < today():
        hins = hin_names_on(db.session.scalars(select(Hin)), on)
        systems = ics_names_on(db.session.scalars(select(Ics)), on)
        lists = {
            **lists,
            "hin": _called(lists["hin"], hins),
            "ics": _called(lists["ics"], systems),
        }
    return {code: _values(code, lists) for code in dimensions()}


def _values(code: str, lists: Lists) -> Mapping[Raw, Value]:
    one = dimensions()[code]
    found: dict[Raw, Value] = {}
    found.update(one.values(lists).items())
    if one.none:
        found[None] = Value(NONE, one.none, LAST)
    return found


def _lists() -> Lists:
    vocabularies = {d.vocabulary for d in dimensions().values() if d.vocabulary is not None}
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
    found: dict[str, list[Named]] = {}
    for row in db.session.execute(
        select(union).order_by(union.c.kind, union.c.place, union.c.label, union.c.id)
    ):
        found.setdefault(row.kind, []).append(Named(row.id, row.code, row.label, row.heading))
    return found


def _called(places: Sequence[Named], names: Mapping[int, str]) -> list[Named]:
    called = [replace(one, label=names[one.id]) for one in places]
    return sorted(called, key=lambda one: folded_for_sorting(one.label))


def _place(kind: str, model: type[Ics] | type[Hin] | type[Region]) -> Select[*tuple[Any, ...]]:
    return select(literal(kind), model.id, model.code, model.name, literal(""), literal(0, Integer))
