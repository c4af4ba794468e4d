"""Challenges, and what matches them."""

from typing import Any

from portal.accounts.session import current_actor
from portal.api.forms.arguments import ChallengesArguments
from portal.api.models import ChangedNoun
from portal.api.queries.changes import removed_since
from portal.api.queries.records import challenges
from portal.api.serialise import rows
from portal.api.serialise.schemas import ChallengeItem, Challenges, Matches
from portal.api.views.lists import Args, next_of, part_of
from portal.api.views.start import operation
from portal.challenges.models import Challenge
from portal.challenges.queries import challenge_for
from portal.matching.queries import challenge_with_matches_for, suggestions


@operation("/challenges", Challenges, asks=ChallengesArguments, is_open=True, tag="Challenges")
def challenge_list(args: Args) -> dict[str, Any]:
    """List challenges

    Those published to everyone, with a token those that you may read. With updated_since only those
    that changed, and the numbers of those to forget.
    """
    actor, since = current_actor(), args.get("updated_since")
    part = part_of(challenges(actor, args["state"], since), Challenge.id, args)
    is_first = not args["cursor"]
    gone = removed_since(actor, ChangedNoun.CHALLENGE, since) if since and is_first else []
    return {
        "items": [rows.challenge(one) for one in part.items],
        "removed": gone,
        "next": next_of(part),
    }


@operation("/challenges/<int:challenge_id>", ChallengeItem, is_open=True, tag="Challenges")
def challenge(challenge_id: int) -> dict[str, Any]:
    """Read one challenge"""
    return rows.challenge(challenge_for(current_actor(), challenge_id))


@operation("/challenges/<int:challenge_id>/matches", Matches, tag="Challenges")
def matches(challenge_id: int) -> dict[str, Any]:
    """List what matches a challenge

    Proven innovations, then promising ones, each with the reasons that its card tells and what your
    own organisation thought of it. For ICS, HIN and national staff.
    """
    actor = current_actor()
    found = suggestions(actor, challenge_with_matches_for(actor, challenge_id))
    proven = [rows.match(one, found.judged, is_proven=True) for one in found.proven]
    promising = [rows.match(one, found.judged, is_proven=False) for one in found.promising]
    return {"challenge": challenge_id, "items": [*proven, *promising]}
