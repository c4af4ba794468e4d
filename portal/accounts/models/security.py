"""What happened to the ways in: kept apart from the audit of records."""

from datetime import datetime

from sqlalchemy import ForeignKey, and_, func
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship, remote

from portal.accounts.models import User
from portal.audit.models import guards
from portal.clock import now
from portal.db import Base, Id, LabelledEnum


class SecurityKind(LabelledEnum):
    """What sort of event it is; `docs/operating.md` says on which to raise an alert."""

    SIGNED_IN = "signed_in", "Signed in"
    SIGN_IN_FAILED = "sign_in_failed", "Sign-in refused"
    SIGNED_OUT = "signed_out", "Signed out"
    SLOWED_DOWN = "slowed_down", "Too many tries"
    PASSWORD = "password", "Password or address"
    FACTOR = "factor", "Second factor"
    CONFIRM_FAILED = "confirm_failed", "Confirmation refused"
    REFUSED = "refused", "Page refused"
    DOWNLOADED = "downloaded", "Download"
    FILE_REFUSED = "file_refused", "File refused"
    GRANTED = "granted", "Rights changed"


MIN_DAYS_KEPT = 180
"""No event is deleted sooner, whatever administrators set."""


class SecurityEvent(Base):
    """One event, with where it came from. Rows are added, and deleted by age alone: the database
    refuses all else (the migration has the same statements)."""

    __tablename__ = "security_event"

    id: Mapped[Id]
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    kind: Mapped[SecurityKind] = mapped_column(index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    """Who did it, or whose account it was tried on; None where nobody is known by it."""
    detail: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    """The network address of the browser, "" for a command or a job."""
    device: Mapped[str] = mapped_column(default="")
    """What the browser says it is."""
    words_erased_at: Mapped[datetime | None]
    """When somebody who is erased was taken out of `detail`, which alone may change."""

    user: Mapped[User | None] = relationship(foreign_keys=user_id)
    tried: Mapped[User | None] = relationship(
        primaryjoin=lambda: and_(
            SecurityEvent.kind == SecurityKind.SIGN_IN_FAILED,
            func.lower(foreign(SecurityEvent.detail)) == "as " + func.lower(remote(User.email)),
        ),
        viewonly=True,
    )
    """Whose account a sign-in that was refused was tried on. It is looked up when administrators
    read the list: the page of a stranger looks up nothing, and takes as long for every address."""


_SAME = " AND ".join(
    f"coalesce(CAST(NEW.{name} AS text), '') = coalesce(CAST(OLD.{name} AS text), '')"
    for name in ("id", "at", "kind", "user_id", "address", "device")
)
guards.make_with(
    SecurityEvent.__table__,
    guards.refuse_but_age(
        "security_event", MIN_DAYS_KEPT, f"NEW.words_erased_at IS NOT NULL AND {_SAME}"
    ),
)
