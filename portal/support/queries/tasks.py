"""Read threads: who may, what is new to whom, and the door to each."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal.accounts.models import Actor, Membership, Organisation, Role, User
from portal.accounts.queries.acting import acting_ids
from portal.db import by_name, db
from portal.errors import NotFound
from portal.innovations.models import Collaborator, Innovation
from portal.innovations.queries import own
from portal.support.models import (
    Engagement,
    Task,
    TaskFile,
    TaskMessage,
    TaskReader,
    TaskState,
)


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


def unread(actor: Actor) -> ColumnElement[int]:
    """Return SQL for how many messages of others the actor has not said to have read."""
    mark = (
        select(TaskReader.read_up_to)
        .where(TaskReader.task_id == Task.id, TaskReader.user_id == actor.user_id)
        .correlate(Task)
        .scalar_subquery()
    )
    return (
        select(func.count(TaskMessage.id))
        .where(
            TaskMessage.task_id == Task.id,
            TaskMessage.by_id != actor.user_id,
            TaskMessage.id > func.coalesce(mark, 0),
        )
        .correlate(Task)
        .scalar_subquery()
    )


def tasks(actor: Actor, *, is_open: bool) -> Select[Task, int]:
    """Return the threads that the actor may read with what is unread, what is due first."""
    state = Task.state == TaskState.OPEN
    return (
        _whole(actor)
        .add_columns(unread(actor))
        .where(state if is_open else ~state)
        .order_by(Task.due_on.is_(None), Task.due_on, Task.id.desc())
    )


def tasks_of(innovation: Innovation, actor: Actor) -> list[tuple[Task, int]]:
    """Return the threads of one record that the actor may read, the newest first."""
    stmt = (
        _whole(actor)
        .add_columns(unread(actor))
        .where(Engagement.innovation_id == innovation.id)
        .order_by(Task.id.desc())
    )
    return [(task, count) for task, count in db.session.execute(stmt)]


def unread_tasks(actor: Actor) -> Select[int]:
    """Count the threads in which something waits for the actor to be read."""
    return (
        select(func.count(Task.id))
        .join(Task.engagement)
        .join(Engagement.innovation)
        .where(readable_by(actor), unread(actor) > 0)
    )


def task_for(actor: Actor, task_id: int) -> Task:
    """Return a thread that the actor may read: the only door. Raises NotFound for any other."""
    found = db.session.scalar(_whole(actor).where(Task.id == task_id))
    if found is None:
        raise NotFound("There is no such thread that you may read.")
    return found


def thread(task: Task) -> Sequence[TaskMessage]:
    """Return the messages of a thread, oldest first, with who wrote them and files."""
    return db.session.scalars(
        select(TaskMessage)
        .where(TaskMessage.task_id == task.id)
        .options(
            joinedload(TaskMessage.by),
            joinedload(TaskMessage.organisation),
            selectinload(TaskMessage.files),
        )
        .order_by(TaskMessage.id)
    ).all()


def file_for(task: Task, file_id: int) -> TaskFile:
    """Return a file of this thread; raises NotFound for any other's."""
    found = db.session.scalar(
        select(TaskFile)
        .join(TaskFile.message)
        .where(and_(TaskFile.id == file_id, TaskMessage.task_id == task.id))
    )
    if found is None:
        raise NotFound("There is no such file that you may see.")
    return found


def reader(task: Task, user_id: int | None) -> TaskReader | None:
    """Return how far a person read and whether they follow, if the thread knows them."""
    return db.session.get(TaskReader, (task.id, user_id)) if user_id else None


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
    return db.session.scalars(
        select(User)
        .join(TaskReader, TaskReader.user_id == User.id)
        .where(
            TaskReader.task_id == task.id,
            TaskReader.is_following,
            User.active.is_(True),
            may_read,
        )
        .order_by(by_name(User.name))
    ).all()
