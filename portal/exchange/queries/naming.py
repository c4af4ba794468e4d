"""Name what a version of an item keeps by number, for who compares two of them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from portal.challenges.models import Challenge
from portal.db import db
from portal.exchange.models import Licence
from portal.innovations.models import Innovation
from portal.programmes.models import Programme
from portal.reference.models import Hin, Ics, Site, Term

_NAMED: Mapping[str, tuple[Any, InstrumentedAttribute[str]]] = {
    "hin_id": (Hin, Hin.name),
    "ics_id": (Ics, Ics.name),
    "innovation_id": (Innovation, Innovation.name),
    "challenge_id": (Challenge, Challenge.title),
    "programme_id": (Programme, Programme.name),
    "term_ids": (Term, Term.label),
    "site_ids": (Site, Site.name),
}
"""The fields that hold numbers of rows, and what such a row is called."""

Kept = Mapping[str, Any]


def with_names(before: Kept, after: Kept) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return both versions with names where they differ in numbers of rows; what is gone keeps its
    number. A statement for each field that differs."""
    old, new = dict(before), dict(after)
    for field, (of, name) in _NAMED.items():
        if old.get(field) == new.get(field):
            continue
        ids = {*_numbers(old.get(field)), *_numbers(new.get(field))}
        if not ids:
            continue
        rows = db.session.execute(select(of.id, name).where(of.id.in_(ids)))
        called: dict[int, str] = dict(rows.all())
        for said in (old, new):
            said[field] = [called.get(one, f"Number {one}") for one in _numbers(said.get(field))]
    for said in (old, new):
        if said.get("licence"):
            said["licence"] = Licence(said["licence"]).label
    return old, new


def _numbers(value: Any) -> list[int]:
    if isinstance(value, list):
        return value
    return [value] if value else []
