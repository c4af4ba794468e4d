"""Write in the thread, to a circle of its readers."""

from portal.accounts.models import Actor
from portal.errors import Forbidden
from portal.introductions import outbox, policy
from portal.introductions.models import THREADS, Circle, Introduction, IntroductionMessage
from portal.introductions.queries import concerned_hin_ids
from portal.threads import services as threads


def write(
    *,
    introduction: Introduction,
    circle: Circle,
    body: str,
    by: Actor,
    file: threads.SentFile | None = None,
) -> IntroductionMessage:
    """Write a message to a circle; `file` is a stream and what its sender calls it.

    Raises Forbidden when the actor may not write to that circle now, Invalid (field `file`) when
    the file is refused.
    """
    sides = policy.sides_of(by, introduction, concerned_hin_ids(introduction))
    if circle not in policy.circles_written(sides, introduction):
        raise Forbidden("You may not write to them in this introduction now.")
    message = threads.post(
        THREADS, thread_id=introduction.id, body=body, by=by, file=file, circle=circle
    )
    outbox.note(
        "message",
        introduction,
        "wrote a message with a file" if file else "wrote a message",
        by=by,
    )
    outbox.tell_circle(introduction, circle, by)
    return message
