"""Read engagements: the door, who helps whom, and what is proven."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Actor, Membership, MembershipState, Organisation, Role, User
from portal.db import db
from portal.errors import Forbidden
from portal.innovations.models import (
    Collaborator,
    Innovation,
)
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


# People


def staff(hin_id: int | None) -> Sequence[User]:
    """Return the people who act for a HIN now, by name."""
    return db.session.scalars(_staff(hin_id).order_by(User.name, User.id)).unique().all()


def leads(hin_id: int | None) -> Sequence[User]:
    """Return whom a HIN's new work is told to: its leads, or everybody where it has none."""
    return db.session.scalars(_staff(hin_id).where(Membership.is_lead)).unique().all() or staff(
        hin_id
    )


def _staff(hin_id: int | None) -> Select[User]:
    return (
        select(User)
        .join(User.memberships)
        .join(Membership.organisation)
        .where(
            Organisation.hin_id == hin_id,
            Membership.role == Role.HIN,
            Membership.state == MembershipState.ACTIVE,
        )
    )


def innovators(innovation: Innovation) -> list[User]:
    """Return who is told of an outcome: the owner and the collaborators."""
    people = db.session.scalars(
        select(User)
        .join(Collaborator, Collaborator.user_id == User.id)
        .where(Collaborator.innovation_id == innovation.id)
        .order_by(User.id)
    ).all()
    return [*([innovation.owner] if innovation.owner else []), *people]


# Validations and proven
