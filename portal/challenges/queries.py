"""Read challenges: the door, and what each reader may see."""

from sqlalchemy import ColumnElement, or_

from portal.accounts.models import Actor
from portal.challenges.models import Challenge, ChallengeState, Readers
from portal.challenges.policy import can_post, can_see
from portal.db import db
from portal.errors import NotFound


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return SQL for "the actor may see this row": `policy.can_see`, in the database."""
    out = Challenge.state != ChallengeState.DRAFT
    if can_post(actor):
        return or_(out, Challenge.organisation_id == actor.organisation_id)
    readers = [Readers.PUBLIC, Readers.REGISTERED] if actor.is_signed_in else [Readers.PUBLIC]
    return out & Challenge.readers.in_(readers)


def challenge_for(actor: Actor, challenge_id: int) -> Challenge:
    """Return the challenge if the actor may see it; raises NotFound otherwise. The only door."""
    challenge = db.session.get(Challenge, challenge_id)
    if challenge is None or not can_see(actor, challenge):
        raise NotFound("There is no challenge here that you may see.")
    return challenge
