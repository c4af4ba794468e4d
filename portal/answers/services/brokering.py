"""What the HIN does that reads an answer first: pass it on, or send it back with words."""

from portal.accounts.models import SYSTEM, Actor
from portal.answers import outbox, policy
from portal.answers.models import Answer, AnswerState
from portal.answers.services.answering import arrive
from portal.answers.services.moves import lock, move, require, sides_at
from portal.challenges.models import ChallengeState
from portal.challenges.queries.calls import published_of
from portal.db import lock as row_lock
from portal.errors import Invalid


def pass_on(*, answer: Answer, version: int, by: Actor) -> None:
    """Let those who state the challenge read it; the innovator is told. Raises Forbidden, Invalid
    when the challenge was closed, Conflict."""
    row_lock(answer.challenge)
    lock(answer, version)
    require(policy.can_broker(sides_at(answer, by), answer))
    if answer.challenge.state is not ChallengeState.OPEN:
        raise Invalid("The challenge was closed meanwhile.")
    arrive(answer, published_of(answer.challenge_id), by=by)
    outbox.tell_innovator("passed_on", answer)


def send_back(*, answer: Answer, version: int, words: str, by: Actor) -> None:
    """Send it back with words: it may be changed and sent again. Raises Forbidden, Conflict."""
    lock(answer, version)
    require(policy.can_broker(sides_at(answer, by), answer))
    answer.decision_words = words
    move(answer, AnswerState.SENT_BACK, by=by, words=words)
    outbox.tell_innovator("sent_back", answer, by=SYSTEM)
