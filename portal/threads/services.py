"""Write in threads of every kind, mark them as read, follow them.

Who may is the room's to say, before it asks here; so are the audit line and the email.
"""

from datetime import datetime
from typing import IO, Any

from portal.accounts.models import Actor
from portal.clock import now
from portal.db import db, insert_into
from portal.errors import Forbidden, Invalid
from portal.threads.models import F, Follower, Kind, M, R
from portal.threads.queries import newest

SentFile = tuple[IO[bytes], str]
"""A stream, and what its sender calls it."""


def post(
    kind: Kind[M, F, R],
    *,
    thread_id: int,
    body: str,
    by: Actor,
    file: SentFile | None = None,
    at: datetime | None = None,
    **columns: Any,
) -> M:
    """Write a message, which its writer has read; `columns` are the room's own.

    Raises Invalid where nothing was written (field `body`) or the file is refused (field `file`),
    Forbidden for somebody without an account.
    """
    if not body.strip():
        raise Invalid("Enter a message", field="body")
    message = kind.message(
        thread_id=thread_id,
        body=body,
        at=at or now(),
        by_id=_person(by.user_id),
        organisation_id=by.organisation_id,
        files=[kind.file.received(*file, by=by)] if file else [],
        **columns,
    )
    db.session.add(message)
    db.session.flush()
    mark_read(kind, thread_id=thread_id, message_id=message.id, by=by)
    return message


def mark_read(kind: Kind[M, F, R], *, thread_id: int, message_id: int, by: Actor) -> None:
    """Note that the actor has read a thread up to a message; never backwards, nor ahead."""
    row = _reader(kind.reader, thread_id, _person(by.user_id))
    row.read_up_to = max(row.read_up_to, min(message_id, newest(kind, thread_id)))
    db.session.flush()


def set_following(
    followed: type[Follower], *, thread_id: int, user_id: int | None, is_following: bool
) -> None:
    """Say whether a person is told of each message, without asking who may."""
    _reader(followed, thread_id, _person(user_id)).is_following = is_following
    db.session.flush()


def _person(user_id: int | None) -> int:
    """Return whose account it is; raises Forbidden for strangers and commands."""
    if user_id is None:
        raise Forbidden("Sign in to read and write messages.")
    return user_id


def _reader(model: type[R], thread_id: int, user_id: int) -> R:
    """Return what a thread knows of a person. Two requests at once find the same row."""
    key = {model.thread_id: thread_id, model.user_id: user_id}
    db.session.execute(insert_into(model).values(key).on_conflict_do_nothing())
    return db.session.get_one(model, {"thread_id": thread_id, "user_id": user_id})
