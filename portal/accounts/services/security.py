"""What happened to the ways in: a row of its own table, and a line of JSON for the logs.

The line is written when the row is committed, by the logger `portal.security`; a change that was
taken back leaves neither.
"""

import json
import logging
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal.accounts.models.security import SecurityEvent, SecurityKind
from portal.clock import now
from portal.db import db, reading, set_reading

logger = logging.getLogger("portal.security")
LINES = "security_lines"
MAX_LENGTH = 300
ONCE_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Browser:
    """Where a request comes from."""

    address: str = ""
    device: str = "command or job"


COMMAND = Browser()
_browser: ContextVar[Browser] = ContextVar("browser", default=COMMAND)


def comes_from(address: str, device: str) -> None:
    """Say from where this request comes, before anything of it is noted."""
    _browser.set(Browser(address, device))


def comes_from_command() -> None:
    """Say that what follows is done by a command or a job, not for a request."""
    _browser.set(COMMAND)


def note(kind: SecurityKind, detail: str = "", *, user: int | None = None) -> SecurityEvent:
    """Write an event, in the transaction of what happened; `user` is the id of a person."""
    row = _event(kind, detail, user)
    db.session.add(row)
    db.session.info.setdefault(LINES, []).append(line_of(row))
    return row


def _event(kind: SecurityKind, detail: str, user_id: int | None) -> SecurityEvent:
    where = _browser.get()
    return SecurityEvent(
        at=now(),
        kind=kind,
        user_id=user_id,
        detail=detail[:MAX_LENGTH],
        address=where.address[:MAX_LENGTH],
        device=where.device[:MAX_LENGTH],
    )


def line_of(row: SecurityEvent) -> str:
    """Return the event as one line of JSON; what was typed cannot begin another line."""
    return json.dumps(
        {
            "event": row.kind.value,
            "at": row.at.isoformat(timespec="milliseconds"),
            "user_id": row.user_id,
            "detail": row.detail,
            "address": row.address,
            "device": row.device,
        }
    )


@event.listens_for(Session, "after_commit")
def _send_lines(session: Session) -> None:
    if session.in_nested_transaction():
        return  # a savepoint: the change may still be taken back
    for line in session.info.pop(LINES, ()):
        logger.info(line)


@event.listens_for(Session, "after_rollback")
def _forget_lines(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(LINES, None)


def note_apart(kind: SecurityKind, detail: str = "", *, user_id: int | None = None) -> None:
    """Write an event in a small transaction of its own, after that of the page is over.

    Where the database cannot take it (a long write goes on), the line in the log says it alone: a
    page never fails for it.
    """
    db.session.rollback()
    set_reading(False)
    row = note(kind, detail, user=user_id)
    line = line_of(row)
    try:
        db.session.commit()
    except OperationalError:
        db.session.rollback()
        logger.info(line)


def note_try(kind: SecurityKind, detail: str = "") -> None:
    """Write what strangers can cause at will: the line always, the row once a minute for each
    address, so that nobody fills the table or keeps others from saving."""
    db.session.rollback()
    where = _browser.get()
    with reading():
        lately = select(SecurityEvent.id).where(
            SecurityEvent.kind == kind,
            SecurityEvent.address == where.address,
            SecurityEvent.at > now() - ONCE_EVERY,
        )
        is_known = db.session.scalar(lately.limit(1)) is not None
    if is_known:
        logger.info(line_of(_event(kind, detail, None)))
        db.session.rollback()
    else:
        note_apart(kind, detail)
