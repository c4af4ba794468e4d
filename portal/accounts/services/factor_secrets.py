"""The secrets of authenticator apps: encrypted with the portal's, the newest or an older one."""

from collections.abc import Iterable
from typing import Any, cast

from flask_security.proxies import _security
from flask_security.totp import Totp
from passlib.exc import UsedTokenError  # type: ignore[import-untyped]  # it has no types
from passlib.totp import TOTP, AppWallet  # type: ignore[import-untyped]  # it has no types
from sqlalchemy import or_

from portal.accounts.models import User
from portal.accounts.rules.factor_keys import FIRST_TAG, tag_in
from portal.db import use_once


class CountingTotp(Totp):
    """Time-based codes of which each is good once (RFC 6238, section 5.2).

    Takes the portal's secrets by their tags: the first encrypts, every one decrypts.
    """

    def __init__(self, secrets: dict[str, str], issuer: str) -> None:
        super().__init__(secrets, issuer)
        # The library would encrypt with whichever tag is sorted last.
        wallet = AppWallet(secrets=secrets, default_tag=next(iter(secrets)))
        self._totp = TOTP.using(issuer=issuer, wallet=wallet)
        self.has_older = len(set(secrets.values())) > 1

    def can_read(self, stored: str) -> bool:
        """Whether the portal has the secret with which this one is encrypted."""
        try:
            self._totp.wallet.get_secret(tag_in(stored))
        except KeyError:
            return False
        return True

    def renewed(self, stored: str) -> str | None:
        """Return the secret encrypted with the newest of the portal's; None where it is."""
        read = self._totp.from_source(stored)
        return str(read.to_json(encrypt=True)) if read.changed else None

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


def totp() -> CountingTotp:
    """Return what the application makes and checks codes with."""
    return cast(CountingTotp, _security.totp_factory)


def secret_to_set_up(*, stored: str) -> str:
    """Return the secret that a browser is setting up; a new one where there is none, or where it
    cannot be read any more."""
    return stored if totp().can_read(stored) else str(totp().generate_totp_secret())


def renew(*, user_id: int, stored: str) -> bool:
    """Encrypt somebody's secret with the newest TWO_FACTOR_SECRET; returns whether it was with an
    older one. What they changed meanwhile stays."""
    made = totp().renewed(stored)
    same = User.tf_totp_secret == stored
    return made is not None and use_once(User, User.id == user_id, same, tf_totp_secret=made)


def renew_sure(*, stored: Iterable[tuple[int, str]]) -> int:
    """Encrypt secrets, each with the number of its person, with the newest TWO_FACTOR_SECRET;
    returns how many were not.

    Left alone are those of a secret that is not set, and those with the tag of before while several
    are: nothing tells a wrong one, and what it opens to would be stored for good. A right code
    tells: `two_factor.is_code_right` renews them.
    """
    sure = [
        (number, secret)
        for number, secret in stored
        if totp().can_read(secret) and not is_unsure(secret)
    ]
    return sum(renew(user_id=number, stored=secret) for number, secret in sure)


def is_unsure(stored: str) -> bool:
    """Whether nothing says which of several secrets encrypts this one of an app."""
    return totp().has_older and tag_in(stored) == FIRST_TAG
