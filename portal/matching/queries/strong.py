"""Open challenges with which a record has much in common, by the stored suggestions."""

from sqlalchemy import Subquery, select

from portal.accounts.models import Actor
from portal.challenges.models import Challenge, ChallengeState
from portal.challenges.queries import visible_to
from portal.matching.models import Suggestion
from portal.matching.policy import readership
from portal.matching.rules import STRENGTHS


def strong_matches(actor: Actor) -> Subquery:
    """Return pairs of a record and an open challenge that have much in common, of challenges which
    the actor sees, by the actor's own suggestions, proven or promising: `innovation_id`,
    `challenge_id`."""
    lists = [readership(actor), readership(actor, promising=True)]
    return (
        select(Suggestion.innovation_id, Suggestion.challenge_id)
        .join(Challenge, Challenge.id == Suggestion.challenge_id)
        .where(
            Challenge.state == ChallengeState.OPEN,
            visible_to(actor),
            Suggestion.readership.in_(lists),
            Suggestion.reasons["likeness"].as_float() >= STRENGTHS[0].least,
        )
        .distinct()
        .subquery()
    )
