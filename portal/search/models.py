"""What waits to be indexed: rows written in the transaction of the change that causes them."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Id, now


class IndexChange(Base):
    """A record changed: the index is behind until this row is gone.

    `innovation_id` is no foreign key on purpose: the row of a deleted record must outlive it, or
    the index would keep what the database has forgotten.
    """

    __tablename__ = "index_change"

    id: Mapped[Id]
    innovation_id: Mapped[int] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(default=now)
