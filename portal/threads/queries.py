"""Read threads of every kind: their messages and files, what is unread, who follows.

Whether somebody may read a thread is the room's to say, before it asks here; where one may read
some messages only, `readable` are conditions in SQL on the message and on what it is about.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts.models import Actor, User
from portal.db import by_name, db
from portal.errors import NotFound
from portal.threads.models import F, Follower, Kind, M, R
from portal.threads.rules import Thread


def thread(
    kind: Kind[M, F, R], thread_id: int, actor: Actor, *readable: ColumnElement[bool]
) -> Thread[M]:
    """Return a thread as the actor finds it, with who wrote each message and its files."""
    messages = db.session.scalars(
        select(kind.message)
        .join(kind.about, kind.about.id == kind.message.thread_id)
        .where(kind.about.id == thread_id, *readable)
        .options(
            joinedload(kind.message.by),
            joinedload(kind.message.organisation),
            selectinload(kind.message.files),
        )
        .order_by(kind.message.id)
    ).all()
    known = reader(kind, thread_id, actor.user_id)
    return Thread(
        messages,
        read_up_to=known.read_up_to if known else 0,
        reader_id=actor.user_id,
        is_following=isinstance(known, Follower) and known.is_following,
    )


def newest(kind: Kind[M, F, R], thread_id: int) -> int:
    """Return the id of the newest message, 0 where there is none."""
    of_thread = kind.message.thread_id == thread_id
    return db.session.scalar(select(func.max(kind.message.id)).where(of_thread)) or 0


def file_for(
    kind: Kind[M, F, R], thread_id: int, file_id: int, *readable: ColumnElement[bool]
) -> F:
    """Return a file of this thread; raises NotFound for any other."""
    found = db.session.scalar(
        select(kind.file)
        .join(kind.message, kind.message.id == kind.file.message_id)
        .join(kind.about, kind.about.id == kind.message.thread_id)
        .where(kind.file.id == file_id, kind.about.id == thread_id, *readable)
    )
    if found is None:
        raise NotFound("There is no such file that you may see.")
    return found


def unread(kind: Kind[M, F, R], actor: Actor, *readable: ColumnElement[bool]) -> ColumnElement[int]:
    """Return SQL for how many messages of others the actor has not said to have read, in a
    statement that has what the threads are about."""
    mark = (
        select(kind.reader.read_up_to)
        .where(kind.reader.thread_id == kind.about.id, kind.reader.user_id == actor.user_id)
        .correlate(kind.about)
        .scalar_subquery()
    )
    return (
        select(func.count(kind.message.id))
        .where(
            kind.message.thread_id == kind.about.id,
            kind.message.by_id != actor.user_id,
            kind.message.id > func.coalesce(mark, 0),
            *readable,
        )
        .correlate(kind.about)
        .scalar_subquery()
    )


def reader(kind: Kind[M, F, R], thread_id: int, user_id: int | None) -> R | None:
    """Return how far a person has read, if the thread knows them."""
    key = {"thread_id": thread_id, "user_id": user_id}
    return db.session.get(kind.reader, key) if user_id else None


def followers(
    followed: type[Follower], thread_id: int, may_read: ColumnElement[bool]
) -> Sequence[User]:
    """Return who follows a thread, has an open account and may still read it."""
    return db.session.scalars(
        select(User)
        .join(followed, followed.user_id == User.id)
        .where(
            followed.thread_id == thread_id,
            followed.is_following,
            User.active.is_(True),
            may_read,
        )
        .order_by(by_name(User.name))
    ).all()
