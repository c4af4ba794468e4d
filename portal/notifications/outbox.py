"""Tell people: one line in their inbox and one email each, written with the change itself."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol
from urllib.parse import urljoin

from blinker import Signal
from flask import Flask, current_app, has_request_context, render_template, request
from flask_mailman import Mail

from portal.db import db
from portal.jobs import enqueue
from portal.notifications.models import Email, Notification

mail = Mail()
given_up = Signal("Emails could not be posted over two days: how many.")


def init_app(app: Flask) -> None:
    """Give the application its way of posting, by the `MAIL_…` settings."""
    mail.init_app(app)
    app.jinja_env.globals["link_to"] = link_to


class Recipient(Protocol):
    """A person with an account."""

    id: int
    email: str
    active: bool


def tell(people: Iterable[Recipient], template: str, *, url: str, **context: Any) -> None:
    """Write the message of `template` to everybody's inbox and to the emails to be posted.

    The template is plain text of the sending room; its first line is the subject. `url` is the
    path where the person can act; the email ends with it as a full address. Closed accounts are
    left out, whoever named them.
    """
    if _untold.get():
        return
    subject, body = _words(template, url=url, **context)
    recipients = {person.id: person for person in people if person.active}
    for person in recipients.values():
        db.session.add(Notification(user_id=person.id, subject=subject, body=body, url=url))
        post(person.email, subject, f"{body}\n\n{full_address(url)}")


def full_address(path: str) -> str:
    """Return the address of a path of this service, for emails.

    The service's own name comes from SERVER_NAME (which production demands): what the browser
    says in its Host header is used only where no name is set.
    """
    name = current_app.config["SERVER_NAME"]
    if name is None and has_request_context():
        return urljoin(request.url_root, path)
    scheme = current_app.config["PREFERRED_URL_SCHEME"]
    return urljoin(f"{scheme}://{name or '127.0.0.1:8000'}/", path)


def link_to(endpoint: str, **values: Any) -> str:
    """Return the full address of a page, for emails: jobs write them, too, outside any request."""
    path: str = current_app.url_map.bind("").build(endpoint, values)
    return full_address(path)


_untold: ContextVar[bool] = ContextVar("untold", default=False)


@contextmanager
def untold() -> Iterator[None]:
    """What happens inside is told to nobody, neither inbox nor email: the past that is loaded."""
    token = _untold.set(True)
    try:
        yield
    finally:
        _untold.reset(token)


_inbox_only: ContextVar[bool] = ContextVar("inbox_only", default=False)


@contextmanager
def without_emails() -> Iterator[None]:
    """What is told inside reaches inboxes only: a demonstration writes to nobody."""
    token = _inbox_only.set(True)
    try:
        yield
    finally:
        _inbox_only.reset(token)


def is_quiet() -> bool:
    """Whether what happens now is mailed to nobody."""
    return _untold.get() or _inbox_only.get()


def post(address: str, subject: str, body: str) -> None:
    """Queue one email to an address, in the current transaction."""
    if is_quiet():
        return
    db.session.add(Email(address=address, subject=subject, body=f"{body}\n\n{signature()}"))
    enqueue("notifications.send", key="notifications.send")


def signature() -> str:
    """Return what every email ends with: whose it is, and where that is found."""
    return f"-- \n{current_app.config['SERVICE_NAME']}\n{full_address('/')}"


def tell_address(address: str, template: str, **context: Any) -> None:
    """Queue the message of `template` to an address that has no account (an invitation)."""
    post(address, *_words(template, **context))


def _words(template: str, **context: Any) -> tuple[str, str]:
    subject, _, body = render_template(template, **context).strip().partition("\n")
    return subject.strip(), body.strip()
