"""Read proposals, who assesses them, and what the portal knows of what they are about."""

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts.models import Actor, Membership, Role, User
from portal.accounts.queries.acting import people
from portal.challenges.models import ChallengeSupporter
from portal.clock import today
from portal.db import db, lock
from portal.errors import NotFound
from portal.innovations.models import Evidence, Innovation
from portal.innovations.queries import visible_to
from portal.innovations.queries.adoption import positions_on
from portal.innovations.rules.adoption import ORDER
from portal.programmes.models import (
    Assessor,
    Chosen,
    Decision,
    PanelWeights,
    Proposal,
    SelectionCriterion,
)
from portal.programmes.queries.longlist import matched_challenges, numbers_for, numbers_of
from portal.reference.models import Term, Vocabulary
from portal.reference.queries import terms
from portal.wording import day_words


def criteria() -> Sequence[SelectionCriterion]:
    """Return the criteria, in their order."""
    return db.session.scalars(
        select(SelectionCriterion).order_by(SelectionCriterion.position, SelectionCriterion.id)
    ).all()


def weights_now() -> PanelWeights | None:
    """Return the weights that hold; None while the panel set none, so that all count the same."""
    return db.session.scalar(select(PanelWeights).order_by(PanelWeights.number.desc()).limit(1))


def proposals(*, outcome: Chosen | None = None, is_open: bool | None = None) -> Select[Proposal]:
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


Known = Mapping[str, list[str]]
"""What the portal knows that tells of a criterion, by its code: sentences."""


def known_of(actor: Actor, innovation: Innovation | None) -> Known:
    """Return what the portal knows of a record: its need, spread and evidence."""
    if innovation is None:
        return {}
    seen = select(Innovation.id).where(Innovation.id == innovation.id, visible_to(actor))
    if db.session.scalar(seen) is None:
        return {}
    return {
        "NEED": _need(actor, innovation),
        "SPREAD": _spread(actor, innovation),
        "EVIDENCE": _evidence(innovation),
    }


def _need(actor: Actor, innovation: Innovation) -> list[str]:
    pairs = matched_challenges(actor, innovation.id)
    ids = select(pairs.c.challenge_id)
    challenges = db.session.scalar(select(func.count()).select_from(pairs)) or 0
    joined = select(func.count()).where(ChallengeSupporter.challenge_id.in_(ids))
    joins = db.session.scalar(joined) or 0
    return [
        f"Open challenges with much in common: {challenges}",
        f"Organisations that joined them: {joins}",
    ]


def _spread(actor: Actor, innovation: Innovation) -> list[str]:
    found = positions_on(today())
    rows = db.session.execute(
        select(found.c.rank, func.count())
        .where(found.c.innovation_id == innovation.id)
        .group_by(found.c.rank)
        .order_by(found.c.rank.desc())
    ).all()
    known = numbers_of(db.session.execute(numbers_for(actor, innovation, today())).one())
    held = terms(Vocabulary.ADOPTION_STAGE)
    labels = {term.code: term.label for term in held}
    stages = [f"Sites at “{labels.get(ORDER[rank], ORDER[rank])}”: {count}" for rank, count in rows]
    use = (
        f"Sites in use: {known.sites}, in {known.regions} regions; a year ago {known.sites_before}"
    )
    return [use, *stages]


def _evidence(innovation: Innovation) -> list[str]:
    kinds = db.session.scalars(
        select(Term.label)
        .join(Evidence, Evidence.kind_id == Term.id)
        .where(Evidence.innovation_id == innovation.id)
    ).all()
    until = innovation.is_proven_until
    is_proven = until is not None and until >= today()
    first = f"Proven until {day_words(until)}" if until and is_proven else "Not proven"
    return [first, *(f"{kind}: {count}" for kind, count in sorted(Counter(kinds).items()))]
