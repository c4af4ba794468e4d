"""Post the emails that wait, and write those that hold what waited."""

import random
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

from flask import current_app
from sqlalchemy import select

from portal.clock import is_monday, now, today
from portal.db import db, use_once
from portal.jobs import Progress, task
from portal.notifications import queries, services
from portal.notifications.models import LONGEST_PAUSE, MAX_ATTEMPTS, Email, Kind
from portal.notifications.outbox import given_up, known, mail
from portal.notifications.rules import due_rhythms
from portal.notifications.serialise import message_of

FIRST_PAUSE = timedelta(minutes=1)
BROKEN = (TimeoutError, ConnectionError, SMTPServerDisconnected)
"""What says that the server cannot be talked to now: the next email would only wait, too."""
REFUSED_FOR_GOOD = 550
"""From which answer of a mail server on trying again is in vain (RFC 5321, 4.2.1 and 4.2.3)."""
MAX_IN_ONE = 25
"""More messages to one person are more than one email."""

Letter = Sequence[Email]
"""Waiting emails of one kind to one person, which leave as one."""


@task("notifications.send", schedule="*/10 *", prompt=True)
def send(progress: Progress) -> None:
    """Post every email whose time has come; one that fails stays, with the reason, and is tried
    again after a pause that doubles, for two days. Then administrators are told.

    What waits for one person goes out as one email, but for what concerns their account. What was
    sent keeps its address and subject alone: a link in it would let readers of the table in.
    """
    waiting = _letters(_waiting())
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


@task("notifications.waiting", schedule="15 7")
def post_waiting(progress: Progress) -> None:
    """Write one email for each person for whom something waited, on Mondays with what is asked of
    them.

    One person is one transaction: a worker killed in between has told each once or not at all.
    """
    on, which = today(), due_rhythms(today())
    is_live = current_app.config["PRODUCTION"]
    summary = _summaries() if is_monday(on) else frozenset()
    people = sorted({*queries.people_waiting(which), *summary})
    db.session.commit()
    for number, user_id in enumerate(people, start=1):
        person = known().people.may_be_posted(user_id, production=is_live)
        if person is not None:
            asks = known().asks(user_id) if user_id in summary else ()
            services.post_waiting(person, which, asks=asks)
        db.session.commit()
        progress(number, len(people), "Writing what waited")


def _summaries() -> frozenset[int]:
    return frozenset(queries.wanting_summary(known().people.staff_ids()))


def _waiting() -> Sequence[Email]:
    moment = now()
    # A moment further ahead than any pause was written before the clock was set back.
    has_come = Email.next_at.is_(None) | (Email.next_at <= moment)
    has_come |= Email.next_at > moment + LONGEST_PAUSE * 2
    found = select(Email).where(Email.sent_at.is_(None), Email.attempts < MAX_ATTEMPTS, has_come)
    rows = db.session.scalars(found.order_by(Email.id)).all()
    db.session.commit()
    return rows


def _letters(waiting: Sequence[Email]) -> list[Letter]:
    """Put the emails of one kind to one person together, oldest first."""
    letters: dict[object, list[Email]] = {}
    for email in waiting:
        is_alone = email.user_id is None or email.kind is Kind.ACCOUNT
        key = email.id if is_alone else (email.user_id, email.kind)
        letters.setdefault(key, []).append(email)
    return [
        emails[start : start + MAX_IN_ONE]
        for emails in letters.values()
        for start in range(0, len(emails), MAX_IN_ONE)
    ]


def _post_all(waiting: Sequence[Letter], connection: Any, progress: Progress) -> None:
    lost = 0
    for number, letter in enumerate(waiting, start=1):
        mine = [email for email in letter if _claim(email) and _is_in_sight(email)]
        problem = _post(mine, connection) if mine else None
        if problem is not None and _refusal(mine, problem) is None:
            lost += _count_lost(mine)
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


def _is_in_sight(email: Email) -> bool:
    is_left = services.keep_in_sight(email)
    db.session.commit()
    return is_left


def _post(letter: Letter, connection: Any) -> OSError | None:
    message = message_of(letter)
    message.connection = connection
    try:
        message.send()
    except OSError as problem:
        _note_failed(letter, problem)
        return problem
    for email in letter:
        email.sent_at, email.error, email.body, email.next_at = now(), None, "", None
    db.session.commit()
    return None


def _note_failed(letter: Letter, problem: OSError) -> None:
    """Keep why it failed; an address that the mail server refuses for good gets no more."""
    refusal = _refusal(letter, problem)
    if refusal is not None:
        services.stop(address=letter[0].address, reason=refusal)
    for email in letter:
        email.error = f"{type(problem).__name__}: {problem}"
        email.attempts = email.attempts if refusal is None else MAX_ATTEMPTS
    db.session.commit()


def _refusal(letter: Letter, problem: OSError) -> str | None:
    """Return the words by which a mail server refused the address for good, None where it did
    not."""
    refused = getattr(problem, "recipients", None) or {}
    code, words = refused.get(letter[0].address, (0, b""))
    return words.decode(errors="replace") if code >= REFUSED_FOR_GOOD else None


def _postpone_all(waiting: Iterable[Letter], problem: OSError) -> None:
    """Nobody could be written to: each email has had its try."""
    claimed = [email for letter in waiting for email in letter if _claim(email)]
    for email in claimed:
        email.error = f"{type(problem).__name__}: {problem}"
    db.session.commit()
    _tell(_count_lost(claimed))


def _count_lost(emails: Iterable[Email]) -> int:
    return sum(email.attempts >= MAX_ATTEMPTS for email in emails)


def _tell(lost: int) -> None:
    if lost:
        given_up.send(lost)
        db.session.commit()


def pause(attempts: int) -> timedelta:
    """Return how long an email waits after so many tries: a minute, doubled each time up to six
    hours, a quarter more or less, so that emails refused together do not come back together."""
    longest: timedelta = min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)
    return longest * random.uniform(0.75, 1.25)  # noqa: S311 - no secret
