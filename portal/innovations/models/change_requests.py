"""What HINs asked to be changed in a record: who, when, in which words, and how it was answered."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.audit.models import AuditEvent
from portal.clock import now
from portal.db import Base, Id
from portal.innovations.models.record import Section
from portal.reference.models import Hin


class ChangeRequest(Base):
    """One HIN asked for a change in one section; open until the section is submitted again."""

    __tablename__ = "change_request"
    __table_args__ = (Index(None, "innovation_id", "at"),)

    id: Mapped[Id]
    innovation_id: Mapped[int] = mapped_column(ForeignKey("innovation.id", ondelete="CASCADE"))
    hin_id: Mapped[int] = mapped_column(ForeignKey("hin.id"))
    section: Mapped[Section]
    words: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    answered_at: Mapped[datetime | None]
    """When the section was submitted again; None while the request is open."""
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("audit_event.id"))
    """The event of that submission: it tells what changed and who submitted it."""

    hin: Mapped[Hin] = relationship()
    by: Mapped[User | None] = relationship()
    answer: Mapped[AuditEvent | None] = relationship()
