"""Post the emails that wait, and write those that hold what waited."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from flask import current_app
from flask_mailman import EmailMessage
from sqlalchemy import select

from portal.clock import now, today
from portal.db import db
from portal.jobs import Progress, task
from portal.notifications import queries, services
from portal.notifications.models import MAX_ATTEMPTS, Email, Kind
from portal.notifications.outbox import known, mail
from portal.notifications.rules import due_rhythms, is_day_of_summary
from portal.notifications.serialise import message_of

REFUSED_FOR_GOOD = 550
"""From which answer of a mail server on trying again is in vain (RFC 5321, 4.2.1 and 4.2.3)."""
MAX_IN_ONE = 25
"""More messages to one person are more than one email."""


@task("notifications.send", schedule="*/10 *")
def send(progress: Progress) -> None:
    """Post every email that was not sent yet; one that fails stays, with the reason.

    What waits for one person goes out as one email, but for what concerns their account. What was
    sent keeps its address and subject alone: a link in it would let readers of the table in.
    """
    waiting = _letters()
    db.session.commit()
    if not waiting:
        return
    with mail.get_connection() as connection:
        for number, ids in enumerate(waiting, start=1):
            _post([db.session.get_one(Email, email_id) for email_id in ids], connection)
            progress(number, len(waiting), "Posting emails")


@task("notifications.waiting", schedule="15 7")
def post_waiting(progress: Progress) -> None:
    """Write one email for each person for whom something waited, on Mondays with what is asked of
    them.

    One person is one transaction: a worker killed in between has told each once or not at all.
    """
    on, which = today(), due_rhythms(today())
    is_live = current_app.config["PRODUCTION"]
    summary = _summaries() if is_day_of_summary(on) else frozenset()
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


def _letters() -> list[list[int]]:
    """Return the ids of the waiting emails, those of one kind to one person together, oldest
    first."""
    rows = db.session.execute(
        select(Email.id, Email.user_id, Email.kind)
        .where(Email.sent_at.is_(None), Email.attempts < MAX_ATTEMPTS)
        .order_by(Email.id)
    ).all()
    letters: dict[object, list[int]] = {}
    for email_id, user_id, kind in rows:
        is_alone = user_id is None or kind is Kind.ACCOUNT
        letters.setdefault(email_id if is_alone else (user_id, kind), []).append(email_id)
    return [part for ids in letters.values() for part in _parts(ids)]


def _parts(ids: Sequence[int]) -> Iterable[list[int]]:
    numbered = enumerate(ids)
    for _, part in groupby(numbered, key=lambda pair: pair[0] // MAX_IN_ONE):
        yield [email_id for _, email_id in part]


def _post(emails: Sequence[Email], connection: object) -> None:
    message: EmailMessage = message_of(emails)
    message.connection = connection
    try:
        message.send()
    except OSError as problem:  # smtplib's errors are OSErrors
        _note_failed(emails, problem)
    else:
        for email in emails:
            email.attempts += 1
            email.sent_at, email.error, email.body = now(), None, ""
    db.session.commit()


def _note_failed(emails: Sequence[Email], problem: OSError) -> None:
    """Keep why it failed; an address that the mail server refuses for good gets no more."""
    for email in emails:
        email.attempts += 1
        email.error = f"{type(problem).__name__}: {problem}"
    address = emails[0].address
    refused = getattr(problem, "recipients", None)
    code, words = (refused or {}).get(address, (0, b""))
    if code >= REFUSED_FOR_GOOD:
        services.stop(address=address, reason=words.decode(errors="replace"))
        for email in emails:
            email.attempts = MAX_ATTEMPTS
