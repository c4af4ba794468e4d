"""The web addresses that published items name, and what was said when they were last called."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import now
from portal.db import Base, Id
from portal.exchange.models.content import ContentItem


class ContentLink(Base):
    """One web address of one published item."""

    __tablename__ = "content_link"
    __table_args__ = (UniqueConstraint("item_id", "url"),)

    id: Mapped[Id]
    item_id: Mapped[int] = mapped_column(ForeignKey("content_item.id", ondelete="CASCADE"))
    url: Mapped[str]
    checked_at: Mapped[datetime | None]
    said: Mapped[str] = mapped_column(default="")
    """What came back when it was called last: a code, or why there was none."""
    failures: Mapped[int] = mapped_column(default=0)
    """How often in a row it led nowhere."""
    next_at: Mapped[datetime] = mapped_column(default=now, index=True)
    told_at: Mapped[datetime | None]
    """When the item's owner was told that it is broken; None once it leads somewhere again."""

    item: Mapped[ContentItem] = relationship()
