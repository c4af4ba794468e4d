"""Which part of the Exchange somebody follows."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.clock import now
from portal.db import Base, Id


class ContentFollowing(Base):
    """One list of the Exchange of which a person is told what is new."""

    __tablename__ = "content_following"
    __table_args__ = (UniqueConstraint("user_id", "asked"),)

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    asked: Mapped[str]
    """The canonical query string of the list; "" for everything."""
    at: Mapped[datetime] = mapped_column(default=now)
    """What was published before is no news."""
