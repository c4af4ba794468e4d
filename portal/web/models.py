"""What the page kit keeps of forms: which were sent, and texts that could not be saved."""

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from portal.clock import now
from portal.db import Base


class SentForm(Base):
    """A form that was sent and saved. Its key is used up; sent again, it leads to `location`."""

    __tablename__ = "sent_form"

    key_hash: Mapped[str] = mapped_column(primary_key=True)
    """SHA-256 of the person, the address and the form's one-time key."""
    sender_hash: Mapped[str] = mapped_column(index=True)
    """SHA-256 of the person, their membership, the address and the form's name."""
    content_hash: Mapped[str]
    """SHA-256 of everything that was typed and chosen."""
    location: Mapped[str | None]
    """Where the answer led; None for the moment between saving and answering."""
    at: Mapped[datetime] = mapped_column(default=now, index=True)


class KeptForm(Base):
    """What was typed into a form that could not be saved, encrypted for one browser."""

    __tablename__ = "kept_form"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    """SHA-256 of the token in the browser's cookie, from which the key of `sealed` is made."""
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    kept_until: Mapped[datetime] = mapped_column(index=True)
