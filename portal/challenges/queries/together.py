"""The thread between the organisations that have one challenge."""

from collections.abc import Sequence

from sqlalchemy import or_, select

from portal.accounts.models import Actor, Membership, MembershipState, User
from portal.challenges.models import Challenge, ChallengeSupporter
from portal.challenges.policy import can_talk
from portal.challenges.queries import challenge_for, supporter_ids
from portal.db import db
from portal.errors import Forbidden


def talking_challenge_for(actor: Actor, challenge_id: int) -> Challenge:
    """Return a challenge whose thread the actor writes in; raises NotFound or Forbidden."""
    challenge = challenge_for(actor, challenge_id)
    if not can_talk(actor, challenge, supporter_ids(challenge_id)):
        raise Forbidden("Only the organisations that have this challenge write to each other.")
    return challenge


def people_who_have_it(challenge: Challenge) -> Sequence[User]:
    """Return its author and whoever joined for an organisation, as far as they still act for it."""
    told = select(ChallengeSupporter.by_id, ChallengeSupporter.organisation_id).where(
        ChallengeSupporter.challenge_id == challenge.id
    )
    pairs = [tuple(row) for row in db.session.execute(told)]
    pairs.append((challenge.author_id, challenge.organisation_id))
    acts = or_(
        *(
            (Membership.user_id == user_id) & (Membership.organisation_id == organisation_id)
            for user_id, organisation_id in pairs
        )
    )
    return db.session.scalars(
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(acts, Membership.state == MembershipState.ACTIVE, User.active)
        .order_by(User.id)
        .distinct()
    ).all()
