"""Codes from an authenticator app, and recovery codes for when the telephone is lost."""

from typing import Any

from flask_security.proxies import _security
from flask_security.totp import Totp
from passlib.exc import UsedTokenError  # type: ignore[import-untyped]  # it has no types
from sqlalchemy import delete, or_

from portal.accounts.models import Actor, RecoveryCode, User
from portal.accounts.policy import can_administer
from portal.accounts.rules import RECOVERY_CODES, hashed_recovery_code, new_recovery_code
from portal.accounts.services import trail
from portal.clock import now
from portal.db import db, use_once
from portal.errors import Forbidden
from portal.notifications.outbox import tell_address

MAX_CLOCK_SKEW = 30
"""Seconds that the person's clock may be off."""


class CountingTotp(Totp):
    """Time-based codes of which each is good once (RFC 6238, section 5.2)."""

    def get_last_counter(self, user: Any) -> int | None:
        """Return the time step of the code used last."""
        counter: int | None = user.tf_last_counter
        return counter

    def set_last_counter(self, user: Any, tmatch: Any) -> None:
        """Keep the time step of the code just used; of two who enter one code at once, only the
        first does, and the second is refused as everybody is who enters a used one."""
        counter: int = tmatch.counter
        unused = or_(User.tf_last_counter.is_(None), User.tf_last_counter < counter)
        if not use_once(User, User.id == user.id, unused, tf_last_counter=counter):
            raise UsedTokenError


def is_code_right(*, user: User, code: str, secret: str | None = None) -> bool:
    """Whether the code is the app's of this moment and was not used before; flushes.

    `secret` is the one being set up, by default the person's own.
    """
    digits, shared = "".join(code.split()), secret or user.tf_totp_secret
    if shared is None or not digits.isascii() or not digits.isdigit():
        return False
    right: bool = _security.totp_factory.verify_totp(
        token=digits, totp_secret=shared, user=user, window=MAX_CLOCK_SKEW
    )
    db.session.flush()
    return right


def is_recovery_code_right(*, user: User, code: str) -> bool:
    """Whether this is one of the person's unused recovery codes; it is used up by asking."""
    if not use_once(
        RecoveryCode,
        RecoveryCode.user_id == user.id,
        RecoveryCode.code_hash == hashed_recovery_code(user.id, code),
        RecoveryCode.used_at.is_(None),
        used_at=now(),
    ):
        return False
    trail.of_user(
        "recovery_code_used", user, "signed in with a recovery code", by=trail.as_themselves(user)
    )
    db.session.flush()
    return True


def set_up_two_factor(*, user: User, secret: str) -> list[str]:
    """Ask for a code at every sign-in from now on; returns the recovery codes, shown only once."""
    user.tf_primary_method, user.tf_totp_secret = "authenticator", secret
    trail.of_user(
        "two_factor_on", user, "turned on two-factor sign-in", by=trail.as_themselves(user)
    )
    tell_address(user.email, "accounts/emails/two_factor_on.txt", person=user)
    return new_recovery_codes(user=user)


def new_recovery_codes(*, user: User) -> list[str]:
    """Replace the person's recovery codes; returns the new ones, shown only once."""
    codes = [new_recovery_code() for _ in range(RECOVERY_CODES)]
    _forget_recovery_codes(user)
    db.session.add_all(
        RecoveryCode(user_id=user.id, code_hash=hashed_recovery_code(user.id, code))
        for code in codes
    )
    trail.of_user(
        "recovery_codes_made", user, "made new recovery codes", by=trail.as_themselves(user)
    )
    db.session.flush()
    return codes


def turn_off_two_factor(*, user: User, by: Actor | None = None) -> None:
    """Ask for the password alone from now on: by the person's wish, or an administrator's.

    Raises Forbidden when somebody else asks for it who is no administrator.
    """
    actor = by or trail.as_themselves(user)
    if actor.user_id != user.id and not can_administer(actor):
        raise Forbidden("Only an administrator can turn off somebody's two-factor sign-in.")
    user.tf_primary_method = user.tf_totp_secret = user.tf_last_counter = None
    _forget_recovery_codes(user)
    trail.of_user("two_factor_off", user, "turned off two-factor sign-in", by=actor)
    if user.active:
        tell_address(user.email, "accounts/emails/two_factor_off.txt", person=user)
    db.session.flush()


def _forget_recovery_codes(user: User) -> None:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
