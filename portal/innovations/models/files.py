"""Files that the innovator's side put to a piece of evidence."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.clock import now
from portal.db import Base, Id
from portal.files import FileRow

if TYPE_CHECKING:
    from portal.innovations.models.record import Evidence


class EvidenceFile(FileRow, Base):
    """A file of a piece of evidence; `portal.files` keeps it.

    It is named by the evidence once that is submitted, and by the section's draft before.
    """

    __tablename__ = "evidence_file"
    kept_in = "evidence"

    id: Mapped[Id]
    innovation_id: Mapped[int] = mapped_column(
        ForeignKey("innovation.id", ondelete="CASCADE"), index=True
    )
    evidence_id: Mapped[int | None] = mapped_column(
        ForeignKey("evidence.id", ondelete="CASCADE"), index=True
    )
    """The submitted piece of evidence; None while only a draft names the file."""
    added_at: Mapped[datetime] = mapped_column(default=now)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    evidence: Mapped["Evidence | None"] = relationship(back_populates="files")
    added_by: Mapped[User | None] = relationship()
