"""Read engagements: the door, who helps whom, and what is proven."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Actor
from portal.db import db
from portal.errors import Forbidden
from portal.support.models import Engagement
from portal.support.rules import LIVE

# One record


def engagements(innovation_id: int) -> Sequence[Engagement]:
    """Return every HIN's engagement with the record, that of the HIN that leads first."""
    return db.session.scalars(
        select(Engagement)
        .where(Engagement.innovation_id == innovation_id)
        .options(joinedload(Engagement.hin), joinedload(Engagement.lead))
        .order_by(Engagement.is_leading.desc(), Engagement.opened_at, Engagement.id)
    ).all()


def engagement_of(innovation_id: int, hin_id: int | None) -> Engagement | None:
    """Return one HIN's engagement with the record, if it has one."""
    return db.session.scalar(
        select(Engagement).where(
            Engagement.innovation_id == innovation_id, Engagement.hin_id == hin_id
        )
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
    return frozenset(
        db.session.scalars(
            select(Engagement.hin_id).where(
                Engagement.innovation_id == innovation_id, Engagement.state.in_(sorted(LIVE))
            )
        )
    )


# Validations and proven
