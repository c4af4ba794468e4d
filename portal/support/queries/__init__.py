"""Read engagements: the door, who helps whom, and what is proven."""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Select, bindparam, exists, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from portal.accounts.models import Actor
from portal.accounts.queries.alike import built, values_of
from portal.db import db
from portal.errors import Conflict, Forbidden, NotFound
from portal.innovations.models import Innovation, RecordStatus
from portal.innovations.queries import own
from portal.reference.models import Hin
from portal.support.models import Engagement, EngagementChange
from portal.support.policy import is_asking_side
from portal.support.queries.on_day import is_live_on
from portal.support.rules import LIVE

# One record


def engagements(innovation_id: int) -> Sequence[Engagement]:
    """Return every HIN's engagement with the record, that of the HIN that leads first."""
    stands = Engagement.replaced_by_id.is_(None)
    return db.session.scalars(_of(innovation_id).where(stands)).all()


def engagements_ever(innovation_id: int) -> Sequence[Engagement]:
    """Return those engagements as well that another one of the same HIN replaced, when two records
    were made one: they tell of the past alone, and come last. With what their HINs were called."""
    names = joinedload(Engagement.hin).joinedload(Hin.names)
    found = db.session.scalars(_of(innovation_id).options(names)).unique().all()
    return sorted(found, key=lambda engagement: engagement.replaced_by_id is not None)


def _of(innovation_id: int) -> Select[Engagement]:
    return (
        select(Engagement)
        .where(Engagement.innovation_id == innovation_id)
        .options(joinedload(Engagement.hin), joinedload(Engagement.lead))
        .order_by(Engagement.is_leading.desc(), Engagement.opened_at, Engagement.id)
    )


def engagement_of(innovation_id: int, hin_id: int | None) -> Engagement | None:
    """Return one HIN's engagement with the record, if it has one."""
    return db.session.scalar(
        select(Engagement).where(
            Engagement.innovation_id == innovation_id,
            Engagement.hin_id == hin_id,
            Engagement.replaced_by_id.is_(None),
        )
    )


def ended_engagement(actor: Actor, innovation: Innovation, hin_id: int) -> Engagement:
    """Return the engagement that a HIN ended, for the innovation's people who may ask again.

    Raises Forbidden for others, NotFound where that HIN has none, Conflict while it is live.
    """
    if not is_asking_side(actor, innovation):
        raise Forbidden("Only the people of this innovation may ask again.")
    found = engagement_of(innovation.id, hin_id)
    if found is None:
        raise NotFound("That network has no engagement with this innovation.")
    if found.state in LIVE:
        raise Conflict(
            f"{found.hin.name} is working with this innovation: there is no need to ask."
        )
    return found


def last_change(engagement: Engagement) -> EngagementChange:
    """Return how the engagement reached the state that it is in."""
    return engagement.changes[-1]


def ended_for(actor: Actor) -> Sequence[Engagement]:
    """Return the ended engagements of the actor's records that no HIN works with, newest first."""
    return db.session.scalars(built(actor, _ended_for, _ended_for), values_of(actor)).all()


def _ended_for(actor: Actor) -> Select[Engagement]:
    other = aliased(Engagement)
    is_helped = exists(
        select(other.id).where(
            other.innovation_id == Engagement.innovation_id, other.state.in_(sorted(LIVE))
        )
    ).correlate(Engagement)
    return (
        select(Engagement)
        .join(Engagement.innovation)
        .where(own(actor), Innovation.status == RecordStatus.SUBMITTED)
        .where(Engagement.state.not_in(sorted(LIVE)), ~is_helped)
        .where(Engagement.replaced_by_id.is_(None))
        .options(
            contains_eager(Engagement.innovation),
            joinedload(Engagement.hin),
            selectinload(Engagement.changes),
        )
        .order_by(Engagement.decided_at.desc(), Engagement.id)
    )


def own_engagement(actor: Actor, innovation_id: int) -> Engagement:
    """Return the engagement that the actor may decide: their own HIN's. The only door.

    Raises Forbidden when they are not HIN staff or their HIN has none.
    """
    found = engagement_of(innovation_id, actor.hin_id) if actor.is_hin else None
    if found is None:
        raise Forbidden("Your network has no engagement with this innovation.")
    return found


def supporting_hin_ids(innovation_id: int) -> frozenset[int]:
    """Return the HINs that work with the record now: they may read what is in confidence."""
    return frozenset(db.session.scalars(_supporting(), {"record": innovation_id}))


@cache
def _supporting() -> Select[int]:
    """Return the statement of `supporting_hin_ids`, built once: each page of a record asks it."""
    here = Engagement.innovation_id == bindparam("record")
    return select(Engagement.hin_id).where(here, is_live_on(None))


def supported_ids(hin_id: int) -> Select[int]:
    """Return the statement for the records that a HIN works with now."""
    return select(Engagement.innovation_id).where(Engagement.hin_id == hin_id, is_live_on(None))


# Validations and proven
