"""Counts of attempts in the portal's own database, so that all web workers share them.

The thinnest storage that Flask-Limiter's fixed windows need; `LIMITS_URL=database://` chooses it.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from limits.storage import Storage
from sqlalchemy import Integer, case, delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from portal.clock import now
from portal.db import Base, db, insert_into, reading, writing


class AttemptCount(Base):
    """How often something was tried in one window of time."""

    __tablename__ = "attempt_count"

    key: Mapped[str] = mapped_column(primary_key=True)
    """SHA-256 of what is counted: neither network nor email addresses are kept."""
    count: Mapped[int] = mapped_column(Integer)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class DatabaseStorage(Storage):
    """Counters as rows; each is counted in a transaction of its own, before the view begins."""

    STORAGE_SCHEME = ["database"]

    @property
    def base_exceptions(self) -> type[Exception]:
        """Return what a database raises that cannot be asked."""
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count one more, or begin anew when the window has passed; returns the count."""
        moment = now()
        with writing():
            count: int = db.session.scalars(_counted(key, amount, moment, expiry)).one()
        return count

    def get(self, key: str) -> int:
        """Return the count of a window that has not passed, else 0."""
        row = _row(key)
        return row.count if row is not None and row.expires_at > now() else 0

    def get_expiry(self, key: str) -> float:
        """Return when the window ends, in seconds since 1970."""
        row = _row(key)
        return (row.expires_at if row is not None else now()).timestamp()

    def check(self) -> bool:
        """Return whether the database answers."""
        with reading(), db.sessionmaker() as session:
            session.execute(select(AttemptCount.key).limit(1))
        return True

    def reset(self) -> int | None:
        """Forget every count; returns how many."""
        return _delete(AttemptCount.key != "")

    def clear(self, key: str) -> None:
        """Forget one count."""
        _delete(AttemptCount.key == _hashed(key))


def forget_passed() -> int:
    """Delete the counts of windows that have passed; returns how many."""
    return _delete(AttemptCount.expires_at < now())


def _counted(key: str, amount: int, moment: datetime, expiry: int) -> Any:
    """Return the one statement that counts: of two workers at once neither is lost."""
    ends = moment + timedelta(seconds=expiry)
    row = insert_into(AttemptCount).values(key=_hashed(key), count=amount, expires_at=ends)
    has_passed = AttemptCount.expires_at <= moment
    return row.on_conflict_do_update(
        index_elements=[AttemptCount.key],
        set_={
            "count": case((has_passed, amount), else_=AttemptCount.count + amount),
            "expires_at": case((has_passed, ends), else_=AttemptCount.expires_at),
        },
    ).returning(AttemptCount.count)


def _row(key: str) -> AttemptCount | None:
    with reading(), db.sessionmaker() as session:
        return session.get(AttemptCount, _hashed(key))


def _delete(which: Any) -> int:
    with writing():
        done = db.session.execute(delete(AttemptCount).where(which))
    count: int = done.rowcount  # type: ignore[attr-defined]  # a DELETE's result has it
    return count


def _hashed(key: str) -> str:
    return sha256(key.encode()).hexdigest()
