"""What people prove themselves with beside the password."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.clock import now
from portal.db import Base, Id


class Passkey(Base):
    """A credential of WebAuthn: the public half of a key that the person's device keeps."""

    __tablename__ = "passkey"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    name: Mapped[str]
    """What the person calls it: "Work laptop"."""
    credential_id: Mapped[str] = mapped_column(unique=True)
    """As the device names it, in base64url."""
    public_key: Mapped[bytes]
    """COSE."""
    sign_count: Mapped[int] = mapped_column(default=0)
    """How often the device says it was used; it only rises, or stays 0 where devices do not count.
    A lower one is a copy's."""
    made_at: Mapped[datetime] = mapped_column(default=now)
    used_at: Mapped[datetime | None]
