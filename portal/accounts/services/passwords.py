"""Passwords: check, change, reset. Nothing here tells whether an address has an account."""

import unicodedata
from datetime import timedelta
from functools import cache

from flask_security.recoverable import (
    generate_reset_password_token,
    reset_password_token_status,
)
from flask_security.utils import (
    check_and_get_token_status,
    hash_password,
    verify_and_update_password,
    verify_password,
)

from portal.accounts.models import User
from portal.accounts.policy import can_sign_in
from portal.accounts.queries import user_by_email
from portal.accounts.queries.lately import times_lately
from portal.accounts.rules import MAX_ALIKE, new_token, normal_email
from portal.accounts.services import trail
from portal.clock import now
from portal.db import db, use_once
from portal.errors import Invalid
from portal.jobs import enqueue
from portal.notifications.outbox import tell_address


def kept(password: str) -> str:
    """Return what is stored of a password: the same text may be typed in several encodings."""
    stored: str = hash_password(unicodedata.normalize("NFKD", password))
    return stored


def is_password_of(user: User | None, password: str) -> bool:
    """Whether this is the person's password. Renews a hash made the old way; flushes.

    For nobody, and for somebody without a password, the same check is made of a password that
    nobody has: it takes as long.
    """
    typed = unicodedata.normalize("NFKD", password)
    if user is None or not user.password:
        verify_password(typed, _nobodys_password())
        return False
    right: bool = verify_and_update_password(typed, user)
    db.session.flush()
    return right


@cache
def _nobodys_password() -> str:
    """Return the hash of a random password; made once, as costly as everybody's."""
    return kept(new_token())


def authenticate(*, email: str, password: str, production: bool) -> User | None:
    """Return the person when address and password are right and the account is open.

    Takes about as long for an address nobody has. They may still have to confirm the address
    (`confirmed_at`) or enter a code (`tf_totp_secret`).
    """
    user = user_by_email(email)
    is_right = is_password_of(user, password)
    if user is None or not is_right or not can_sign_in(user, production=production):
        return None
    return user


def ask_for_reset(*, email: str) -> None:
    """Queue what an address that asks for a new password gets: the page does the same work whether
    anybody has it."""
    enqueue("accounts.reset", email=normal_email(email))


def send_reset(*, email: str, production: bool) -> None:
    """Email a link to choose a new password, if somebody has that address (a job's work).

    Who was sent `MAX_ALIKE` within the hour has one that works: strangers fill no mailboxes.
    """
    user = user_by_email(email)
    if user is None or not can_sign_in(user, production=production):
        return
    if times_lately(user.id, "reset_asked") >= MAX_ALIKE:
        return
    token: str = generate_reset_password_token(user)  # type: ignore[no-untyped-call]  # Flask-Security's
    tell_address(user.email, "accounts/emails/reset.txt", person=user, token=token)
    trail.of_user("reset_asked", user, "was sent a link to reset the password", by=_self(user))
    db.session.flush()


def user_of_reset(token: str) -> User | None:
    """Return whose password the link resets, None when it was used, is too old or is no link."""
    expired, invalid, user = reset_password_token_status(token)  # type: ignore[no-untyped-call]  # its own
    found: User | None = user
    return None if expired or invalid or found is None or not found.active else found


def is_link_used(token: str, kind: str) -> bool:
    """Whether a link of ours (`reset` or `confirm`) is not too old, and yet leads nowhere: it was
    used, or something newer took its place."""
    within = LINKS_GOOD_FOR[kind]
    expired, invalid, _said = check_and_get_token_status(token, kind, within)
    return not expired and not invalid


LINKS_GOOD_FOR = {"reset": timedelta(days=1), "confirm": timedelta(days=2)}
"""As the emails say."""


def reset_password(*, user: User, stored: str, known: str) -> None:
    """Set a new password after a reset link: the link is used up, every session ends.

    `stored` is its hash, `known` the `fs_uniquifier` under which the link was read. Who can read
    the address's mail has confirmed it, too. Raises Invalid when the link was used meanwhile.
    """
    if not _set(user, stored, known):
        raise Invalid("This link has been used. Ask for another one")
    user.confirmed_at = user.confirmed_at or now()
    trail.of_user("password_reset", user, "reset the password", by=_self(user))
    tell_address(user.email, "accounts/emails/password_changed.txt", person=user)
    db.session.flush()


def change_password(*, user: User, stored: str, known: str) -> None:
    """Set a new password for somebody signed in; the caller ends the other sessions. `stored` and
    `known` as `reset_password` takes them. Raises Invalid when it was changed meanwhile."""
    if not _set(user, stored, known):
        raise Invalid("Your password was changed in another browser. Sign in again")
    trail.of_user("password_changed", user, "changed the password", by=_self(user))
    tell_address(user.email, "accounts/emails/password_changed.txt", person=user)
    db.session.flush()


def _set(user: User, stored: str, known: str) -> bool:
    """Set the password if nobody did since `known` was read; every cookie and link made before is
    dead."""
    return use_once(
        User,
        User.id == user.id,
        User.fs_uniquifier == known,
        password=stored,
        fs_uniquifier=new_token(),
    )


_self = trail.as_themselves
