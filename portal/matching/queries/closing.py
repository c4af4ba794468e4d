"""Read which record a challenge was closed with, and which ones may be named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from portal.accounts.models import Actor
from portal.challenges.models import Challenge
from portal.challenges.queries import visible_to as challenges_visible_to
from portal.db import by_name, db
from portal.innovations.models import Innovation, RecordStatus, Use
from portal.innovations.policy import can_see
from portal.innovations.queries import visible_to
from portal.matching.models import ChallengeOutcome, Feedback, Suggestion, Verdict
from portal.matching.policy import readership
from portal.matching.queries import innovation_named

MAX_NAMED = 50
"""So many of the matches are offered; any other is entered by its name."""


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """The record with which a challenge was closed, as far as a reader may see it."""

    innovation: Innovation | None = None
    use: Use | None = None
    is_hidden: bool = False
    """Whether there is one that this reader may not see."""


def to_name(actor: Actor, challenge: Challenge) -> Sequence[Innovation]:
    """Return the records that the actor most likely means, by name: what their organisation
    shortlisted for the challenge, and its best matches."""
    liked = select(Feedback.innovation_id).where(
        Feedback.challenge_id == challenge.id,
        Feedback.organisation_id == actor.organisation_id,
        Feedback.verdict == Verdict.SHORTLISTED,
    )
    lists = [readership(actor), readership(actor, promising=True)]
    best = (
        select(Suggestion.innovation_id)
        .where(Suggestion.challenge_id == challenge.id, Suggestion.readership.in_(lists))
        .order_by(Suggestion.score.desc(), Suggestion.id)
        .limit(MAX_NAMED)
    )
    return db.session.scalars(
        select(Innovation)
        .where(Innovation.id.in_(liked) | Innovation.id.in_(best.subquery().select()))
        .where(Innovation.status == RecordStatus.SUBMITTED, visible_to(actor))
        .order_by(by_name(Innovation.name), Innovation.id)
    ).all()


def named(actor: Actor, name: str) -> Innovation | None:
    """Return the record that somebody calls by its name, if they may see it."""
    return innovation_named(actor, name)


def use_at(innovation: Innovation, organisation_id: int, site: str) -> Use | None:
    """Return the line of the record that tells already of this place, still going on."""
    return next(
        (
            use
            for use in innovation.uses
            if (use.organisation_id, use.site, use.until_on) == (organisation_id, site, None)
        ),
        None,
    )


def outcome_told(actor: Actor, challenge: Challenge) -> OutcomeRow:
    """Return with which record the challenge was closed; empty where none in the portal is
    meant, and the name alone is told."""
    row = db.session.get(ChallengeOutcome, challenge.id)
    if row is None:
        found = innovation_named(actor, challenge.outcome_innovation)
        return OutcomeRow(found)
    if not can_see(actor, row.innovation):
        return OutcomeRow(is_hidden=True)
    return OutcomeRow(row.innovation, row.use)


def challenges_of_uses(actor: Actor, innovation: Innovation) -> Mapping[int, Challenge]:
    """Return by the ids of the record's lines of use the challenges for which they were taken up,
    of those that the actor may read."""
    rows = db.session.execute(
        select(ChallengeOutcome.use_id, Challenge)
        .join(Challenge, Challenge.id == ChallengeOutcome.challenge_id)
        .where(
            ChallengeOutcome.innovation_id == innovation.id,
            ChallengeOutcome.use_id.is_not(None),
            challenges_visible_to(actor),
        )
        .order_by(ChallengeOutcome.challenge_id)
    )
    return {use_id: challenge for use_id, challenge in rows if use_id is not None}
