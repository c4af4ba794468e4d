"""Open matters, write in them, finish or decline tasks; follow and mark as read.

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
    Doer,
    Engagement,
    Matter,
    MatterFile,
    MatterMessage,
    MatterReader,
    MatterState,
)
from portal.support.outbox import HISTORY
from portal.support.queries.matters import followers, reader
from portal.support.rules import LIVE

ROOM = "matters"
"""Under which name `portal.files` keeps this part's files."""
File = tuple[IO[bytes], str] | None
"""A stream and what its sender calls it."""


def open_matter(
    *,
    engagement: Engagement,
    title: str,
    body: str,
    by: Actor,
    doer: Doer | None = None,
    due_on: date | None = None,
    file: File = None,
    at: datetime | None = None,
) -> Matter:
    """Begin a matter; it is a task where `doer` is to do something.

    The lead person, the owner and whoever opens it follow it. Raises Forbidden for anybody but
    the HIN's staff and the innovator's side, Invalid for a day that has passed.
    """
    at = at or now()
    if engagement.state not in LIVE or not policy.can_read_matter(by, engagement):
        raise Forbidden("Only the network that works with it and the innovator's side write here.")
    if due_on is not None and due_on < day_of(at):
        raise Invalid("The day must be today or in the future", field="due_on")
    if due_on is not None and doer is None:
        raise Invalid("Select who is to do it by that day", field="doer")
    matter = Matter(
        engagement=engagement,
        title=title,
        doer=doer,
        due_on=due_on,
        opened_at=at,
        opened_by_id=by.user_id,
    )
    db.session.add(matter)
    db.session.flush()
    for user_id in {engagement.lead_id, engagement.innovation.owner_id} - {None}:
        _reader(matter, user_id)
    _write(matter, body, file, by=by, at=at, action="opened")
    return matter


def write(
    *, matter: Matter, body: str, by: Actor, file: File = None, at: datetime | None = None
) -> MatterMessage:
    """Write in a matter, with a file if need be; who writes follows it from then on."""
    _refuse_unless_read(matter, by)
    return _write(matter, body, file, by=by, at=at or now(), action="written")


def end(
    *,
    matter: Matter,
    version: int,
    state: MatterState,
    words: str,
    by: Actor,
    at: datetime | None = None,
) -> Matter:
    """Say that it is done, or declined, with words. Raises Conflict when somebody did before."""
    at = at or now()
    _refuse_unless_read(matter, by)
    lock(matter, seen=version, words=lambda: f"This matter is {matter.state.value} now.")
    if matter.state is not MatterState.OPEN:
        raise Conflict(f"This matter is {matter.state.value} now.")
    if not words:
        raise Invalid("Enter what was done, or why not", field="words")
    matter.state, matter.ended_at, matter.ended_by_id = state, at, by.user_id
    _write(matter, words, None, by=by, at=at, action=state.value)
    return matter


def follow(*, matter: Matter, is_following: bool, by: Actor) -> None:
    """Be told of what is written, or no longer."""
    _refuse_unless_read(matter, by)
    set_following(matter, by.user_id, is_following=is_following)


def set_following(matter: Matter, user_id: int | None, *, is_following: bool) -> None:
    """Say for a person whether they follow a matter, without asking who may."""
    _reader(matter, user_id).is_following = is_following
    db.session.flush()


def mark_read(*, matter: Matter, message_id: int, by: Actor) -> None:
    """Note that the actor has read a matter up to a message; never backwards."""
    _refuse_unless_read(matter, by)
    known = reader(matter, by.user_id)
    row = known or _reader(matter, by.user_id, is_following=False)
    row.read_up_to = max(row.read_up_to, message_id)
    db.session.flush()


def _refuse_unless_read(matter: Matter, by: Actor) -> None:
    if by.user_id is None or not policy.can_read_matter(by, matter.engagement):
        raise Forbidden("Only the network whose matter it is and the innovator's side write here.")


def _write(
    matter: Matter, body: str, file: File, *, by: Actor, at: datetime, action: str
) -> MatterMessage:
    if not body:
        raise Invalid("Enter a message", field="body")
    kept = keep(*file, room=ROOM) if file else None
    message = MatterMessage(
        matter=matter,
        body=body,
        at=at,
        by_id=by.user_id,
        organisation_id=by.organisation_id,
        files=[MatterFile.of(kept)] if kept else [],
    )
    db.session.add(message)
    db.session.flush()
    _reader(matter, by.user_id).is_following = True
    mark_read(matter=matter, message_id=message.id, by=by)
    event = record(
        f"matter.{action}",
        noun="matter",
        noun_id=matter.id,
        summary=SUMMARIES[action],
        by=by,
        audience=Audience.PRIVATE,
    )
    event.at = at
    _tell(matter, by, at)
    return message


SUMMARIES = {
    "opened": "opened a matter",
    "written": "wrote in a matter",
    "done": "said that a task is done",
    "declined": "declined a task",
}


def _tell(matter: Matter, by: Actor, at: datetime) -> None:
    """Tell the followers besides who wrote."""
    if at < now() - HISTORY:
        return
    tell(
        [one for one in followers(matter) if one.id != by.user_id],
        "support/emails/matter.txt",
        url=f"/support/matters/{matter.id}",
        innovation=matter.engagement.innovation,
        matter=matter,
        by=by,
    )


def _reader(matter: Matter, user_id: int | None, *, is_following: bool = True) -> MatterReader:
    if user_id is None:
        raise ValueError("a person follows, no command")
    known = reader(matter, user_id)
    if known is None:
        known = MatterReader(
            matter_id=matter.id, user_id=user_id, is_following=is_following, read_up_to=0
        )
        db.session.add(known)
        db.session.flush()
    return known
