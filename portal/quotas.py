"""How much room the files of one person, and of one organisation, may take."""

from datetime import datetime
from typing import Protocol

from flask import current_app
from sqlalchemy import ForeignKey, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.clock import now
from portal.db import Base, db
from portal.errors import Invalid

MEGABYTE = 1024 * 1024


class Sender(Protocol):
    """Who sends a file, and for whom they act."""

    @property
    def user_id(self) -> int | None:
        """The person."""

    @property
    def organisation_id(self) -> int | None:
        """Their organisation, if they act for one."""


class FileUse(Base):
    """Whose file takes how much room, whatever the store: what quotas are counted by."""

    __tablename__ = "file_use"

    stored: Mapped[str] = mapped_column(primary_key=True)
    room: Mapped[str]
    size: Mapped[int]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    kept_at: Mapped[datetime] = mapped_column(default=now)


def expect_room_for(size: int, by: Sender) -> None:
    """Raise Invalid when a file is more than the person, or their organisation, may still keep.

    Quotas are settings, in megabytes; 0 is none.
    """
    for name, column, who, whose in (
        ("FILES_QUOTA_PERSON", FileUse.user_id, by.user_id, "You have"),
        (
            "FILES_QUOTA_ORGANISATION",
            FileUse.organisation_id,
            by.organisation_id,
            "Your organisation has",
        ),
    ):
        quota = int(current_app.config.get(name) or 0) * MEGABYTE
        if not quota or who is None:
            continue
        used = db.session.scalar(select(func.sum(FileUse.size)).where(column == who)) or 0
        if used + size > quota:
            said = f"{whose} no room left for this file: all files together may have"
            raise Invalid(f"{said} {quota // MEGABYTE}MB", field="file")


def count(stored: str, size: int, *, room: str, by: Sender) -> None:
    """Note that a file takes room, in the transaction of the row that names it."""
    row = FileUse(stored=stored, room=room, size=size)
    row.user_id, row.organisation_id = by.user_id, by.organisation_id
    db.session.add(row)


def discount(stored: str) -> None:
    """Note that a file is gone."""
    db.session.execute(delete(FileUse).where(FileUse.stored == stored))
