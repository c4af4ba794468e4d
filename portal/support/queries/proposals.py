"""Read proposals between HINs, and which HINs are engaging with a record."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Actor
from portal.accounts.queries.acting import hin_ids_with_staff
from portal.db import by_name, db
from portal.errors import NotFound
from portal.reference.models import Hin
from portal.support.models import Engagement, EngagementState, Proposal, ProposalState


def _whole() -> Select[Proposal]:
    return select(Proposal).options(
        joinedload(Proposal.innovation),
        joinedload(Proposal.from_hin),
        joinedload(Proposal.to_hin),
        joinedload(Proposal.proposed_by),
        joinedload(Proposal.answered_by),
    )


def proposal_for(actor: Actor, proposal_id: int) -> Proposal:
    """Return a proposal from or to the actor's HIN: the only door to answer or withdraw one.

    Raises NotFound for any other.
    """
    found = db.session.scalar(_whole().where(Proposal.id == proposal_id))
    hins = {found.from_hin_id, found.to_hin_id} if found else set()
    if found is None or not actor.is_hin or actor.hin_id not in hins:
        raise NotFound("There is no such proposal to or from your network.")
    return found


def to_answer(actor: Actor) -> Sequence[Proposal]:
    """Return the open proposals that wait for the actor's HIN, the oldest deadline first."""
    if not actor.is_hin:
        return []
    return db.session.scalars(
        _whole().where(waits_for(actor)).order_by(Proposal.due_on, Proposal.id)
    ).all()


def waits_for(actor: Actor) -> ColumnElement[bool]:
    """Return SQL for "the proposal waits for an answer of the actor's HIN"."""
    return (Proposal.to_hin_id == actor.hin_id) & (Proposal.state == ProposalState.OPEN)


def due_by(day: date) -> Sequence[Proposal]:
    """Return the open proposals whose reply is due within a week of a day, or was before."""
    return db.session.scalars(
        _whole()
        .where(Proposal.state == ProposalState.OPEN, Proposal.due_on <= day + timedelta(days=7))
        .order_by(Proposal.due_on, Proposal.id)
    ).all()


def open_between(innovation_id: int, one: int, other: int) -> Proposal | None:
    """Return the open proposal between two HINs about a record, whoever made it."""
    hins = [one, other]
    return db.session.scalar(
        _whole().where(
            Proposal.innovation_id == innovation_id,
            Proposal.state == ProposalState.OPEN,
            Proposal.from_hin_id.in_(hins),
            Proposal.to_hin_id.in_(hins),
        )
    )


def engaging_beside(innovation_id: int, hin_id: int | None) -> dict[int, str]:
    """Return the other HINs that are engaging with a record now, by id: what a HIN must know before
    it commits. Columns, not rows: another transaction's change is seen as soon as it is there."""
    rows = db.session.execute(
        select(Hin.id, Hin.name)
        .join(Engagement, Engagement.hin_id == Hin.id)
        .where(
            Engagement.innovation_id == innovation_id,
            Engagement.hin_id != hin_id,
            Engagement.state == EngagementState.ENGAGING,
        )
        .order_by(by_name(Hin.name))
    )
    return {row.id: row.name for row in rows}


def hins_with_staff(beside: int | None) -> Sequence[Hin]:
    """Return the HINs other than `beside` for which somebody acts, by name: whom one can ask."""
    return db.session.scalars(
        select(Hin)
        .where(Hin.id.in_(hin_ids_with_staff()), Hin.id != beside)
        .order_by(by_name(Hin.name))
    ).all()
