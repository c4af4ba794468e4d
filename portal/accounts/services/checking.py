"""Hashing passwords without keeping others from saving.

On SQLite a transaction that may write holds the lock: strangers who guess, and everybody who
chooses a password, would keep all others from saving for as long as the hash takes.
"""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import OperationalError

from portal.accounts.models import User
from portal.accounts.services.passwords import authenticate, is_password_of, kept
from portal.db import db, reading

Found = TypeVar("Found")


def _unlocked(check: Callable[[], Found]) -> Found:
    """Make a check of a password in a transaction that only reads; commits before and after.

    Where a hash made the old way is renewed and another process wrote meanwhile, the check is made
    once more, with the lock.
    """
    db.session.commit()
    try:
        with reading():
            found = check()
            db.session.commit()
    except OperationalError:
        db.session.rollback()
        found = check()
        db.session.commit()
    return found


def authenticate_unlocked(*, email: str, password: str, production: bool) -> User | None:
    """As `authenticate`, in a transaction that only reads while the password is hashed."""
    return _unlocked(lambda: authenticate(email=email, password=password, production=production))


def is_password_unlocked(user: User, password: str) -> bool:
    """As `is_password_of`, in a transaction that only reads while the password is hashed."""
    return _unlocked(lambda: is_password_of(user, password))


def hashed(password: str) -> str:
    """Return what is stored of a password; the transaction so far is committed first."""
    db.session.commit()
    return kept(password)
