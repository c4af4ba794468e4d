"""Checking a password without keeping others from saving."""

from sqlalchemy.exc import OperationalError

from portal.accounts.models import User
from portal.accounts.services.passwords import authenticate
from portal.db import db, reading


def authenticate_unlocked(*, email: str, password: str, production: bool) -> User | None:
    """As `authenticate`, in a transaction that only reads while the password is hashed.

    On SQLite one that may write would hold the lock so long, and strangers who guess would keep
    everybody from saving. Where a hash made the old way is renewed and another process wrote
    meanwhile, the check is made once more, with the lock.
    """
    db.session.commit()
    try:
        with reading():
            user = authenticate(email=email, password=password, production=production)
            db.session.commit()
    except OperationalError:
        db.session.rollback()
        user = authenticate(email=email, password=password, production=production)
        db.session.commit()
    return user
