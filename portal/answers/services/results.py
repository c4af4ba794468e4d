"""Publish what came of a call: nobody who answered is forgotten, and the numbers are counted."""

from portal.accounts.models import Actor
from portal.answers.queries import answers_to
from portal.answers.queries.numbers import numbers_of
from portal.answers.services.deciding import leave_to_hins, require_all_decided, return_sealed
from portal.challenges.models import Call, CallResult
from portal.challenges.services import calls
from portal.db import lock
from portal.errors import Invalid
from portal.matching.queries.judging import own_unmet_need
from portal.matching.services.judging import say_none_fits


def publish(*, call: Call, result: CallResult, words: str, version: int, by: Actor) -> None:
    """Publish the result with its numbers, once everybody who answered has an answer. A call that
    is cancelled before its last day gives sealed answers back unopened; one that found nothing is
    an unmet need.

    Raises Forbidden, Invalid while an answer waits, Conflict.
    """
    challenge = call.challenge
    lock(challenge)
    numbers = numbers_of(answers_to(challenge.id))
    if result is CallResult.CANCELLED:
        return_sealed(call, words, by=by)
    require_all_decided(challenge)
    if result in {CallResult.CHOSEN, CallResult.TRIAL} and not numbers.invited:
        raise Invalid("Nobody was invited to meet: select another result", field="result")
    calls.publish_result(
        call=call, result=result, words=words, numbers=numbers.published, version=version, by=by
    )
    leave_to_hins(challenge)
    if result is CallResult.NOTHING_SUITABLE and own_unmet_need(by, challenge) is None:
        say_none_fits(challenge=challenge, note=words, by=by)
