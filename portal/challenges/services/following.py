"""Follow a challenge, whether it is a call or not, and stop that."""

from sqlalchemy import delete

from portal.accounts.models import Actor
from portal.challenges import policy
from portal.challenges.models import Challenge, ChallengeFollower
from portal.clock import now
from portal.db import db, insert_into
from portal.errors import Forbidden


def set_following(*, challenge: Challenge, is_following: bool, by: Actor) -> None:
    """Say whether the actor is told of every change; saying it twice changes nothing.

    Raises Forbidden for strangers, and for those who state it and would follow it.
    """
    if by.user_id is None or (is_following and not policy.can_ask_about(by, challenge)):
        raise Forbidden("Sign in to follow a challenge that is not your own.")
    follow(challenge.id, by.user_id) if is_following else _unfollow(challenge.id, by.user_id)


def follow(challenge_id: int, user_id: int) -> None:
    """Let a person be told of every change: whoever asks about a call or answers one is."""
    row = {"challenge_id": challenge_id, "user_id": user_id, "at": now()}
    db.session.execute(insert_into(ChallengeFollower).values(row).on_conflict_do_nothing())


def _unfollow(challenge_id: int, user_id: int) -> None:
    # one statement: in a second tab the row may go while this one looks
    db.session.execute(
        delete(ChallengeFollower).where(
            ChallengeFollower.challenge_id == challenge_id, ChallengeFollower.user_id == user_id
        )
    )
