"""The lists of introductions: queues by role, counts, what is unread."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal.accounts.models import Actor, Organisation
from portal.clock import today
from portal.db import LabelledEnum, by_name, db
from portal.errors import NotFound
from portal.innovations.models import Innovation
from portal.introductions.models import (
    Attachment,
    Circle,
    Introduction,
    Message,
    State,
    ThreadMark,
)
from portal.introductions.queries import of_hin, of_ics, of_innovator, visible_to
from portal.introductions.rules import AFTER_AGREED
from portal.reference.models import Hin
from portal.reference.queries import is_past_due

Listed = Select[Introduction, int]
"""Introductions, each with how many of its messages its reader has not read."""


class Queue(LabelledEnum):
    """The tabs of the list."""

    OURS = "ours", "Waiting for us"
    """It is the reader's side that has to do something."""
    OPEN = "open", "Open"
    OVERDUE = "overdue", "Overdue"
    ENDED = "ended", "Ended"
    ALL = "all", "All"


def in_queue(queue: Queue, actor: Actor, on: date) -> ColumnElement[bool]:
    """Return SQL for "the introduction stands in this queue of the actor's"."""
    is_open = Introduction.state != State.ENDED
    clauses = {
        Queue.OURS: is_open & ours(actor, on),
        Queue.OPEN: is_open,
        Queue.OVERDUE: is_open & is_past_due(Introduction.due_on, on),
        Queue.ENDED: Introduction.state == State.ENDED,
        Queue.ALL: true(),
    }
    return clauses[queue]


def ours(actor: Actor, on: date) -> ColumnElement[bool]:
    """Return SQL for "the actor's side has the next step": a HIN takes and decides, the innovator
    answers, the ICS says what came of it once that is asked."""
    if actor.is_hin:
        taken = (Introduction.state == State.TAKEN) & (Introduction.broker_hin_id == actor.hin_id)
        return or_(Introduction.state == State.REQUESTED, taken)
    if actor.is_ics:
        return Introduction.state.in_(sorted(AFTER_AGREED)) & (Introduction.due_on <= on)
    if actor.is_innovator:
        return Introduction.state == State.BROKERED
    return false()


def queue_counts(actor: Actor, on: date) -> dict[Queue, int]:
    """Return how many introductions stand in each queue of the actor's, in one statement.

    For home pages: `queue_counts(actor, today())[Queue.OURS]` is what waits for the reader.
    """
    sums = (func.coalesce(func.sum(case((in_queue(q, actor, on), 1), else_=0)), 0) for q in Queue)
    row = db.session.execute(select(*sums).select_from(Introduction).where(visible_to(actor))).one()
    return {queue: int(count) for queue, count in zip(Queue, row, strict=True)}


def listed(actor: Actor, queue: Queue) -> Listed:
    """Return the introductions of a queue with all that a row shows, not yet in order."""
    return _with_rows(actor).where(in_queue(queue, actor, today()))


def of_record(actor: Actor, innovation_id: int) -> Sequence[tuple[Introduction, int]]:
    """Return the introductions of a record that the actor may see, newest first."""
    found = _with_rows(actor).where(Introduction.innovation_id == innovation_id)
    rows = db.session.execute(found.order_by(Introduction.id.desc())).unique().all()
    return [(row[0], row[1]) for row in rows]


def _with_rows(actor: Actor) -> Listed:
    return (
        select(Introduction, unread_count(actor))
        .join(Introduction.innovation)
        .join(Introduction.organisation)
        .outerjoin(Introduction.broker_hin)
        .where(visible_to(actor))
        .options(
            contains_eager(Introduction.innovation).joinedload(Innovation.organisation),
            contains_eager(Introduction.innovation).selectinload(Innovation.collaborators),
            contains_eager(Introduction.organisation),
            contains_eager(Introduction.broker_hin),
            joinedload(Introduction.asked_by),
            joinedload(Introduction.agreed_by),
            joinedload(Introduction.challenge),
        )
    )


SORTABLE: dict[str, Any] = {
    "due": Introduction.due_on,
    "innovation": by_name(Innovation.name),
    "ics": by_name(Organisation.name),
    "state": Introduction.state,
    "network": by_name(Hin.name),
    "asked": Introduction.asked_at,
}


# Messages ------------------------------------------------------------------------------------


def readable(actor: Actor) -> ColumnElement[bool]:
    """Return SQL for "the actor reads this message", in a statement that has its introduction."""
    parties = {Circle.ASKING: of_ics(actor), Circle.ANSWERING: of_innovator(actor)}
    sides = [
        and_(of_party, Message.circle.in_([circle, Circle.EVERYONE]))
        for circle, of_party in parties.items()
    ]
    return or_(of_hin(actor, today()), *sides)


def unread_count(actor: Actor) -> ColumnElement[int]:
    """Return SQL for how many messages of others the actor has not said to have read."""
    mark = (
        select(ThreadMark.message_id)
        .where(ThreadMark.introduction_id == Introduction.id, ThreadMark.user_id == actor.user_id)
        .correlate(Introduction)
        .scalar_subquery()
    )
    return (
        select(func.count(Message.id))
        .where(
            Message.introduction_id == Introduction.id,
            Message.by_id != actor.user_id,
            Message.id > func.coalesce(mark, 0),
            readable(actor),
        )
        .correlate(Introduction)
        .scalar_subquery()
    )


def thread(actor: Actor, introduction: Introduction) -> Sequence[Message]:
    """Return the messages that the actor reads, oldest first, with who wrote them and files."""
    return db.session.scalars(
        select(Message)
        .join(Message.introduction)
        .where(Message.introduction_id == introduction.id, readable(actor))
        .options(
            joinedload(Message.by),
            joinedload(Message.organisation),
            selectinload(Message.attachments),
        )
        .order_by(Message.id)
    ).all()


def read_up_to(actor: Actor, introduction: Introduction) -> int:
    """Return the id of the newest message that the actor said they had read; 0 when none."""
    mark = db.session.get(ThreadMark, (introduction.id, actor.user_id))
    return mark.message_id if mark else 0


def attachment_for(actor: Actor, introduction: Introduction, attachment_id: int) -> Attachment:
    """Return a file of a message that the actor reads; raises NotFound for any other."""
    found = db.session.scalar(
        select(Attachment)
        .join(Attachment.message)
        .join(Message.introduction)
        .where(
            Attachment.id == attachment_id,
            Message.introduction_id == introduction.id,
            readable(actor),
        )
    )
    if found is None:
        raise NotFound("There is no such file that you may see.")
    return found
