"""What the portal knows of a record that tells of the criteria by which proposals are scored."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from portal.accounts.models import Actor
from portal.challenges.models import Challenge, ChallengeSupporter
from portal.clock import today
from portal.db import db
from portal.innovations.models import AdoptionState, Evidence, Innovation
from portal.innovations.queries import visible_to
from portal.innovations.queries.adoption import positions_on
from portal.innovations.rules.adoption import IN_USE, ORDER
from portal.programmes.queries.longlist import matched_challenges, numbers_for, numbers_of
from portal.programmes.rules.choosing import Numbers
from portal.proof.models import ValidationState
from portal.proof.queries.milestones import published_validations
from portal.reference.models import Term, Vocabulary
from portal.reference.queries import labels_of
from portal.support.models import Engagement, EngagementState
from portal.wording import day_words

COSTS = "COST_IMPACT_OR_ECONOMIC"
"""The kind of evidence that tells whether something pays back."""

Known = Mapping[str, list[str]]
"""What the portal knows that tells of a criterion, by its code: sentences."""


@dataclass(frozen=True, slots=True)
class Challenges:
    """The open challenges that a record matches, in numbers."""

    matched: int
    organisations: int
    """Those that state one."""
    people: int
    """Whom they affect together, of those that say how many."""
    saying: int
    joins: int


def known_of(actor: Actor, innovation: Innovation | None) -> Known:
    """Return what the portal knows of a record for each criterion of the framework."""
    if innovation is None:
        return {}
    seen = select(Innovation.id).where(Innovation.id == innovation.id, visible_to(actor))
    if db.session.scalar(seen) is None:
        return {}
    challenges, sites = _challenges(actor, innovation), _sites(innovation)
    numbers = numbers_of(db.session.execute(numbers_for(actor, innovation, today())).one())
    kinds = _evidence_kinds(innovation)
    return {
        "NEED": _need(challenges),
        "SPREAD": _spread(numbers, sites),
        "CAPACITY": _capacity(innovation, numbers),
        "POPULATION": _population(innovation, challenges),
        "OUTCOMES": _outcomes(actor, innovation),
        "EVIDENCE": _evidence(innovation, kinds),
        "VALUE": _value(innovation, kinds),
        "APPETITE": _appetite(challenges, sites),
    }


def _challenges(actor: Actor, innovation: Innovation) -> Challenges:
    ids = select(matched_challenges(actor, innovation.id).c.challenge_id)
    joins = select(func.count()).where(ChallengeSupporter.challenge_id.in_(ids)).scalar_subquery()
    found = db.session.execute(
        select(
            func.count(Challenge.id),
            func.count(Challenge.organisation_id.distinct()),
            func.coalesce(func.sum(Challenge.how_many), 0),
            func.count(Challenge.how_many),
            joins,
        ).where(Challenge.id.in_(ids))
    ).one()
    return Challenges(*(int(one) for one in found))


def _sites(innovation: Innovation) -> dict[AdoptionState, int]:
    """Return how many sites stand where today, the furthest first."""
    found = positions_on(today())
    rows = db.session.execute(
        select(found.c.rank, func.count())
        .where(found.c.innovation_id == innovation.id)
        .group_by(found.c.rank)
        .order_by(found.c.rank.desc())
    )
    return {ORDER[rank]: count for rank, count in rows}


def _evidence_kinds(innovation: Innovation) -> list[Term]:
    return list(
        db.session.scalars(
            select(Term)
            .join(Evidence, Evidence.kind_id == Term.id)
            .where(Evidence.innovation_id == innovation.id)
            .order_by(Evidence.id)
        )
    )


def _need(challenges: Challenges) -> list[str]:
    return [
        f"Open challenges with much in common: {challenges.matched}",
        f"Organisations that joined them: {challenges.joins}",
    ]


def _spread(known: Numbers, sites: Mapping[AdoptionState, int]) -> list[str]:
    labels = labels_of(Vocabulary.ADOPTION_STAGE)
    stages = [
        f"Sites at “{labels.get(state, state.value)}”: {count}" for state, count in sites.items()
    ]
    use = (
        f"Sites in use: {known.sites}, in {known.regions} regions; a year ago {known.sites_before}"
    )
    return [use, *stages]


def _capacity(innovation: Innovation, known: Numbers) -> list[str]:
    """Whom it supplies already, how far it has come, and how many networks help."""
    helping = db.session.scalar(
        select(func.count(Engagement.hin_id.distinct())).where(
            Engagement.innovation_id == innovation.id,
            Engagement.state == EngagementState.ENGAGING,
        )
    )
    stage = innovation.stage.label if innovation.stage else "not said"
    return [
        f"Stage of development: {stage}",
        f"Sites that began or ended in a year, on balance: {known.sites - known.sites_before:+}",
        f"Networks that support it now: {helping or 0}",
    ]


def _population(innovation: Innovation, challenges: Challenges) -> list[str]:
    patients = innovation.patients_a_year
    said = "not said" if patients is None else f"{patients:,}"
    found = [f"Patients who could benefit in a year, as the innovator says: {said}"]
    if challenges.saying:
        of = f"{challenges.saying} of {challenges.matched}"
        people = f"{challenges.people:,}"
        found.append(f"People affected, as {of} challenges with much in common say: {people}")
    areas = [one.label for one in innovation.terms if one.vocabulary is Vocabulary.INEQUALITY]
    return [*found, *([f"Inequalities it says it lessens: {', '.join(areas)}"] if areas else [])]


def _outcomes(actor: Actor, innovation: Innovation) -> list[str]:
    rows = published_validations(innovation, actor)
    done = [one for one in rows if one.state is ValidationState.COMPLETED]
    people = sum(one.people or 0 for one in done)
    benefits = sum(one.vocabulary is Vocabulary.BENEFIT for one in innovation.terms)
    return [
        (
            f"Real-world validations completed: {len(done)} of {len(rows)},"
            f" with a positive result {sum(one.is_positive is True for one in done)}"
        ),
        f"People in those completed: {people:,}",
        f"Benefits that the innovator claims: {benefits}",
    ]


def _evidence(innovation: Innovation, kinds: list[Term]) -> list[str]:
    until = innovation.is_proven_until
    is_proven = until is not None and until >= today()
    first = f"Proven until {day_words(until)}" if until and is_proven else "Not proven"
    counted = Counter(one.label for one in kinds)
    return [first, *(f"{kind}: {count}" for kind, count in sorted(counted.items()))]


def _value(innovation: Innovation, kinds: list[Term]) -> list[str]:
    cost = _pounds(innovation.cost, innovation.cost_basis)
    saving = _pounds(innovation.saving, innovation.saving_basis)
    months = innovation.payback_months
    return [
        f"Cost, as the innovator says: {cost}",
        f"Saving, as the innovator says: {saving}",
        f"Months until it pays for itself: {'not said' if months is None else months}",
        f"Evidence of cost impact: {sum(one.code == COSTS for one in kinds)}",
    ]


def _pounds(amount: object, basis: str) -> str:
    if amount is None:
        return "not said"
    return f"£{amount:,.2f}".removesuffix(".00") + (f" ({basis})" if basis else "")


def _appetite(challenges: Challenges, sites: Mapping[AdoptionState, int]) -> list[str]:
    """Who asks for something like it, who prepares to use it, and who turned it down."""
    preparing = sum(count for state, count in sites.items() if 0 < state.level < IN_USE)
    against = sites.get(AdoptionState.DECLINED, 0), sites.get(AdoptionState.STOPPED, 0)
    return [
        (
            f"Organisations that state or joined a challenge with much in common:"
            f" {challenges.organisations} stated, {challenges.joins} joined"
        ),
        f"Sites that were told of it or prepare it (stages 1 to 4): {preparing}",
        f"Sites that declined it: {against[0]}, stopped: {against[1]}",
    ]
