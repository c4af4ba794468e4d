"""Read proposals, who assesses them, and what the portal knows of what they are about."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts.models import Actor, Membership, Role, User
from portal.accounts.queries.acting import people
from portal.db import db, lock
from portal.errors import NotFound
from portal.programmes.models import (
    Assessor,
    Decision,
    PanelWeights,
    Proposal,
    ProposalDecision,
    SelectionCriterion,
)
from portal.reference.queries import is_past_due


def criteria() -> Sequence[SelectionCriterion]:
    """Return the criteria, in their order."""
    return db.session.scalars(
        select(SelectionCriterion).order_by(SelectionCriterion.position, SelectionCriterion.id)
    ).all()


def weights_now() -> PanelWeights | None:
    """Return the weights that hold; None while the panel set none, so that all count the same."""
    return db.session.scalar(select(PanelWeights).order_by(PanelWeights.number.desc()).limit(1))


def proposals(
    *, outcome: ProposalDecision | None = None, is_open: bool | None = None
) -> Select[Proposal]:
    """Return proposals with what belongs to them, for a list."""
    found = select(Proposal).options(
        selectinload(Proposal.decisions), selectinload(Proposal.assessors)
    )
    if is_open is not None:
        found = found.where(Proposal.is_open.is_(is_open))
    if outcome is not None:
        newest = (
            select(Decision.outcome)
            .where(Decision.proposal_id == Proposal.id)
            .order_by(Decision.number.desc())
            .limit(1)
            .correlate(Proposal)
            .scalar_subquery()
        )
        found = found.where(newest == outcome)
    return found


def proposal_for(proposal_id: int) -> Proposal:
    """Return one proposal with its people, their scores and its decisions; raises NotFound."""
    found = db.session.scalar(
        select(Proposal)
        .where(Proposal.id == proposal_id)
        .options(
            joinedload(Proposal.innovation),
            joinedload(Proposal.by),
            selectinload(Proposal.assessors).joinedload(Assessor.user),
            selectinload(Proposal.assessors).selectinload(Assessor.scores),
            selectinload(Proposal.decisions).joinedload(Decision.by),
        )
    )
    if found is None:
        raise NotFound("There is no such proposal.")
    return found


def hold(proposal: Proposal, *, seen: int | None = None) -> None:
    """Hold a proposal with everybody who assesses it, as they stand now. Raises Outdated."""
    lock(proposal, seen=seen)
    anew = select(Assessor).where(Assessor.proposal_id == proposal.id)
    db.session.scalars(anew.execution_options(populate_existing=True)).all()


def assessor_of(proposal: Proposal, user_id: int | None) -> Assessor | None:
    """Return the part of a person in assessing a proposal, unless they were released."""
    return next(
        (a for a in proposal.assessors if a.user_id == user_id and a.released_at is None), None
    )


def is_waited_for() -> ColumnElement[bool]:
    """Whether an assessor of an open proposal has neither handed in nor a conflict, and was not
    released; over `Assessor` joined to its `Proposal`."""
    return and_(
        Proposal.is_open,
        Assessor.scored_at.is_(None),
        Assessor.released_at.is_(None),
        Assessor.has_conflict.is_not(True),
    )


def overdue(day: date) -> Sequence[Assessor]:
    """Return who was due before a day, is waited for and was not reminded."""
    return db.session.scalars(
        select(Assessor)
        .join(Assessor.proposal)
        .where(
            is_waited_for(),
            is_past_due(Assessor.due_on, day),
            Assessor.reminded_at.is_(None),
        )
        .order_by(Assessor.id)
    ).all()


def own_part(proposal: Proposal, actor: Actor) -> Assessor:
    """Return the actor's own part; raises NotFound for who was not asked."""
    found = assessor_of(proposal, actor.user_id)
    if found is None:
        raise NotFound("You were not asked to assess this.")
    return found


def people_to_ask(proposal: Proposal) -> Sequence[User]:
    """Return the acting people of networks and of the national team who were not asked yet."""
    asked = {one.user_id for one in proposal.assessors}
    everybody = people(Membership.role.in_((Role.HIN, Role.NATIONAL)))
    return [one for one in everybody if one.id not in asked]
