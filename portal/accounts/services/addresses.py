"""The address somebody signs in with: a new one counts once its mailbox has confirmed it."""

from datetime import timedelta

from flask_security.proxies import _security
from flask_security.utils import check_and_get_token_status

from portal.accounts.models import Actor, User
from portal.accounts.queries import user_by_email
from portal.accounts.rules import normal_email
from portal.accounts.services import trail
from portal.db import db, use_once
from portal.errors import Conflict
from portal.jobs import enqueue
from portal.notifications.outbox import tell_address

LINK_LIFETIME = timedelta(hours=2)


def ask_for_address(*, user: User, email: str, by: Actor) -> None:
    """Queue the email to a new address; the page says and does the same whether it is free."""
    enqueue("accounts.address", user_id=user.id, email=normal_email(email))
    trail.of_user("address_asked", user, "asked to change the email address", by=by)
    db.session.flush()


def send_address_change(*, user: User, email: str) -> None:
    """Email a link to the new address, if it is free (a job's work)."""
    if user_by_email(email) is None:
        token = address_token(user, email)
        tell_address(email, "accounts/emails/address.txt", person=user, token=token)
    db.session.flush()


def address_token(user: User, email: str) -> str:
    """Return what a link carries; it dies with a change of password or address."""
    said = [user.fs_uniquifier, user.email, email]
    token: str = _security.change_email_serializer.dumps(said)
    return token


def address_of_change(*, user: User, token: str) -> str | None:
    """Return the address that the person's link confirms, None when it is too old or no link."""
    expired, invalid, said = check_and_get_token_status(token, "change_email", LINK_LIFETIME)
    if expired or invalid or said[:2] != [user.fs_uniquifier, user.email]:
        return None
    address: str = said[2]
    return address


def change_address(*, user: User, email: str, by: Actor) -> None:
    """Sign in with the new address from now on; the old mailbox is told.

    Raises Conflict when somebody else took the address since the link was sent.
    """
    if user_by_email(email) is not None:
        raise Conflict("Another account has this email address by now.")
    before = user.email
    if not use_once(User, User.id == user.id, User.email == before, email=email):
        raise Conflict("Your email address was changed in another browser.")
    trail.of_user("address_changed", user, "changed the email address", by=by)
    tell_address(before, "accounts/emails/address_changed.txt", person=user)
    db.session.flush()
