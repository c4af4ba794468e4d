"""Which records are the same thing: what people said of pairs, and keys that find likely ones."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.clock import now
from portal.db import Base, Id

if TYPE_CHECKING:
    from portal.innovations.models.record import Innovation


class DuplicateDecision(Base):
    """Somebody looked at two similar records and said whether they are the same thing."""

    __tablename__ = "duplicate_decision"
    __table_args__ = (UniqueConstraint("innovation_id", "other_id"),)

    id: Mapped[Id]
    innovation_id: Mapped[int] = mapped_column(ForeignKey("innovation.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(
        ForeignKey("innovation.id", ondelete="CASCADE"), index=True
    )
    is_same: Mapped[bool]
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    by: Mapped[User | None] = relationship()


class DuplicatePair(Base):
    """Two records on the pipeline that are likely the same thing, until somebody says or they
    are not so alike any more: the list of possible duplicates."""

    __tablename__ = "duplicate_pair"
    __table_args__ = (UniqueConstraint("one_id", "other_id"),)

    id: Mapped[Id]
    one_id: Mapped[int] = mapped_column(ForeignKey("innovation.id", ondelete="CASCADE"))
    """The older one."""
    other_id: Mapped[int] = mapped_column(
        ForeignKey("innovation.id", ondelete="CASCADE"), index=True
    )
    score: Mapped[float]
    """0 to 1 (`rules.duplicates.Likeness`)."""
    reasons: Mapped[list[Any]]
    found_at: Mapped[datetime] = mapped_column(default=now)

    one: Mapped["Innovation"] = relationship(foreign_keys=[one_id])
    other: Mapped["Innovation"] = relationship(foreign_keys=[other_id])


class DuplicateLook(Base):
    """When a record was last compared with all others: again once it has changed since."""

    __tablename__ = "duplicate_look"

    innovation_id: Mapped[int] = mapped_column(
        ForeignKey("innovation.id", ondelete="CASCADE"), primary_key=True
    )
    at: Mapped[datetime]


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
