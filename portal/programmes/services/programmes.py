"""Set programmes up: their facts, products, resources, and who leads them in a network."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.accounts.models import Actor
from portal.accounts.queries.acting import staff
from portal.audit import services as audit
from portal.clock import now, today
from portal.db import db, lock
from portal.errors import Conflict, Forbidden, Invalid
from portal.programmes.models import (
    ProductRole,
    Programme,
    ProgrammeKind,
    ProgrammeLead,
    ProgrammeProduct,
    ProgrammeResource,
)
from portal.programmes.policy import can_edit, can_start_regional, can_write_for
from portal.programmes.rules.years import year_of
from portal.reference.models import Term
from portal.text import is_called

FIELDS = frozenset(
    {
        *("name", "kind", "parent_id", "from_year", "to_year", "commissioner", "led_by"),
        *("lead_hin_id", "partners", "spreads", "people_meant", "goal", "cohort", "is_public"),
        "names_sites",
    }
)


def save_programme(
    *,
    programme: Programme | None,
    settings: Sequence[Term],
    by: Actor,
    version: int = 0,
    **values: Any,
) -> Programme:
    """Add a programme (None), or change one as its `version` was seen; settings are its own.

    Raises Forbidden but for the national team, Invalid for years that run backwards and for a tree
    that goes in a circle, Outdated when somebody changed it meanwhile.
    """
    if not can_edit(by):
        raise Forbidden("The national team sets programmes up.")
    if unknown := set(values) - FIELDS:
        raise TypeError(f"no such field of a programme: {', '.join(sorted(unknown))}")
    _check(programme, values)
    is_new = programme is None
    if programme is None:
        programme = Programme(
            code=_code_for(values["name"]), created_by_id=by.user_id, kind=ProgrammeKind.REGIONAL
        )
        db.session.add(programme)
    else:
        lock(programme, seen=version)
    for name, value in values.items():
        setattr(programme, name, value)
    programme.settings = list(settings)
    programme.is_edited = True
    db.session.flush()
    audit.note(programme, "added" if is_new else "changed", _said(programme, is_new), by=by)
    return programme


def start_regional(*, name: str, parent: Programme, by: Actor) -> Programme:
    """Start a programme of one's own network as part of a larger one, from this financial year on.

    It is for people of networks, ICSs and the national team until the national team makes it
    public. Raises Forbidden but for people of a network.
    """
    if not can_start_regional(by):
        raise Forbidden("People of a network start a programme of their own.")
    programme = Programme(
        code=_code_for(name),
        name=name,
        kind=ProgrammeKind.REGIONAL,
        parent=parent,
        from_year=year_of(today()),
        lead_hin_id=by.hin_id,
        spreads=parent.spreads,
        settings=list(parent.settings),
        is_edited=True,
        created_by_id=by.user_id,
    )
    db.session.add(programme)
    db.session.flush()
    audit.note(programme, "added", _said(programme, True), by=by)
    return programme


def _said(programme: Programme, is_new: bool) -> str:
    return f"{'added' if is_new else 'changed'} the programme “{programme.name}”"


def _check(programme: Programme | None, values: dict[str, Any]) -> None:
    begin, end = values.get("from_year"), values.get("to_year")
    if begin is not None and end is not None and end < begin:
        raise Invalid("The last year must be the first year or later", field="to_year")
    above = values.get("parent_id")
    while above is not None and programme is not None:
        if above == programme.id:
            raise Invalid("Select a programme that is not part of this one", field="parent_id")
        found = db.session.get(Programme, above)
        above = found.parent_id if found else None


def _code_for(name: str) -> str:
    """Return a code that no programme has, from its name: "FOCUS_ADHD", "FOCUS_ADHD_2"."""
    base = re.sub(r"[^A-Z0-9]+", "_", name.upper()).strip("_")[:40] or "PROGRAMME"
    taken = set(db.session.scalars(select(Programme.code).where(Programme.code.startswith(base))))
    code, number = base, 1
    while code in taken:
        number += 1
        code = f"{base}_{number}"
    return code


def add_product(
    *,
    programme: Programme,
    name: str,
    role: ProductRole,
    by: Actor,
    innovation_id: int | None = None,
    supplier: str = "",
    from_on: date | None = None,
    to_on: date | None = None,
    note: str = "",
) -> ProgrammeProduct:
    """Add a product to a programme, with its record where it has one.

    Raises Forbidden but for the national team, Conflict for one that it has, Invalid for days that
    run backwards.
    """
    if not can_edit(by):
        raise Forbidden("The national team says what a programme spreads.")
    if from_on is not None and to_on is not None and to_on < from_on:
        raise Invalid("The last day must be on or after the first", field="to_on")
    if is_called(name, (one.name for one in programme.products)):
        raise Conflict("The programme has a product of this name already.")
    row = ProgrammeProduct(
        programme=programme,
        name=name,
        role=role,
        innovation_id=innovation_id,
        supplier=supplier,
        from_on=from_on,
        to_on=to_on,
        note=note,
    )
    db.session.add(row)
    db.session.flush()
    audit.note(programme, "product_added", f"added the product “{name}”", by=by)
    return row


def add_resource(
    *, programme: Programme, title: str, by: Actor, maker: str = "", link: str = "", note: str = ""
) -> ProgrammeResource:
    """Add a toolkit or other resource. Raises Forbidden but for staff, Conflict for one it has."""
    if not by.is_staff:
        raise Forbidden("People of networks and of the national team add resources.")
    if is_called(title, (one.title for one in programme.resources)):
        raise Conflict("The programme has a resource of this title already.")
    row = ProgrammeResource(
        programme=programme, title=title, maker=maker, link=link, note=note, by_id=by.user_id
    )
    db.session.add(row)
    db.session.flush()
    audit.note(programme, "resource_added", f"added the resource “{title}”", by=by)
    return row


def set_lead(
    *, programme: Programme, hin_id: int, user_id: int | None, seen: int | None, by: Actor
) -> None:
    """Say who leads a programme in one's own network from now on, or (None) that nobody does.

    `seen` is the row of the lead person that the page showed, None for nobody. Raises Forbidden
    for other networks, Invalid for somebody who does not act for it, Conflict when another person
    was named meanwhile.
    """
    if not can_write_for(by, hin_id):
        raise Forbidden("A network names its own lead person.")
    person = next((one for one in staff(hin_id) if one.id == user_id), None)
    if user_id is not None and person is None:
        raise Invalid("Select somebody who works for your network", field="user_id")
    standing = db.session.scalar(
        select(ProgrammeLead)
        .where(
            ProgrammeLead.programme_id == programme.id,
            ProgrammeLead.hin_id == hin_id,
            ProgrammeLead.until_at.is_(None),
        )
        .with_for_update()
    )
    if (standing.id if standing else None) != seen:
        raise Conflict(
            "Somebody named another lead person meanwhile. Look at it and send it again."
        )
    if standing is not None:
        standing.until_at = now()
        db.session.flush()
    if person is not None:
        db.session.add(
            ProgrammeLead(
                programme_id=programme.id, hin_id=hin_id, user_id=person.id, by_id=by.user_id
            )
        )
        db.session.flush()
    words = f"made {person.name} lead person" if person else "left it without a lead person"
    audit.note(programme, "lead_set", words, by=by)
