"""Where innovations come from: by integrated care system, as its boundaries stood on a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Actor
from portal.db import db
from portal.figures.dimensions import NONE
from portal.pipeline.queries.crosstab import CrosstabQuery, Table, crosstab
from portal.pipeline.queries.values import all_values
from portal.reference.models import Ics, IcsSuccession
from portal.reference.queries import icss

WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Place:
    """An integrated care system with the innovations whose people are based there."""

    code: str
    name: str
    codes: Sequence[str]
    """Under which boundaries they were recorded: its own, and those that became part of it."""
    total: float
    proven: float


def by_place(actor: Actor, on: date) -> tuple[list[Place], list[Place]]:
    """Return the ICSs of a day, and what was recorded under boundaries that cannot be told of
    them: one that was split since, one of another time, none at all. In four statements."""
    table = crosstab(actor, CrosstabQuery("ics", "proven", day=on), all_values()).whole
    standing = icss(on)
    became = _became(on)
    homes: dict[str, list[str]] = {ics.code: [] for ics in standing}
    rows = {row.code: row.label for row in table.rows}
    for code in rows:
        homes.setdefault(became.get(code, code), []).append(code)
    here = [_place(table, ics.code, ics.name, homes.pop(ics.code)) for ics in standing]
    elsewhere = [
        _place(table, code, "No system recorded" if code == NONE else rows[code], codes)
        for code, codes in homes.items()
    ]
    return here, [place for place in elsewhere if place.total]


def _became(on: date) -> Mapping[str, str]:
    """Return what every ICS that went into another whole had become by a day, by code."""
    found = db.session.scalars(
        select(IcsSuccession)
        .where(IcsSuccession.on <= on)
        .options(joinedload(IcsSuccession.predecessor), joinedload(IcsSuccession.successor))
        .order_by(IcsSuccession.on.desc())
    )
    became: dict[str, str] = {}
    for one in found:
        if one.part == WHOLE:
            became[one.predecessor.code] = became.get(one.successor.code, one.successor.code)
    return became


def _place(table: Table, code: str, name: str, codes: Sequence[str]) -> Place:
    rows = [row for row in table.rows if row.code in codes]
    yes = next(column for column in table.columns if column.code == "yes")
    proven, total = (sum(table[row, column] for row in rows) for column in (yes, None))
    return Place(code, name, codes, total, proven)


def first_day() -> date | None:
    """Return the day on which the first ICS began."""
    return db.session.scalar(select(Ics.valid_from).order_by(Ics.valid_from).limit(1))
