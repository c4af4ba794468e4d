"""What people report as against the code of conduct, and appeals against removals."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import now
from portal.community.models import Idea, IdeaMessage
from portal.db import Base, Id, LabelledEnum
from portal.reference.models import HasDueDate


class ReportReason(LabelledEnum):
    """Why something is against the code of conduct."""

    PERSON = "person", "It tells of a patient, or of a person who can be recognised"
    UNKIND = "unkind", "It insults or threatens somebody"
    SELLING = "selling", "It sells something"
    FALSE = "false", "It is dangerous or misleading"
    OTHER = "other", "Another reason"


class IdeaReport(Base):
    """Somebody reported an idea or one of its comments."""

    __tablename__ = "idea_report"

    id: Mapped[Id]
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), index=True)
    message_id: Mapped[int | None] = mapped_column(
        ForeignKey("idea_message.id", ondelete="CASCADE"), index=True
    )
    """The comment that it is about; None for the idea itself."""
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reason: Mapped[ReportReason]
    words: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=now)
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    is_upheld: Mapped[bool | None]

    idea: Mapped[Idea] = relationship()
    message: Mapped[IdeaMessage | None] = relationship()


class IdeaAppeal(HasDueDate, Base):
    """An author asks that the removal of an idea be looked at by somebody else, once."""

    __tablename__ = "idea_appeal"
    __table_args__ = (UniqueConstraint("idea_id"),)

    id: Mapped[Id]
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"))
    words: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    is_upheld: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(default="")

    idea: Mapped[Idea] = relationship()
