"""Keep the events of a programme, and write in the thread of its community."""

from datetime import date

from portal.accounts.models import Actor
from portal.audit import services as audit
from portal.clock import now, today
from portal.db import db, lock
from portal.errors import Forbidden, Invalid
from portal.programmes.models import (
    THREADS,
    EventKind,
    Programme,
    ProgrammeEvent,
    ProgrammeFollower,
    ProgrammeMessage,
)
from portal.programmes.outbox import tell_of_message
from portal.programmes.policy import area_of, can_change_of, can_talk, can_write
from portal.threads import services as threads


def save_event(
    *,
    programme: Programme,
    kind: EventKind,
    title: str,
    on: date,
    by: Actor,
    event: ProgrammeEvent | None = None,
    version: int = 0,
    link: str = "",
    words: str = "",
    attended: int | None = None,
) -> ProgrammeEvent:
    """Announce an event of one's network or of the programme, or change it and say how many came.

    Raises Forbidden for others, Invalid for people at an event that has not been, Outdated.
    """
    if not (can_change_of(by, event.hin_id) if event else can_write(by)):
        raise Forbidden("A network changes its own events; the national team changes all.")
    if attended is not None and on > today():
        raise Invalid("Enter how many came after the event", field="attended")
    row = event or ProgrammeEvent(
        programme=programme, hin_id=area_of(by), at=now(), by_id=by.user_id
    )
    if event is not None:
        lock(event, seen=version)
    row.kind, row.title, row.on, row.link = kind, title, on, link
    row.words, row.attended = words, attended
    db.session.add(row)
    db.session.flush()
    audit.note(programme, "event_saved", f"wrote of the event “{title}”", by=by)
    return row


def write(
    *, programme: Programme, body: str, by: Actor, file: threads.SentFile | None = None
) -> ProgrammeMessage:
    """Write to the community; its followers are told. Raises Forbidden, Invalid."""
    _require(by)
    message = threads.post(THREADS, thread_id=programme.id, body=body, by=by, file=file)
    tell_of_message(programme, by=by)
    return message


def follow(*, programme: Programme, is_following: bool, by: Actor) -> None:
    """Be told of messages of the community from now on, or no more. Raises Forbidden."""
    _require(by)
    threads.set_following(
        ProgrammeFollower, thread_id=programme.id, user_id=by.user_id, is_following=is_following
    )


def _require(by: Actor) -> None:
    if not can_talk(by):
        raise Forbidden("People of networks, ICSs and the national team talk here.")


def mark_read(*, programme: Programme, message_id: int, by: Actor) -> None:
    """Note that the actor has read what was written up to a message. Raises Forbidden."""
    _require(by)
    threads.mark_read(THREADS, thread_id=programme.id, message_id=message_id, by=by)
