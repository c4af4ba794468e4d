"""Read who follows a challenge and may still read it, and what a person follows."""

from collections.abc import Sequence

from sqlalchemy import select

from portal.accounts.models import Actor, Membership, Role, User
from portal.accounts.queries.acting import acting_ids
from portal.challenges.models import Challenge, ChallengeFollower, ChallengeState, Readers
from portal.challenges.policy import AUTHORS
from portal.challenges.queries import visible_to
from portal.db import db


def is_following(challenge: Challenge, actor: Actor) -> bool:
    """Whether the actor follows a challenge."""
    return db.session.get(ChallengeFollower, (challenge.id, actor.user_id or 0)) is not None


def followers(challenge: Challenge) -> Sequence[User]:
    """Return who follows a challenge, has an open account and may read it today."""
    if challenge.state is ChallengeState.DRAFT:
        return []
    found = (
        select(User)
        .join(ChallengeFollower, ChallengeFollower.user_id == User.id)
        .where(ChallengeFollower.challenge_id == challenge.id, User.active.is_(True))
        .order_by(User.id)
    )
    if challenge.readers is Readers.NHS:
        staff = acting_ids(Membership.role.in_([Role(one) for one in sorted(AUTHORS)]))
        found = found.where(User.id.in_(staff))
    return db.session.scalars(found).all()


def followed_by(actor: Actor) -> Sequence[Challenge]:
    """Return the challenges that the actor follows and may read, what they followed last first."""
    return db.session.scalars(
        select(Challenge)
        .join(ChallengeFollower, ChallengeFollower.challenge_id == Challenge.id)
        .where(ChallengeFollower.user_id == actor.user_id, visible_to(actor))
        .order_by(ChallengeFollower.at.desc(), Challenge.id.desc())
    ).all()
