"""Read what home pages show of matching: matches, needs without one, and gaps in what is proven."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, exists, func, literal, select, union_all
from sqlalchemy.orm import aliased

from portal.accounts.models import Actor, Organisation
from portal.accounts.queries.alike import built, values_of
from portal.challenges.models import Challenge, ChallengeState, challenge_term
from portal.challenges.queries import visible_to as visible_challenges
from portal.clock import today
from portal.db import db
from portal.innovations.models import Innovation, RecordStatus, innovation_term
from portal.innovations.queries import own, proven
from portal.matching.models import MatchRun, Readership, Suggestion
from portal.reference.models import Term, Vocabulary
from portal.reference.queries import ics_ids_served

MAX_SHOWN = 5
"""How many rows a home page shows of a list."""


def fitting(actor: Actor) -> Sequence[Row[int, str, int, str]]:
    """Return the open challenges that the actor's records fit best: id and `title` of the
    challenge, id and `name` of the record."""
    return db.session.execute(built(actor, _fitting, _fitting), values_of(actor)).all()


def _fitting(actor: Actor) -> Select[int, str, int, str]:
    return (
        select(Suggestion.challenge_id, Challenge.title, Suggestion.innovation_id, Innovation.name)
        .join(Suggestion.challenge)
        .join(Suggestion.innovation)
        .where(
            own(actor),
            Innovation.status == RecordStatus.SUBMITTED,
            Suggestion.readership == Readership.INNOVATOR,
            Challenge.state == ChallengeState.OPEN,
            visible_challenges(actor),
        )
        .order_by(Suggestion.score.desc(), Suggestion.id)
        .limit(MAX_SHOWN)
    )


def unmet_needs(actor: Actor) -> Sequence[Row[int, str, str]]:
    """Return the open challenges of the ICSs that the actor's HIN serves which no innovation that
    is proven today matches, the oldest first: of those that were matched at all, with `id`,
    `title` and `organisation` (its name). One statement."""
    return db.session.execute(built(actor, _unmet_needs, _unmet_needs), values_of(actor)).all()


def _unmet_needs(actor: Actor) -> Select[int, str, str]:
    matched = exists(
        select(Suggestion.id)
        .join(Innovation, Innovation.id == Suggestion.innovation_id)
        .where(
            Suggestion.challenge_id == Challenge.id,
            Suggestion.readership == Readership.STAFF,
            Innovation.status == RecordStatus.SUBMITTED,
            proven(today()),
        )
        .correlate(Challenge)
    )
    return (
        select(Challenge.id, Challenge.title, Organisation.name.label("organisation"))
        .join(Challenge.organisation)
        .where(
            Challenge.state == ChallengeState.OPEN,
            visible_challenges(actor),
            Organisation.ics_id.in_(ics_ids_served(actor.hin_id)),
            exists().where(MatchRun.challenge_id == Challenge.id),
            ~matched,
        )
        .order_by(Challenge.opened_at, Challenge.id)
    )


@dataclass(frozen=True, slots=True)
class Gap:
    """A condition group or care setting with open challenges but no proven innovation."""

    filter: str
    """`condition` or `care_setting`: the filter of the list of challenges."""
    value: str
    label: str
    challenges: int


def coverage_gaps(actor: Actor) -> list[Gap]:
    """Return every gap, most open challenges first, in one statement."""
    rows = db.session.execute(built(actor, _all_gaps, _all_gaps), values_of(actor))
    return [Gap(*row) for row in rows]


def _all_gaps(actor: Actor) -> Select[*tuple[Any, ...]]:
    legs = [
        _gaps(actor, "condition", Term.group, Term.group),
        _gaps(actor, "care_setting", Term.code, Term.label),
    ]
    found = union_all(*legs).subquery()
    return select(found).order_by(found.c.challenges.desc(), found.c.label)


def _gaps(actor: Actor, name: str, value: Any, label: Any) -> Select[str, str, str, int]:
    other = aliased(Term)
    same = other.group == Term.group if name == "condition" else other.id == Term.id
    # From the few terms to their innovations: the other way round all that are proven are read.
    is_proven = exists().where(
        Innovation.id == innovation_term.c.innovation_id,
        Innovation.status == RecordStatus.SUBMITTED,
        proven(today()),
    )
    covered = exists(
        select(innovation_term.c.innovation_id)
        .join(other, other.id == innovation_term.c.term_id)
        .where(same, other.vocabulary == Term.vocabulary, is_proven.correlate(innovation_term))
        .correlate(Term)
    )
    return (
        select(
            literal(name).label("filter"),
            value.label("value"),
            label.label("label"),
            func.count(func.distinct(Challenge.id)).label("challenges"),
        )
        .select_from(Challenge)
        .join(challenge_term, challenge_term.c.challenge_id == Challenge.id)
        .join(Term, Term.id == challenge_term.c.term_id)
        .where(Term.vocabulary == Vocabulary(name), ~covered)
        .where(Challenge.state == ChallengeState.OPEN, visible_challenges(actor))
        .group_by(value, label)
    )
