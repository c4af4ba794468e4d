"""Write in the thread, with a file if need be, and mark it as read."""

from typing import IO

from portal.accounts.models import Actor
from portal.db import db
from portal.errors import Forbidden
from portal.files import keep
from portal.introductions import outbox, policy
from portal.introductions.models import Attachment, Circle, Introduction, Message, ThreadMark
from portal.introductions.queries import concerned_hin_ids

ROOM = "introductions"
"""Under which name `portal.files` keeps this room's files."""


def write(
    *,
    introduction: Introduction,
    circle: Circle,
    body: str,
    by: Actor,
    file: tuple[IO[bytes], str] | None = None,
) -> Message:
    """Write a message to a circle; `file` is a stream and what its sender calls it.

    Raises Forbidden when the actor may not write to that circle now, Invalid (field `file`) when
    the file is refused.
    """
    sides = policy.sides_of(by, introduction, concerned_hin_ids(introduction))
    if circle not in policy.circles_written(sides, introduction):
        raise Forbidden("You may not write to them in this introduction now.")
    kept = keep(*file, room=ROOM, by=by) if file else None
    message = Message(
        introduction=introduction,
        circle=circle,
        by_id=by.user_id,
        organisation_id=by.organisation_id,
        body=body,
        attachments=[Attachment.of(kept)] if kept else [],
    )
    db.session.add(message)
    db.session.flush()
    what = "wrote a message with a file" if kept else "wrote a message"
    outbox.note("message", introduction, what, by=by)
    outbox.tell_circle(introduction, circle, by)
    mark_read(introduction=introduction, message_id=message.id, by=by)
    return message


def mark_read(*, introduction: Introduction, message_id: int, by: Actor) -> None:
    """Note that the actor has read the thread up to a message; never backwards."""
    if by.user_id is None:
        return
    mark = db.session.get(ThreadMark, (introduction.id, by.user_id))
    if mark is None:
        mark = ThreadMark(introduction_id=introduction.id, user_id=by.user_id, message_id=0)
        db.session.add(mark)
    mark.message_id = max(mark.message_id, message_id)
    db.session.flush()
