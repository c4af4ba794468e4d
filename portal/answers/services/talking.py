"""Write in the thread between the two sides of an answer."""

from portal.accounts.models import Actor
from portal.answers import outbox, policy
from portal.answers.models import THREADS, Answer, AnswerMessage
from portal.answers.policy import Side
from portal.answers.services.moves import is_sealed_now, require, sides_at
from portal.threads import services as threads


def write(
    *, answer: Answer, body: str, by: Actor, file: threads.SentFile | None = None
) -> AnswerMessage:
    """Write to the other side, whose people are told. Raises Forbidden, Invalid."""
    sides = sides_at(answer, by)
    require(policy.can_talk(sides, answer, is_sealed=is_sealed_now(answer)))
    message = threads.post(THREADS, thread_id=answer.id, body=body, by=by, file=file)
    outbox.tell_message(answer, is_innovators=Side.INNOVATOR in sides, by=by)
    return message
