"""What one administrator asks and another agrees to."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation, Role, User
from portal.clock import now
from portal.db import Base, Id, LabelledEnum


class ApprovalKind(LabelledEnum):
    """What needs a second administrator."""

    INVITE = "invite", "Invite an administrator"
    MEMBERSHIP = "membership", "Add a membership"
    FACTOR = "factor", "Turn off two-factor sign-in"


class Decision(enum.StrEnum):
    """What came of it."""

    AGREED = "agreed"
    REFUSED = "refused"
    EXPIRED = "expired"


class Approval(Base):
    """A change that waits for a second administrator; it is decided once, and expires."""

    __tablename__ = "approval"
    __table_args__ = (
        Index(
            "uq_approval_open",
            "subject",
            unique=True,
            sqlite_where=text("decision IS NULL"),
            postgresql_where=text("decision IS NULL"),
        ),
    )

    id: Mapped[Id]
    kind: Mapped[ApprovalKind]
    subject: Mapped[str]
    """What is asked, as a key: the same is not asked twice at a time."""
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    """Whom it is about; None for somebody who has no account yet."""
    email: Mapped[str] = mapped_column(default="")
    """Whom to invite."""
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[Role | None]
    is_lead: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(default="")
    """Why, in the words of who asks."""
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    asked_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    decision: Mapped[Decision | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    @property
    def is_open(self) -> bool:
        """Whether it can still be decided."""
        return self.decision is None and self.expires_at > now()

    user: Mapped[User | None] = relationship(foreign_keys=[user_id])
    asked_by: Mapped[User] = relationship(foreign_keys=[asked_by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])
    organisation: Mapped[Organisation | None] = relationship()
