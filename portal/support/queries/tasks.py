"""Read tasks and talks: who may, the door to each, and who follows."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, false, func, or_, select
from sqlalchemy.orm import contains_eager

from portal.accounts.models import Actor, Membership, Organisation, Role, User
from portal.accounts.queries.acting import acting_ids
from portal.accounts.queries.alike import built, values_of
from portal.db import db
from portal.errors import NotFound
from portal.innovations.models import Collaborator, Innovation
from portal.innovations.queries import own
from portal.support.models import THREADS, Engagement, Task, TaskReader, TaskState
from portal.threads import queries as threads


def readable_by(actor: Actor) -> ColumnElement[bool]:
    """Return SQL for `policy.can_read_task`, in a statement that has engagement and record."""
    if not actor.is_signed_in:
        return false()
    at_hin = (
        Engagement.hin_id == actor.hin_id if actor.is_hin and actor.hin_id is not None else false()
    )
    return or_(at_hin, own(actor))


def _whole(actor: Actor) -> Select[Task]:
    return (
        select(Task)
        .join(Task.engagement)
        .join(Engagement.innovation)
        .join(Engagement.hin)
        .options(
            contains_eager(Task.engagement).options(
                contains_eager(Engagement.innovation), contains_eager(Engagement.hin)
            )
        )
        .where(readable_by(actor))
    )


def tasks(actor: Actor, *, is_open: bool) -> Select[Task, int]:
    """Return the threads that the actor may read with what is unread, what is due first."""
    state = Task.state == TaskState.OPEN
    return (
        _whole(actor)
        .add_columns(threads.unread(THREADS, actor))
        .where(state if is_open else ~state)
        .order_by(Task.due_on.is_(None), Task.due_on, Task.id.desc())
    )


def tasks_of(innovation: Innovation, actor: Actor) -> list[tuple[Task, int]]:
    """Return the threads of one record that the actor may read, the newest first."""
    asked = {"record": innovation.id, **values_of(actor)}
    rows = db.session.execute(built(actor, "tasks of a record", _of_record), asked)
    return [(task, count) for task, count in rows]


def _of_record(actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        _whole(actor)
        .add_columns(threads.unread(THREADS, actor))
        .where(Engagement.innovation_id == bindparam("record"))
        .order_by(Task.id.desc())
    )


def unread_tasks(actor: Actor) -> Select[int]:
    """Count the threads in which something waits for the actor to be read."""
    return (
        select(func.count(Task.id))
        .join(Task.engagement)
        .join(Engagement.innovation)
        .where(readable_by(actor), threads.unread(THREADS, actor) > 0)
    )


def task_for(actor: Actor, task_id: int) -> Task:
    """Return a thread that the actor may read: the only door. Raises NotFound for any other."""
    found = db.session.scalar(_whole(actor).where(Task.id == task_id))
    if found is None:
        raise NotFound("There is no such thread that you may read.")
    return found


def followers(task: Task) -> Sequence[User]:
    """Return who follows a thread and may still read it."""
    innovation = task.engagement.innovation
    innovators = (Membership.role == Role.INNOVATOR) & (
        Membership.organisation_id == innovation.organisation_id
    )
    staff = (Membership.role == Role.HIN) & (Organisation.hin_id == task.engagement.hin_id)
    members = acting_ids(or_(innovators, staff))
    helping = select(Collaborator.user_id).where(Collaborator.innovation_id == innovation.id)
    may_read = or_(User.id == innovation.owner_id, User.id.in_(members), User.id.in_(helping))
    return threads.followers(TaskReader, task.id, may_read)
