"""The lists of introductions: queues by role, counts, what is unread."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload

from portal.accounts.models import Actor, Organisation
from portal.clock import today
from portal.db import LabelledEnum, db
from portal.innovations.models import Innovation
from portal.introductions.models import (
    THREADS,
    Attachment,
    Circle,
    Introduction,
    IntroductionMessage,
    State,
)
from portal.introductions.queries import of_hin, of_ics, of_innovator, visible_to
from portal.introductions.rules import AFTER_AGREED
from portal.reference.models import Hin
from portal.reference.queries import is_past_due
from portal.threads import queries as threads
from portal.threads.rules import Thread

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


def next_steps(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Return the statement of the introductions whose next step lies with the actor's side.

    Its columns are those of `portal.web.home.AskRow`: the key is the state; an ICS is asked by the
    HIN that brokers, everybody else by the ICS.
    """
    who = Hin.name if actor.is_ics else Organisation.name
    return (
        select(
            Introduction.id,
            Introduction.state.label("key"),
            Innovation.name,
            who.label("who"),
            Introduction.due_on,
        )
        .join(Introduction.innovation)
        .join(Introduction.organisation)
        .outerjoin(Introduction.broker_hin)
        .where(visible_to(actor), in_queue(Queue.OURS, actor, today()))
    )


def of_record(actor: Actor, innovation_id: int) -> Sequence[tuple[Introduction, int]]:
    """Return the introductions of a record that the actor may see, newest first."""
    found = _with_rows(actor).where(Introduction.innovation_id == innovation_id)
    rows = db.session.execute(found.order_by(Introduction.id.desc())).unique().all()
    return [(row[0], row[1]) for row in rows]


def uses_introduced(innovation_id: int) -> frozenset[int]:
    """Return the lines of a record's "where in use" that came of introductions, by id."""
    came = select(Introduction.use_id).where(
        Introduction.innovation_id == innovation_id, Introduction.use_id.is_not(None)
    )
    return frozenset(use for use in db.session.scalars(came) if use is not None)


def _with_rows(actor: Actor) -> Listed:
    return (
        select(Introduction, threads.unread(THREADS, actor, readable(actor)))
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


# Messages ------------------------------------------------------------------------------------


def readable(actor: Actor) -> ColumnElement[bool]:
    """Return SQL for "the actor reads this message", in a statement that has its introduction."""
    parties = {Circle.ASKING: of_ics(actor), Circle.ANSWERING: of_innovator(actor)}
    sides = [
        and_(of_party, IntroductionMessage.circle.in_([circle, Circle.EVERYONE]))
        for circle, of_party in parties.items()
    ]
    return or_(of_hin(actor, today()), *sides)


def thread(actor: Actor, introduction: Introduction) -> Thread[IntroductionMessage]:
    """Return the messages of the thread that the actor reads."""
    return threads.thread(THREADS, introduction.id, actor, readable(actor))


def attachment_for(actor: Actor, introduction: Introduction, attachment_id: int) -> Attachment:
    """Return a file of a message that the actor reads; raises NotFound for any other."""
    return threads.file_for(THREADS, introduction.id, attachment_id, readable(actor))
