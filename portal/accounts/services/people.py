"""People: signing up, confirming the address, closing and opening accounts."""

from flask_security.confirmable import confirm_email_token_status, generate_confirmation_token

from portal.accounts.models import SYSTEM, Actor, User
from portal.accounts.policy import can_administer
from portal.accounts.queries import user_by_email
from portal.accounts.queries.lately import times_lately
from portal.accounts.rules import MAX_ALIKE, new_token, normal_email
from portal.accounts.services import trail
from portal.accounts.services.passwords import kept
from portal.clock import now
from portal.db import db, use_once
from portal.errors import Forbidden, Invalid
from portal.jobs import enqueue
from portal.notifications.outbox import tell_address


def ask_for_account(*, name: str, email: str, stored: str) -> None:
    """Queue a sign-up: the page does the same work whether the address has an account. `stored` is
    the hash of the password."""
    enqueue("accounts.sign_up", name=name, email=normal_email(email), stored=stored)


def sign_up(*, name: str, email: str, stored: str) -> None:
    """Open an account that must be confirmed from its mailbox (a job's work); `stored` is what is
    kept of its password.

    An address that has one already gets an email that says so. Somebody may have signed up with an
    address not theirs: until it is confirmed, the newest sign-up counts, and confirming asks for
    its password. After `MAX_ALIKE` emails within an hour the last one stays good, and no more come.
    """
    user = user_by_email(email)
    if user is not None and (not user.active or _has_enough_emails(user)):
        return  # nobody writes to a closed account
    if user is not None and user.confirmed_at is not None:
        tell_address(user.email, "accounts/emails/already.txt", person=user)
        by = trail.as_themselves(user)
        trail.of_user("told_of_account", user, "was told that there is an account", by=by)
        return
    if user is None:
        user = User(email=normal_email(email))
        db.session.add(user)
    user.name, user.password, user.fs_uniquifier = name, stored, new_token()
    db.session.flush()
    trail.of_user("signed_up", user, "signed up", by=trail.as_themselves(user))
    send_confirmation(user=user)


def _has_enough_emails(user: User) -> bool:
    return any(
        times_lately(user.id, verb) >= MAX_ALIKE for verb in ("told_of_account", "signed_up")
    )


def send_confirmation(*, user: User) -> None:
    """Email the link that confirms the address."""
    token: str = generate_confirmation_token(user)  # type: ignore[no-untyped-call]  # Flask-Security's
    tell_address(user.email, "accounts/emails/confirm.txt", person=user, token=token)
    db.session.flush()


def user_of_confirmation(token: str) -> User | None:
    """Return whose address the link confirms, None when it was used, is too old or is no link."""
    expired, invalid, user = confirm_email_token_status(token)  # type: ignore[no-untyped-call]  # its own
    found: User | None = user
    if expired or invalid or found is None or found.confirmed_at is not None:
        return None
    return found if found.active else None


def confirm(*, user: User) -> bool:
    """Note that the address is the person's own; returns whether it was not known before."""
    if not use_once(User, User.id == user.id, User.confirmed_at.is_(None), confirmed_at=now()):
        return False
    by = trail.as_themselves(user)
    trail.of_user("confirmed", user, "confirmed the email address", by=by)
    db.session.flush()
    return True


def create_user(
    *, email: str, name: str, password: str | None = None, is_demo: bool = False, by: Actor = SYSTEM
) -> User:
    """Make a confirmed account (commands, the demo, invitations); raises Invalid when taken."""
    if user_by_email(email) is not None:
        raise Invalid("There is already an account with this email address.", field="email")
    user = User(
        email=normal_email(email),
        name=name,
        password=kept(password) if password else None,
        fs_uniquifier=new_token(),
        confirmed_at=now(),
        is_demo=is_demo,
    )
    db.session.add(user)
    db.session.flush()
    trail.of_user("created", user, f"opened an account for {name}", by=by)
    return user


def change_name(*, user: User, name: str, by: Actor) -> None:
    """Set how the person is called."""
    before, user.name = user.name, name
    trail.of_user("renamed", user, "changed the name", by=by, changes={"name": [before, name]})
    db.session.flush()


def reactivate(*, user: User, by: Actor) -> None:
    """Open a closed account again."""
    if not can_administer(by):
        raise Forbidden("Only an administrator can open an account again.")
    if user.erased_at is not None:
        raise Invalid("This person was erased: nobody can sign in as them again.")
    user.active, user.closed_at = True, None
    trail.of_user(
        "reactivated", user, "opened the account again", by=by, changes={"active": [False, True]}
    )
    db.session.flush()
