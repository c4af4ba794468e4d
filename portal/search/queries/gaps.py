"""Read what people looked for in vain."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, Select, func, or_, select, true
from sqlalchemy.orm import joinedload

from portal.accounts.models import Actor, Organisation
from portal.db import db
from portal.errors import Forbidden, NotFound
from portal.reference.queries import hin_of_ics
from portal.search import policy
from portal.search.models import GapState, SearchGap


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return SQL for "the gap is the actor's to handle": `policy.can_handle`, in the database."""
    if actor.is_national:
        return true()
    return or_(SearchGap.hin_id.is_(None), SearchGap.hin_id == actor.hin_id)


def require_reader(actor: Actor) -> Actor:
    """Return the actor if they may read gaps at all; raises Forbidden otherwise."""
    if not policy.can_see_gaps(actor):
        raise Forbidden("What people look for and do not find is read by HIN and national staff.")
    return actor


def gap_for(actor: Actor, gap_id: int) -> SearchGap:
    """Return a gap that the actor may handle; raises Forbidden or NotFound otherwise."""
    require_reader(actor)
    gap = db.session.get(SearchGap, gap_id, options=_WHOLE)
    if gap is None or not policy.can_handle(actor, gap):
        raise NotFound("There is no such search here that you may see.")
    return gap


_WHOLE = (
    joinedload(SearchGap.user),
    joinedload(SearchGap.organisation),
    joinedload(SearchGap.hin),
    joinedload(SearchGap.handled_by),
    joinedload(SearchGap.challenge),
)


def listed(actor: Actor, state: GapState) -> Select[SearchGap]:
    """Return the gaps in a state that the actor may handle, newest first."""
    found = select(SearchGap).where(visible_to(actor), SearchGap.state == state)
    return found.options(*_WHOLE).order_by(SearchGap.at.desc(), SearchGap.id.desc())


def counts(actor: Actor) -> Mapping[GapState, int]:
    """Return how many gaps of each state the actor may handle."""
    found = select(SearchGap.state, func.count()).where(visible_to(actor))
    held = dict(db.session.execute(found.group_by(SearchGap.state)).all())
    return {state: held.get(state, 0) for state in GapState}


def of_challenge(actor: Actor, challenge_id: int) -> SearchGap | None:
    """Return the gap from which a challenge was written, if the actor may handle it."""
    if not policy.can_see_gaps(actor):
        return None
    found = select(SearchGap).where(SearchGap.challenge_id == challenge_id, visible_to(actor))
    return db.session.scalar(found.order_by(SearchGap.id).limit(1))


def hin_id_of(actor: Actor) -> int | None:
    """Return the HIN in whose region the actor works: its own, or the lead of their ICS's."""
    if actor.hin_id is not None:
        return actor.hin_id
    ics_id = actor.ics_id
    if ics_id is None and actor.organisation_id is not None:
        ics_id = db.session.scalar(
            select(Organisation.ics_id).where(Organisation.id == actor.organisation_id)
        )
    hin = hin_of_ics(ics_id) if ics_id else None
    return hin.id if hin else None
