"""Post the emails that wait."""

from flask_mailman import EmailMessage
from sqlalchemy import select

from portal.clock import now
from portal.db import db
from portal.jobs import Progress, task
from portal.notifications.models import MAX_ATTEMPTS, Email
from portal.notifications.outbox import mail


@task("notifications.send", schedule="*/10 *")
def send(progress: Progress) -> None:
    """Post every email that was not sent yet; one that fails stays, with the reason.

    What was sent keeps its address and subject alone: a link in it would let readers of the table
    in.
    """
    waiting = db.session.scalars(
        select(Email.id)
        .where(Email.sent_at.is_(None), Email.attempts < MAX_ATTEMPTS)
        .order_by(Email.id)
    ).all()
    db.session.commit()
    if not waiting:
        return
    with mail.get_connection() as connection:
        for number, email_id in enumerate(waiting, start=1):
            _post(db.session.get_one(Email, email_id), connection)
            progress(number, len(waiting), "Posting emails")


def _post(email: Email, connection: object) -> None:
    message = EmailMessage(email.subject, email.body, to=[email.address], connection=connection)
    email.attempts += 1
    try:
        message.send()
    except OSError as problem:  # smtplib's errors are OSErrors
        email.error = f"{type(problem).__name__}: {problem}"
    else:
        email.sent_at, email.error, email.body = now(), None, ""
    db.session.commit()
