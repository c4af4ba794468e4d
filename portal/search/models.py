"""What waits to be indexed: rows written in the transaction of the change that causes them."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Id, now


class IndexChange(Base):
    """A record changed: the index is behind until this row is gone."""

    __tablename__ = "index_change"

    id: Mapped[Id]
    innovation_id: Mapped[int] = mapped_column(
        ForeignKey("innovation.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime] = mapped_column(default=now)
