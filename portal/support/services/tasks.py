"""Open threads, write in them, finish or decline tasks; follow and mark as read.

What is written never leaves the two sides: emails say that there is something to read, the audit
line that somebody wrote, neither says what.
"""

from datetime import date, datetime

from portal.accounts.models import Actor
from portal.audit.models import Audience
from portal.audit.services import record
from portal.clock import day_of, now
from portal.db import db, lock
from portal.errors import Conflict, Forbidden, Invalid
from portal.support import policy
from portal.support.models import (
    THREADS,
    Assignee,
    Engagement,
    Task,
    TaskMessage,
    TaskReader,
    TaskState,
)
from portal.support.outbox import MAX_AGE_OF_NEWS
from portal.support.queries.tasks import followers
from portal.support.rules import LIVE
from portal.threads import services as threads
from portal.threads.outbox import tell_of_message
from portal.threads.services import SentFile


def open_task(
    *,
    engagement: Engagement,
    title: str,
    body: str,
    by: Actor,
    assignee: Assignee | None = None,
    due_on: date | None = None,
    file: SentFile | None = None,
    at: datetime | None = None,
) -> Task:
    """Begin a thread; it is a task where `assignee` is to do something.

    The lead person, the owner and whoever opens it follow it. Raises Forbidden for anybody but
    the HIN's staff and the innovator's side, Invalid for a day that has passed.
    """
    at = at or now()
    if engagement.state not in LIVE or not policy.can_read_task(by, engagement):
        raise Forbidden("Only the network that works with it and the innovator's side write here.")
    if due_on is not None and due_on < day_of(at):
        raise Invalid("The day must be today or in the future", field="due_on")
    if due_on is not None and assignee is None:
        raise Invalid("Select who is to do it by that day", field="assignee")
    task = Task(
        engagement=engagement,
        title=title,
        assignee=assignee,
        due_on=due_on,
        opened_at=at,
        opened_by_id=by.user_id,
    )
    db.session.add(task)
    db.session.flush()
    for user_id in (engagement.lead_id, engagement.innovation.owner_id):
        if user_id is not None:
            set_following(task, user_id, is_following=True)
    _write(task, body, file, by=by, at=at, action="opened")
    return task


def write(
    *, task: Task, body: str, by: Actor, file: SentFile | None = None, at: datetime | None = None
) -> TaskMessage:
    """Write in a thread, with a file if need be; who writes follows it from then on."""
    _refuse_unless_read(task, by)
    return _write(task, body, file, by=by, at=at or now(), action="written")


def end(
    *,
    task: Task,
    version: int,
    state: TaskState,
    words: str,
    by: Actor,
    at: datetime | None = None,
) -> Task:
    """Say that it is done, or declined, with words. Raises Conflict when somebody did before."""
    at = at or now()
    _refuse_unless_read(task, by)
    lock(task, seen=version, words=lambda: f"This task is {task.state.value} now.")
    if task.state is not TaskState.OPEN:
        raise Conflict(f"This task is {task.state.value} now.")
    if not words:
        raise Invalid("Enter what was done, or why not", field="words")
    task.state, task.ended_at, task.ended_by_id = state, at, by.user_id
    _write(task, words, None, by=by, at=at, action=state.value)
    return task


def follow(*, task: Task, is_following: bool, by: Actor) -> None:
    """Be told of what is written, or no longer."""
    _refuse_unless_read(task, by)
    set_following(task, by.user_id, is_following=is_following)


def set_following(task: Task, user_id: int | None, *, is_following: bool) -> None:
    """Say for a person whether they follow a thread, without asking who may."""
    threads.set_following(TaskReader, thread_id=task.id, user_id=user_id, is_following=is_following)


def mark_read(*, task: Task, message_id: int, by: Actor) -> None:
    """Note that the actor has read a thread up to a message; never backwards."""
    _refuse_unless_read(task, by)
    threads.mark_read(THREADS, thread_id=task.id, message_id=message_id, by=by)


def _refuse_unless_read(task: Task, by: Actor) -> None:
    if by.user_id is None or not policy.can_read_task(by, task.engagement):
        raise Forbidden("Only the network whose thread it is and the innovator's side write here.")


def _write(
    task: Task, body: str, file: SentFile | None, *, by: Actor, at: datetime, action: str
) -> TaskMessage:
    message = threads.post(THREADS, thread_id=task.id, body=body, by=by, file=file, at=at)
    set_following(task, message.by_id, is_following=True)
    event = record(
        f"task.{action}",
        noun="task",
        noun_id=task.id,
        summary=SUMMARIES[action],
        by=by,
        audience=Audience.PRIVATE,
    )
    event.at = at
    _tell(task, by, at)
    return message


SUMMARIES = {
    "opened": "opened a thread",
    "written": "wrote in a thread",
    "done": "said that a task is done",
    "declined": "declined a task",
}


def _tell(task: Task, by: Actor, at: datetime) -> None:
    """Tell the followers besides who wrote."""
    if at < now() - MAX_AGE_OF_NEWS:
        return
    tell_of_message(
        followers(task),
        "support/emails/task.txt",
        url=f"/support/tasks/{task.id}",
        innovation=task.engagement.innovation,
        task=task,
        by=by,
    )
