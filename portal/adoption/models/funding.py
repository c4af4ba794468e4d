"""Whether a site's money for an innovation is agreed: a fact of its own beside the stage."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import now
from portal.db import Base, Id
from portal.reference.models import Term


class Funding(Base):
    """Where a site's money stood from a day on. Rows are added; a correction names its row."""

    __tablename__ = "adoption_funding"
    __table_args__ = (Index("ix_adoption_funding_of_site", "innovation_id", "site_id", "on", "id"),)

    id: Mapped[Id]
    innovation_id: Mapped[int] = mapped_column(ForeignKey("innovation.id", ondelete="CASCADE"))
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), index=True)
    status_id: Mapped[int] = mapped_column(ForeignKey("term.id"))
    on: Mapped[date]
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    note: Mapped[str] = mapped_column(default="", server_default=sql("''"))
    corrects_id: Mapped[int | None] = mapped_column(
        ForeignKey("adoption_funding.id", ondelete="CASCADE"), unique=True
    )

    status: Mapped[Term] = relationship()
