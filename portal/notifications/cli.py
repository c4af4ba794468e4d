"""`flask notifications …`."""

import click
from flask.cli import AppGroup

from portal.db import db
from portal.jobs import enqueue, run_waiting

group = AppGroup("notifications", help="Emails that wait to be posted.")


@group.command("send")
def send() -> None:
    """Post the waiting emails now."""
    enqueue("notifications.send", key="notifications.send")
    db.session.commit()
    run_waiting()
    click.echo("Posted what was waiting.")
