"""`flask notifications …`."""

from email import message_from_binary_file
from email.message import Message
from typing import BinaryIO

import click
from flask.cli import AppGroup

from portal.db import db
from portal.jobs import enqueue, run_waiting
from portal.notifications import services

STATUS = "message/delivery-status"

group = AppGroup("notifications", help="Emails that wait to be posted.")


@group.command("send")
def send() -> None:
    """Post the waiting emails now."""
    enqueue("notifications.send", key="notifications.send")
    db.session.commit()
    run_waiting()
    click.echo("Posted what was waiting.")


@group.command("bounce")
@click.argument("report", type=click.File("rb"), default="-")
def bounce(report: BinaryIO) -> None:
    """Read a delivery report (RFC 3464), as a mail server returns it, from REPORT or standard
    input, and post nothing more to the addresses that failed for good."""
    stopped = 0
    for status in _statuses(message_from_binary_file(report)):
        address = str(status.get("Final-Recipient", "")).rpartition(";")[2].strip()
        is_final = str(status.get("Action", "")).strip().lower() == "failed"
        if address and is_final and str(status.get("Status", "")).strip().startswith("5"):
            reason = str(status.get("Diagnostic-Code", "")) or "The mail server gave no reason."
            services.stop(address=address, reason=reason)
            stopped += 1
    db.session.commit()
    click.echo(f"Addresses that get no more emails: {stopped}.")


def _statuses(message: Message) -> list[Message]:
    """Return the parts of a delivery report that say what became of each recipient."""
    parts = (part for part in message.walk() if part.get_content_type() == STATUS)
    return [one for part in parts for one in part.get_payload() if isinstance(one, Message)]
