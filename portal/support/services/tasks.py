"""Open threads, write in them, finish or decline tasks; follow and mark as read.

What is written never leaves the two sides: emails say that there is something to read, the audit
line that somebody wrote, neither says what.
"""

from datetime import date, datetime
from typing import IO

from portal.accounts.models import Actor
from portal.audit.models import Audience
from portal.audit.services import record
from portal.clock import day_of, now
from portal.db import db, lock
from portal.errors import Conflict, Forbidden, Invalid
from portal.files import keep
from portal.notifications.outbox import tell
from portal.support import policy
from portal.support.models import (
    Assignee,
    Engagement,
    Task,
    TaskFile,
    TaskMessage,
    TaskReader,
    TaskState,
)
from portal.support.outbox import MAX_AGE_OF_NEWS
from portal.support.queries.tasks import followers, reader
from portal.support.rules import LIVE

ROOM = "matters"
"""Under which name `portal.files` keeps this part's files."""
File = tuple[IO[bytes], str] | None
"""A stream and what its sender calls it."""


def open_task(
    *,
    engagement: Engagement,
    title: str,
    body: str,
    by: Actor,
    assignee: Assignee | None = None,
    due_on: date | None = None,
    file: File = None,
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
    for user_id in {engagement.lead_id, engagement.innovation.owner_id} - {None}:
        _reader(task, user_id)
    _write(task, body, file, by=by, at=at, action="opened")
    return task


def write(
    *, task: Task, body: str, by: Actor, file: File = None, at: datetime | None = None
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
    _reader(task, user_id).is_following = is_following
    db.session.flush()


def mark_read(*, task: Task, message_id: int, by: Actor) -> None:
    """Note that the actor has read a thread up to a message; never backwards."""
    _refuse_unless_read(task, by)
    known = reader(task, by.user_id)
    row = known or _reader(task, by.user_id, is_following=False)
    row.read_up_to = max(row.read_up_to, message_id)
    db.session.flush()


def _refuse_unless_read(task: Task, by: Actor) -> None:
    if by.user_id is None or not policy.can_read_task(by, task.engagement):
        raise Forbidden("Only the network whose thread it is and the innovator's side write here.")


def _write(
    task: Task, body: str, file: File, *, by: Actor, at: datetime, action: str
) -> TaskMessage:
    if not body:
        raise Invalid("Enter a message", field="body")
    kept = keep(*file, room=ROOM, by=by) if file else None
    message = TaskMessage(
        task=task,
        body=body,
        at=at,
        by_id=by.user_id,
        organisation_id=by.organisation_id,
        files=[TaskFile.of(kept)] if kept else [],
    )
    db.session.add(message)
    db.session.flush()
    _reader(task, by.user_id).is_following = True
    mark_read(task=task, message_id=message.id, by=by)
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
    tell(
        [one for one in followers(task) if one.id != by.user_id],
        "support/emails/task.txt",
        url=f"/support/tasks/{task.id}",
        innovation=task.engagement.innovation,
        task=task,
        by=by,
    )


def _reader(task: Task, user_id: int | None, *, is_following: bool = True) -> TaskReader:
    if user_id is None:
        raise ValueError("a person follows, no command")
    known = reader(task, user_id)
    if known is None:
        known = TaskReader(
            task_id=task.id, user_id=user_id, is_following=is_following, read_up_to=0
        )
        db.session.add(known)
        db.session.flush()
    return known
