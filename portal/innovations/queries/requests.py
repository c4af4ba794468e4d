"""Read what others ask of those who own a record."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, false, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Actor, Organisation
from portal.db import db
from portal.errors import NotFound
from portal.innovations.models import Innovation, RecordStatus, SharingRequest


def open_request(innovation_id: int) -> SharingRequest | None:
    """Return the request to share a record that waits for an answer."""
    return db.session.scalar(
        select(SharingRequest)
        .where(SharingRequest.innovation_id == innovation_id, SharingRequest.answered_at.is_(None))
        .options(joinedload(SharingRequest.organisation), joinedload(SharingRequest.asked_by))
    )


def open_request_for(innovation: Innovation) -> SharingRequest:
    """Return the same; raises NotFound when nobody waits for an answer."""
    found = open_request(innovation.id)
    if found is None:
        raise NotFound("Nobody waits for an answer about who may see this record.")
    return found


def asked_ids(innovation_ids: Sequence[int]) -> frozenset[int]:
    """Return those of the records for which a request to share waits, in one statement."""
    waiting = select(SharingRequest.innovation_id).where(
        SharingRequest.innovation_id.in_(innovation_ids), SharingRequest.answered_at.is_(None)
    )
    return frozenset(db.session.scalars(waiting)) if innovation_ids else frozenset()


def manageable_by(actor: Actor) -> ColumnElement[bool]:
    """Return SQL for `policy.can_manage`."""
    if not actor.is_signed_in:
        return false()
    mine = Innovation.owner_id == actor.user_id
    if actor.is_innovator and actor.is_lead:
        mine |= Innovation.organisation_id == actor.organisation_id
    return mine


def to_remind(day: date) -> Sequence[int]:
    """Return the ids of the requests whose answer is due on a day or was before it, of which nobody
    was reminded, the oldest first. Those of records that were archived meanwhile wait."""
    waiting = (
        SharingRequest.answered_at.is_(None),
        SharingRequest.reminded_on.is_(None),
        SharingRequest.due_on <= day,
        Innovation.status == RecordStatus.SUBMITTED,
    )
    found = select(SharingRequest.id).join(SharingRequest.innovation).where(*waiting)
    return db.session.scalars(found.order_by(SharingRequest.due_on, SharingRequest.id)).all()


def sharing_wanted(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Return the statement of the requests to share a record that the actor may answer.

    Its columns are those of `portal.web.home.AskRow`: the id is that of the innovation.
    """
    return (
        select(
            Innovation.id, Innovation.name, Organisation.name.label("who"), SharingRequest.due_on
        )
        .join(SharingRequest.innovation)
        .join(Organisation, Organisation.id == SharingRequest.organisation_id)
        .where(SharingRequest.answered_at.is_(None), manageable_by(actor))
    )
