"""Read engagements: the door, who helps whom, and what is proven."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts.models import Actor
from portal.db import db
from portal.errors import Forbidden, NotFound
from portal.innovations.models import (
    Evidence,
    Innovation,
    ProvenStatus,
    StandardHeld,
    Use,
)
from portal.support.models import Engagement, Validation
from portal.support.rules import LIVE, Facts

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


def validations(innovation_id: int) -> Sequence[Validation]:
    """Return the real-world validations of a record, newest first."""
    return db.session.scalars(
        select(Validation)
        .where(Validation.innovation_id == innovation_id)
        .options(
            joinedload(Validation.hin),
            joinedload(Validation.organisation),
            joinedload(Validation.care_setting),
        )
        .order_by(Validation.created_at.desc(), Validation.id.desc())
    ).all()


def validation_for(innovation_id: int, validation_id: int) -> Validation:
    """Return one validation of this record; raises NotFound for another record's."""
    found = db.session.get(Validation, validation_id)
    if found is None or found.innovation_id != innovation_id:
        raise NotFound("There is no such real-world validation on this innovation.")
    return found


def facts(innovation: Innovation, on: date) -> Facts:
    """Return what the rules of proven look at, with every row loaded."""
    db.session.scalar(
        select(Innovation)
        .where(Innovation.id == innovation.id)
        .options(
            selectinload(Innovation.evidence).joinedload(Evidence.kind),
            selectinload(Innovation.evidence).joinedload(Evidence.type),
            selectinload(Innovation.uses).joinedload(Use.organisation),
            selectinload(Innovation.standards).joinedload(StandardHeld.standard),
            selectinload(Innovation.standards).joinedload(StandardHeld.checked_by),
        )
        .execution_options(populate_existing=False)
    )
    return Facts(innovation, validations(innovation.id), on)


def verifications(innovation_id: int) -> Sequence[ProvenStatus]:
    """Return every verification of a record as proven, newest first, withdrawn ones too."""
    return db.session.scalars(
        select(ProvenStatus)
        .where(ProvenStatus.innovation_id == innovation_id)
        .options(joinedload(ProvenStatus.hin), joinedload(ProvenStatus.verified_by))
        .order_by(ProvenStatus.verified_at.desc(), ProvenStatus.id.desc())
    ).all()


def standard_for(innovation_id: int, standard_id: int) -> StandardHeld:
    """Return what the record says of a standard; raises NotFound for another record's."""
    found = db.session.get(StandardHeld, standard_id)
    if found is None or found.innovation_id != innovation_id:
        raise NotFound("There is no such standard on this innovation.")
    return found
