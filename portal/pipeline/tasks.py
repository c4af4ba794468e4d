"""The weekly emails of saved views."""

from flask import current_app

from portal.db import db
from portal.jobs import Progress, task
from portal.pipeline.serialise import saved as serialise
from portal.saved import queries, services
from portal.saved.models import ViewEmail
from portal.saved.policy import can_open


@task("pipeline.saved_views", schedule="30 6")
def saved_views(progress: Progress) -> None:
    """Send the figures of every saved view whose week has passed.

    One email is one transaction: a worker killed in between has sent each one once or not at
    all, and the job run again goes on with the rest.
    """
    every = queries.every_email()
    for number, key in enumerate(every, start=1):
        email = db.session.get(ViewEmail, key)
        if email is not None:
            _send(email)
        db.session.commit()
        progress(number, len(every), "Sending the figures of saved views")


def _send(email: ViewEmail) -> None:
    actor = queries.recipient(
        email.user, email.membership, production=current_app.config["PRODUCTION"]
    )
    if actor is None or not can_open(actor, email.view):
        db.session.delete(email)
        return
    services.tell(
        email=email,
        title=serialise.title_of(email.view, actor),
        figures=serialise.figures_of(email.view, actor),
    )
