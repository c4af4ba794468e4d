"""What the HIN does that reads an answer first: pass it on, send it back with words or, when the
challenge closed meanwhile, say so in its own words."""

from portal.accounts.models import SYSTEM, Actor
from portal.answers import outbox, policy
from portal.answers.models import Answer, AnswerState
from portal.answers.rules import can_still_arrive
from portal.answers.services.answering import arrive
from portal.answers.services.deciding import close
from portal.answers.services.moves import lock, move, require, sides_at
from portal.challenges.queries.calls import published_of
from portal.clock import today
from portal.db import lock as row_lock
from portal.errors import Invalid

CLOSED = "The challenge was closed meanwhile: tell the innovator so, in your words."
STILL_OPEN = "The challenge is open: pass the answer on or send it back."


def pass_on(*, answer: Answer, version: int, by: Actor) -> None:
    """Let those who state the challenge read it; the innovator is told. Raises Forbidden, Invalid
    when the challenge was closed, Conflict."""
    _hold(answer, version, by, is_open=True)
    arrive(answer, published_of(answer.challenge_id), by=by)
    outbox.tell_innovator("passed_on", answer)


def send_back(*, answer: Answer, version: int, words: str, by: Actor) -> None:
    """Send it back with words: it may be changed and sent again. Raises Forbidden, Invalid when the
    challenge was closed, Conflict."""
    _hold(answer, version, by, is_open=True)
    answer.decision_words = words
    move(answer, AnswerState.SENT_BACK, by=by, words=words)
    outbox.tell_innovator("sent_back", answer, by=SYSTEM)


def tell_closed(*, answer: Answer, version: int, words: str, by: Actor) -> None:
    """Tell the innovator, in the HIN's words, that the challenge closed before the answer reached
    those who stated it. Raises Forbidden, Invalid while it can be passed on, Conflict."""
    _hold(answer, version, by, is_open=False)
    close(answer, words, by=by)


def _hold(answer: Answer, version: int, by: Actor, *, is_open: bool) -> None:
    """Hold an answer that the HIN moves on, and the challenge, which closes before or after."""
    row_lock(answer.challenge)
    lock(answer, version)
    require(policy.can_broker(sides_at(answer, by), answer))
    call = published_of(answer.challenge_id)
    if can_still_arrive(answer.challenge, call, today()) is not is_open:
        raise Invalid(CLOSED if is_open else STILL_OPEN)
