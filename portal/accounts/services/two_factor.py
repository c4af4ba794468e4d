"""Codes from an authenticator app, and recovery codes for when the telephone is lost."""

from sqlalchemy import delete

from portal.accounts.models import Actor, RecoveryCode, User
from portal.accounts.policy import can_administer
from portal.accounts.rules import RECOVERY_CODES, hashed_recovery_code, new_recovery_code
from portal.accounts.services import trail
from portal.accounts.services.factor_secrets import renew, totp
from portal.accounts.services.sessions import end_other_sessions
from portal.clock import now
from portal.db import db, use_once
from portal.errors import Forbidden
from portal.notifications.outbox import tell_address

MAX_CLOCK_SKEW = 30
"""Seconds that the person's clock may be off."""


def is_code_right(*, user: User, code: str, secret: str | None = None) -> bool:
    """Whether the code is the app's of this moment and was not used before; flushes.

    `secret` is the one being set up, by default the person's own: with a right code that one is
    encrypted anew, if it was with an older TWO_FACTOR_SECRET.
    """
    digits, shared = "".join(code.split()), secret or user.tf_totp_secret
    if shared is None or not digits.isascii() or not digits.isdigit():
        return False
    right = totp().can_read(shared) and totp().verify_totp(
        token=digits, totp_secret=shared, user=user, window=MAX_CLOCK_SKEW
    )
    if right and secret is None:
        renew(user_id=user.id, stored=shared)
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
    """Ask for a code at every sign-in from now on; returns the recovery codes, shown only once:
    none for somebody who has them already, beside a passkey."""
    user.tf_primary_method, user.tf_totp_secret = "authenticator", secret
    trail.of_user(
        "two_factor_on", user, "turned on two-factor sign-in", by=trail.as_themselves(user)
    )
    tell_address(user.email, "accounts/emails/two_factor_on.txt", person=user)
    return [] if user.passkeys else new_recovery_codes(user=user)


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


def turn_off_two_factor(*, user: User) -> None:
    """Ask for no code any more, by the person's wish: their passkeys stay."""
    user.tf_primary_method = user.tf_totp_secret = user.tf_last_counter = None
    trail.of_user(
        "two_factor_off", user, "turned off the authenticator app", by=trail.as_themselves(user)
    )
    _tell_off(user)
    forget_without_factor(user)
    db.session.flush()


def forget_without_factor(user: User) -> None:
    """Let recovery codes die with the last factor, and begin no new days of grace."""
    if not user.has_factor:
        _forget_recovery_codes(user)
        user.factor_asked_at = user.factor_asked_at or user.created_at


def lift_factors(*, user: User, by: Actor) -> None:
    """Ask for the password alone, of somebody who lost every factor: for administrators, of whom
    two agreed, and for the command line. Every browser of the person is signed out.

    Raises Forbidden for anybody else.
    """
    if by.is_signed_in and not can_administer(by):
        raise Forbidden("Only an administrator can turn off somebody's two-factor sign-in.")
    user.tf_primary_method = user.tf_totp_secret = user.tf_last_counter = None
    user.passkeys.clear()
    end_other_sessions(user=user)
    db.session.flush()
    forget_without_factor(user)
    trail.of_user("two_factor_off", user, "turned off two-factor sign-in", by=by)
    if user.active:
        _tell_off(user)
    db.session.flush()


def _tell_off(user: User) -> None:
    tell_address(user.email, "accounts/emails/two_factor_off.txt", person=user)


def begin_grace(*, user: User) -> None:
    """Note the first sign-in at which a second factor is asked for: the days count from it."""
    user.factor_asked_at = user.factor_asked_at or now()
    db.session.flush()


def _forget_recovery_codes(user: User) -> None:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
