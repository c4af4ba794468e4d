"""Read programmes: one, the list, the tree."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts.models import Actor
from portal.db import by_name, db
from portal.errors import NotFound
from portal.programmes.models import (
    Programme,
    ProgrammeKind,
    ProgrammeLead,
    ProgrammeProduct,
    programme_setting,
)
from portal.programmes.policy import can_see, reads_networks
from portal.programmes.rules.years import Standing, year_of
from portal.reference.models import Term


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return SQL for `policy.can_see`."""
    return true() if reads_networks(actor) else Programme.is_public.is_(True)


WHOLE = (
    joinedload(Programme.parent),
    joinedload(Programme.lead_hin),
    selectinload(Programme.settings),
    selectinload(Programme.products).joinedload(ProgrammeProduct.innovation),
    selectinload(Programme.resources),
)


def programme_for(actor: Actor, programme_id: int) -> Programme:
    """Return one programme, with what belongs to it; raises NotFound for what they may not see."""
    found = db.session.scalar(select(Programme).where(Programme.id == programme_id).options(*WHOLE))
    return _visible(actor, found)


def bare_programme_for(actor: Actor, programme_id: int) -> Programme:
    """Return one programme for a page that shows nothing of what belongs to it, without a statement
    where it was read before; raises NotFound for what they may not see."""
    return _visible(actor, db.session.get(Programme, programme_id))


def _visible(actor: Actor, found: Programme | None) -> Programme:
    if found is None or not can_see(actor, found):
        raise NotFound("There is no such programme.")
    return found


def standing_is(wanted: Standing, day: date) -> ColumnElement[bool]:
    """Return SQL for `rules.years.standing_on`: a financial year begins on 1 April."""
    year = year_of(day)
    ended = or_(
        Programme.ends_on < day,
        and_(Programme.ends_on.is_(None), Programme.to_year < year),
    )
    to_come = or_(
        Programme.begins_on > day,
        and_(Programme.begins_on.is_(None), Programme.from_year > year),
    )
    ended, to_come = func.coalesce(ended, false()), func.coalesce(to_come, false())
    if wanted is Standing.ENDED:
        return ended
    return and_(~ended, to_come) if wanted is Standing.TO_COME else and_(~ended, ~to_come)


def standing_rank(day: date) -> ColumnElement[int]:
    """Return SQL that sorts programmes by where they stand on a day: those that run first."""
    ranked = ((standing_is(one, day), place) for place, one in enumerate(Standing))
    return case(*ranked, else_=len(Standing))


def programmes(
    actor: Actor,
    *,
    words: str = "",
    kinds: Collection[ProgrammeKind] = (),
    standings: Collection[Standing] = (),
    settings: Collection[str] = (),
    hin_ids: Collection[int] = (),
    day: date,
) -> Select[Programme]:
    """Return the programmes that a reader may see and that fit, for a list."""
    found = select(Programme).where(visible_to(actor)).options(joinedload(Programme.parent))
    if words:
        like = f"%{words.casefold()}%"
        texts = (Programme.name, Programme.spreads, Programme.goal)
        found = found.where(or_(*(func.lower(text).like(like) for text in texts)))
    if kinds:
        found = found.where(Programme.kind.in_(kinds))
    if standings:
        found = found.where(or_(*(standing_is(one, day) for one in standings)))
    if settings:
        inside = select(programme_setting.c.programme_id).join(Term).where(Term.code.in_(settings))
        found = found.where(Programme.id.in_(inside))
    if hin_ids:
        led = select(ProgrammeLead.programme_id).where(
            ProgrammeLead.hin_id.in_(hin_ids), ProgrammeLead.until_at.is_(None)
        )
        found = found.where(or_(Programme.lead_hin_id.in_(hin_ids), Programme.id.in_(led)))
    return found


def parts_of(actor: Actor, programme: Programme) -> Sequence[Programme]:
    """Return the programmes of which this one is made, by name."""
    return db.session.scalars(
        select(Programme)
        .where(Programme.parent_id == programme.id, visible_to(actor))
        .order_by(by_name(Programme.name), Programme.id)
    ).all()


def above(programme: Programme) -> list[Programme]:
    """Return the programmes of which this one is part, the largest first."""
    found: list[Programme] = []
    at = programme.parent
    while at is not None and at not in found:
        found.insert(0, at)
        at = at.parent
    return found


def leads_of(programme_id: int) -> Sequence[ProgrammeLead]:
    """Return who leads the programme in each network now, by network."""
    return db.session.scalars(
        select(ProgrammeLead)
        .where(ProgrammeLead.programme_id == programme_id, ProgrammeLead.until_at.is_(None))
        .join(ProgrammeLead.hin)
        .options(joinedload(ProgrammeLead.hin), joinedload(ProgrammeLead.user))
        .order_by(ProgrammeLead.hin_id)
    ).all()


def lead_in(programme_id: int, hin_id: int) -> ProgrammeLead | None:
    """Return who leads the programme in a network now, if somebody does."""
    return db.session.scalar(
        select(ProgrammeLead).where(
            ProgrammeLead.programme_id == programme_id,
            ProgrammeLead.hin_id == hin_id,
            ProgrammeLead.until_at.is_(None),
        )
    )


def all_visible(actor: Actor) -> Sequence[Programme]:
    """Return every programme that a reader may see, by name."""
    return db.session.scalars(
        select(Programme).where(visible_to(actor)).order_by(by_name(Programme.name), Programme.id)
    ).all()


def public_with_records() -> Sequence[Programme]:
    """Return the public programmes of which a product has a record, by name."""
    named = select(ProgrammeProduct.programme_id).where(ProgrammeProduct.innovation_id.is_not(None))
    return db.session.scalars(
        select(Programme)
        .where(Programme.is_public.is_(True), Programme.id.in_(named))
        .order_by(by_name(Programme.name), Programme.id)
    ).all()


def product_for(programme: Programme, product_id: int | None) -> ProgrammeProduct | None:
    """Return a product of this programme, None for none; raises NotFound for another's."""
    if product_id is None:
        return None
    found = next((one for one in programme.products if one.id == product_id), None)
    if found is None:
        raise NotFound("There is no such product in this programme.")
    return found
