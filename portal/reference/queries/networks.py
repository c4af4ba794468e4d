"""Read how ICSs and networks followed each other."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.errors import NotFound
from portal.reference.models import Hin, HinServiceArea, Ics, IcsSuccession


def ics(ics_id: int) -> Ics:
    """Return one ICS, past or present; raises NotFound."""
    found = db.session.get(Ics, ics_id)
    if found is None:
        raise NotFound("There is no such ICS.")
    return found


def hin(hin_id: int) -> Hin:
    """Return one network; raises NotFound."""
    found = db.session.get(Hin, hin_id)
    if found is None:
        raise NotFound("There is no such network.")
    return found


def successions_of(ics: Ics) -> Sequence[IcsSuccession]:
    """Return by whom an ICS is or will be followed, in the order in which that was said."""
    return db.session.scalars(
        select(IcsSuccession)
        .where(IcsSuccession.predecessor_id == ics.id)
        .options(joinedload(IcsSuccession.successor))
        .order_by(IcsSuccession.id)
    ).all()


def successions() -> Sequence[IcsSuccession]:
    """Return every succession, the newest day first."""
    return db.session.scalars(
        select(IcsSuccession)
        .options(joinedload(IcsSuccession.predecessor), joinedload(IcsSuccession.successor))
        .order_by(IcsSuccession.on.desc(), IcsSuccession.id)
    ).all()


def area_lead(ics_id: int, on: date) -> HinServiceArea | None:
    """Return the area with which a network leads in an ICS on a day."""
    return db.session.scalar(
        select(HinServiceArea).where(
            HinServiceArea.ics_id == ics_id,
            HinServiceArea.is_lead,
            HinServiceArea.valid_from <= on,
            or_(HinServiceArea.valid_to.is_(None), HinServiceArea.valid_to >= on),
        )
    )


def leads_on(on: date) -> dict[int, Hin]:
    """Return which network leads in each ICS on a day, by the number of the ICS."""
    rows = db.session.scalars(
        select(HinServiceArea)
        .where(
            HinServiceArea.is_lead,
            HinServiceArea.valid_from <= on,
            or_(HinServiceArea.valid_to.is_(None), HinServiceArea.valid_to >= on),
        )
        .options(joinedload(HinServiceArea.hin))
    )
    return {row.ics_id: row.hin for row in rows}


def links_of(ics: Ics) -> Sequence[IcsSuccession]:
    """Return what an ICS was formed of and by whom it was followed, with both, by the day."""
    return db.session.scalars(
        select(IcsSuccession)
        .where(or_(IcsSuccession.predecessor_id == ics.id, IcsSuccession.successor_id == ics.id))
        .options(joinedload(IcsSuccession.predecessor), joinedload(IcsSuccession.successor))
        .order_by(IcsSuccession.on, IcsSuccession.id)
    ).all()


def with_predecessors(ics_id: int, on: date) -> frozenset[int]:
    """Return the number of an ICS and of all that became part of it by a day, however many steps
    before: their organisations keep the ICS they name. One statement."""
    found = select(Ics.id.label("ics_id")).where(Ics.id == ics_id).cte("areas", recursive=True)
    before = select(IcsSuccession.predecessor_id).where(
        IcsSuccession.successor_id == found.c.ics_id, IcsSuccession.on <= on
    )
    return frozenset(db.session.scalars(select(found.union(before).c.ics_id)))


def ended_icss(on: date) -> Sequence[Ics]:
    """Return the ICSs that ended before a day, by name."""
    return db.session.scalars(
        select(Ics).where(Ics.valid_to < on).options(joinedload(Ics.region)).order_by(Ics.name)
    ).all()
