"""Who follows a record, and of which days they remind themselves."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Membership, User
from portal.clock import now
from portal.db import Base, Id, LabelledEnum
from portal.innovations.models.record import Innovation


class Followed(LabelledEnum):
    """Of what of a record somebody is told."""

    STATUS = "status", "Its status", "Stage of development, proven or not, archived or brought back"
    SECTIONS = "sections", "What it says", "Answers of its sections that you may read"
    FILES = "files", "Its files", "Files of its evidence"


class RecordFollowing(Base):
    """One person follows one record, as the membership that they acted under."""

    __tablename__ = "record_following"
    __table_args__ = (UniqueConstraint("user_id", "innovation_id"),)

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    innovation_id: Mapped[int] = mapped_column(
        ForeignKey("innovation.id", ondelete="CASCADE"), index=True
    )
    membership_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
    """What they are told is what that membership may read when it is told."""
    is_status: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_sections: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_files: Mapped[bool] = mapped_column(default=False, server_default=false())
    seen: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What they could read of it when they were told last, as `rules.following` compares it: marks
    of sections, never their words."""
    at: Mapped[datetime] = mapped_column(default=now)

    user: Mapped[User] = relationship()
    membership: Mapped[Membership | None] = relationship()
    innovation: Mapped[Innovation] = relationship()

    @property
    def wanted(self) -> frozenset[Followed]:
        """Of what the person is told."""
        said = zip(Followed, (self.is_status, self.is_sections, self.is_files), strict=True)
        return frozenset(one for one, is_wanted in said if is_wanted)


class RecordReminder(Base):
    """A day of a record on which one person reminds themselves, in words that nobody else reads."""

    __tablename__ = "record_reminder"
    __table_args__ = (Index(None, "user_id", "innovation_id"), Index(None, "told_at", "on"))

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    innovation_id: Mapped[int] = mapped_column(
        ForeignKey("innovation.id", ondelete="CASCADE"), index=True
    )
    membership_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
    on: Mapped[date]
    words: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
    told_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()
    membership: Mapped[Membership | None] = relationship()
    innovation: Mapped[Innovation] = relationship()
