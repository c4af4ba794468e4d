"""Tell people: one line in their inbox and one email each, written with the change itself."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urljoin

from blinker import Signal
from flask import Flask, current_app, has_request_context, render_template, request
from flask_mailman import Mail

from portal.db import db
from portal.jobs import enqueue
from portal.notifications.models import Email, Kind, Notification, Rhythm
from portal.notifications.queries import Way, chosen, muted_by, stopped_among
from portal.notifications.rules import HEADER, LATER, OF_ROLE, is_required, usual_rhythm

mail = Mail()
EXTENSION = "notifications-known"
given_up = Signal("Emails could not be posted over two days: how many.")


class Recipient(Protocol):
    """A person with an account."""

    id: int
    email: str
    active: bool


class People(Protocol):
    """What this room must know of people, and accounts, which stand above it, say."""

    def staff_among(self, user_ids: Collection[int]) -> Collection[int]:
        """Return who of these people acts for a network, an ICS or the nation."""

    def staff_ids(self) -> Collection[int]:
        """Return everybody who does."""

    def may_be_posted(self, user_id: int, *, production: bool) -> Recipient | None:
        """Return the person, None when their account takes no mail."""


Asks = Callable[[int], Sequence[str]]
"""Returns in words what is asked of a person."""
Opens = Callable[[int, str], bool]
"""Returns whether a person may see now what an address is about."""


@dataclass(frozen=True, slots=True)
class HigherRooms:
    """What higher rooms tell this one."""

    people: People
    asks: Asks
    opens: Opens


def init_app(app: Flask, *, people: People, asks: Asks, opens: Opens) -> None:
    """Give the application its way of posting, by the `MAIL_…` settings."""
    mail.init_app(app)
    app.extensions[EXTENSION] = HigherRooms(people, asks, opens)
    app.jinja_env.globals["link_to"] = link_to


def tell(people: Iterable[Recipient], template: str, *, url: str, **context: Any) -> None:
    """Tell people of what happened, each in the way they chose for messages of its kind.

    The template is plain text of the sending room; its first line says of which kind it is, the
    second is the subject. `url` is the path where the person can act; the email ends with it as a
    full address. Left out are closed accounts, whoever named them, who did it themselves (`by`),
    and who muted what it is about, unless something is asked of them.
    """
    if is_untold():
        return
    kind, subject, body = _words(template, url=url, **context)
    told = _recipients(people, kind, url, context.get("by"))
    at_once = [person.email for person, way in told if way.rhythm is Rhythm.NOW]
    refused = _refused(kind, at_once)
    for person, way in told:
        row = Notification(
            user_id=person.id, subject=subject, body=body, url=url, kind=kind, **way._asdict()
        )
        if way.is_shown or way.rhythm in LATER:
            db.session.add(row)
        if is_quiet():
            row.rhythm = Rhythm.NEVER if way.rhythm in LATER else way.rhythm
        if way.rhythm is Rhythm.NOW and person.email.lower() not in refused:
            text = f"{body}\n\n{full_address(url)}"
            _queue(person.email, subject, text, user_id=person.id, kind=kind)


def _recipients(
    people: Iterable[Recipient], kind: Kind, url: str, by: Any
) -> list[tuple[Recipient, Way]]:
    found = {person.id: person for person in people if person.active}
    found.pop(getattr(by, "user_id", None) or 0, None)
    if not found:
        return []
    left_out = set() if is_required(kind) else muted_by(url, found)
    chose = chosen(kind, found)
    staff = known().people.staff_among(found.keys() - chose.keys()) if kind in OF_ROLE else ()
    return [
        (person, chose.get(key) or Way(usual_rhythm(kind, is_staff=key in staff), is_shown=True))
        for key, person in found.items()
        if key not in left_out
    ]


def known() -> HigherRooms:
    """Return what higher rooms told."""
    found: HigherRooms = current_app.extensions[EXTENSION]
    return found


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


def is_untold() -> bool:
    """Whether nobody is told of what happens now: who would be need not be looked up."""
    return _untold.get()


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


def post(
    address: str,
    subject: str,
    body: str,
    *,
    user_id: int | None = None,
    kind: Kind = Kind.ACCOUNT,
) -> None:
    """Queue one email to an address, in the current transaction.

    Nothing but what lets somebody in goes to an address that was refused for good.
    """
    if not _refused(kind, [address]):
        _queue(address, subject, body, user_id=user_id, kind=kind)


def _refused(kind: Kind, addresses: Collection[str]) -> set[str]:
    """Return to which of these addresses nothing of a kind goes."""
    return set() if kind is Kind.ACCOUNT else stopped_among(addresses)


def _queue(address: str, subject: str, body: str, *, user_id: int | None, kind: Kind) -> None:
    if is_quiet():
        return
    db.session.add(
        Email(
            address=address,
            subject=subject,
            body=body,
            user_id=user_id,
            kind=kind,
            root=full_address("/"),
        )
    )
    enqueue("notifications.send", key="notifications.send")


def tell_address(address: str, template: str, **context: Any) -> None:
    """Queue the message of `template` to an address that has no account (an invitation)."""
    kind, subject, body = _words(template, **context)
    post(address, subject, body, kind=kind)


def _words(template: str, **context: Any) -> tuple[Kind, str, str]:
    text = render_template(template, **context).strip()
    if not text.startswith(HEADER):
        raise ValueError(f"{template} does not say of which kind it is")
    head, _, text = text.partition("\n")
    subject, _, body = text.strip().partition("\n")
    return Kind(head.removeprefix(HEADER)), subject.strip(), body.strip()
