"""Following a challenge, whether it is a call or not."""

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.challenges.queries import challenge_for
from portal.challenges.services.following import set_following
from portal.challenges.views import blueprint
from portal.web.addresses import safe_next
from portal.web.steps import done


@blueprint.post("/challenges/<int:challenge_id>/follow")
def follow(challenge_id: int) -> Response:
    """Be told of every change of a challenge."""
    return _followed(challenge_id, is_following=True, words="You are told of every change.")


@blueprint.post("/challenges/<int:challenge_id>/unfollow")
def unfollow(challenge_id: int) -> Response:
    """Be told no more."""
    return _followed(challenge_id, is_following=False, words="You are told of changes no more.")


def _followed(challenge_id: int, *, is_following: bool, words: str) -> Response:
    actor = current_actor()
    challenge = challenge_for(actor, challenge_id)
    set_following(challenge=challenge, is_following=is_following, by=actor)
    page = url_for("challenges.show", challenge_id=challenge_id)
    return done(words, safe_next(request.form.get("next")) or page)
