"""Post the emails that wait."""

import random
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

from flask_mailman import EmailMessage
from sqlalchemy import select

from portal.clock import now
from portal.db import db, use_once
from portal.jobs import Progress, task
from portal.notifications.models import LONGEST_PAUSE, MAX_ATTEMPTS, Email
from portal.notifications.outbox import given_up, mail

FIRST_PAUSE = timedelta(minutes=1)
BROKEN = (TimeoutError, ConnectionError, SMTPServerDisconnected)
"""What says that the server cannot be talked to now: the next email would only wait, too."""


@task("notifications.send", schedule="*/10 *", prompt=True)
def send(progress: Progress) -> None:
    """Post every email whose time has come; one that fails stays, with the reason, and is tried
    again after a pause that doubles, for two days. Then administrators are told.

    What was sent keeps its address and subject alone: a link in it would let readers of the table
    in.
    """
    waiting = _waiting()
    if not waiting:
        return
    connection = mail.get_connection()
    try:
        connection.open()
    except OSError as problem:  # smtplib's errors are OSErrors
        _postpone_all(waiting, problem)
    else:
        _post_all(waiting, connection, progress)
    finally:
        with suppress(OSError):
            connection.close()


def _waiting() -> Sequence[Email]:
    moment = now()
    # A moment further ahead than any pause was written before the clock was set back.
    has_come = Email.next_at.is_(None) | (Email.next_at <= moment)
    has_come |= Email.next_at > moment + LONGEST_PAUSE * 2
    found = select(Email).where(Email.sent_at.is_(None), Email.attempts < MAX_ATTEMPTS, has_come)
    rows = db.session.scalars(found.order_by(Email.id)).all()
    db.session.commit()
    return rows


def _post_all(waiting: Sequence[Email], connection: Any, progress: Progress) -> None:
    lost = 0
    for number, email in enumerate(waiting, start=1):
        problem = _post(email, connection) if _claim(email) else None
        lost += problem is not None and email.attempts >= MAX_ATTEMPTS
        if isinstance(problem, BROKEN):
            break
        progress(number, len(waiting), "Posting emails")
    _tell(lost)


def _claim(email: Email) -> bool:
    """Count the try before it is made: another worker then leaves the email alone, and one that is
    killed now has made a try."""
    seen = email.attempts
    unused = (Email.id == email.id, Email.attempts == seen, Email.sent_at.is_(None))
    is_mine = use_once(Email, *unused, attempts=seen + 1, next_at=now() + pause(seen + 1))
    db.session.commit()
    return is_mine


def _post(email: Email, connection: Any) -> OSError | None:
    message = EmailMessage(email.subject, email.body, to=[email.address], connection=connection)
    try:
        message.send()
    except OSError as problem:
        email.error = f"{type(problem).__name__}: {problem}"
        db.session.commit()
        return problem
    email.sent_at, email.error, email.body, email.next_at = now(), None, "", None
    db.session.commit()
    return None


def _postpone_all(waiting: Iterable[Email], problem: OSError) -> None:
    """Nobody could be written to: each email has had its try."""
    claimed = [email for email in waiting if _claim(email)]
    for email in claimed:
        email.error = f"{type(problem).__name__}: {problem}"
    db.session.commit()
    _tell(sum(email.attempts >= MAX_ATTEMPTS for email in claimed))


def _tell(lost: int) -> None:
    if lost:
        given_up.send(lost)
        db.session.commit()


def pause(attempts: int) -> timedelta:
    """Return how long an email waits after so many tries: a minute, doubled each time up to six
    hours, a quarter more or less, so that emails refused together do not come back together."""
    longest: timedelta = min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)
    return longest * random.uniform(0.75, 1.25)  # noqa: S311 - no secret
