"""What the application sent as mail during the tests."""

from flask import Flask
from flask_mailman import EmailMessage


def sent_mail(app: Flask) -> list[EmailMessage]:
    """Every email that ``app`` sent in this process, oldest first.

    Flask-Mailman makes the list with the first email, so before that there is none to read.
    """
    found: list[EmailMessage] = getattr(app.extensions["mailman"], "outbox", [])
    return found
