"""Which records are the same thing: what people said of pairs, and keys that find likely ones."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.clock import now
from portal.db import Base, Id


class DuplicateDecision(Base):
    """Somebody looked at two similar records and said whether they are the same thing."""

    __tablename__ = "duplicate_decision"
    __table_args__ = (UniqueConstraint("innovation_id", "other_id"),)

    id: Mapped[Id]
    innovation_id: Mapped[int] = mapped_column(ForeignKey("innovation.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("innovation.id", ondelete="CASCADE"))
    is_same: Mapped[bool]
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    by: Mapped[User | None] = relationship()


class InnovationKey(Base):
    """A short key of a record's name, website, organisation or text (`rules.duplicates.keys_of`).

    Records that are likely the same thing share keys, so that one indexed look-up finds the few
    worth comparing among a hundred thousand. The room's listener keeps the rows.
    """

    __tablename__ = "innovation_key"

    innovation_id: Mapped[int] = mapped_column(
        ForeignKey("innovation.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(primary_key=True, index=True)
