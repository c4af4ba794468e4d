"""What a HIN's desk works with: how much each person can lead, and messages to many at once."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.clock import now
from portal.db import Base, Id, Versioned
from portal.reference.models import Hin


class Capacity(Base):
    """How many open cases are a full load for a person of a HIN, from a day on.

    Rows are never edited: of two from the same day the later one holds.
    """

    __tablename__ = "capacity"
    __table_args__ = (CheckConstraint("cases >= 0", name="cases"),)

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    hin_id: Mapped[int] = mapped_column(ForeignKey("hin.id"), index=True)
    cases: Mapped[int]
    """Open cases that are a full load."""
    valid_from: Mapped[date]
    set_at: Mapped[datetime] = mapped_column(default=now)
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    user: Mapped[User] = relationship(foreign_keys=[user_id])


class MessageTemplate(Versioned, Base):
    """Words of a HIN's own that are sent to many innovators, with placeholders."""

    __tablename__ = "message_template"
    __table_args__ = (UniqueConstraint("hin_id", "name"),)

    id: Mapped[Id]
    hin_id: Mapped[int] = mapped_column(ForeignKey("hin.id"))
    name: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    changed_at: Mapped[datetime] = mapped_column(default=now)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    hin: Mapped[Hin] = relationship()
