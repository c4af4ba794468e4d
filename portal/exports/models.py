"""Exports that were made, and the files of the open data."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation, User
from portal.clock import now
from portal.db import Base, Id


class ExportFile(Base):
    """A zip with everything, or with what one network may see, until it is deleted."""

    __tablename__ = "export_file"

    id: Mapped[Id]
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    """Who asked for it."""
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    """Whose own it is; None for the whole portal."""
    stored: Mapped[str] = mapped_column(unique=True)
    size: Mapped[int] = mapped_column(BigInteger)
    """In bytes."""
    rows: Mapped[int]
    """How many rows its tables have."""
    files: Mapped[int]
    """How many files are in it."""

    by: Mapped[User | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()


class OpenDataFile(Base):
    """One file of the open data, as it was made last."""

    __tablename__ = "open_data_file"

    name: Mapped[str] = mapped_column(primary_key=True)
    """The end of its address: "innovations.csv"."""
    at: Mapped[datetime] = mapped_column(default=now)
    media_type: Mapped[str]
    stored: Mapped[str] = mapped_column(unique=True)
    size: Mapped[int]
    digest: Mapped[str]
    """The SHA-256 of its content: what has not changed is not sent twice."""
