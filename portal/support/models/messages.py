"""Messages that a network sent to an innovation's side."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.db import Base, Id, now
from portal.support.models.cases import Engagement


class DeskMessage(Base):
    """A message that a HIN sent to an innovation's side from its desk, as it was sent."""

    __tablename__ = "desk_message"

    id: Mapped[Id]
    engagement_id: Mapped[int] = mapped_column(
        ForeignKey("engagement.id", ondelete="CASCADE"), index=True
    )
    subject: Mapped[str]
    body: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    engagement: Mapped[Engagement] = relationship()
    by: Mapped[User | None] = relationship()
