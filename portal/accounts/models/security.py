"""What happened to the ways in: kept apart from the audit of records."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
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
    GRANTED = "granted", "Rights changed"


class SecurityEvent(Base):
    """One event, with where it came from. Rows are added, and deleted by age alone."""

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

    user: Mapped[User | None] = relationship()
