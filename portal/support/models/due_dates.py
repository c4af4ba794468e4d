"""Due dates: of which people were reminded, and from which an engagement was exempted."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.clock import now
from portal.db import Base, Id
from portal.support.models.cases import Engagement


class ReminderKind(enum.StrEnum):
    """Who is reminded, and when."""

    BEFORE = "before"
    """The owner, while there is time."""
    AFTER = "after"
    """The owner, once the day has passed."""
    LEAD = "lead"
    """The HIN's lead, when it still is not done."""


class DueDateReminder(Base):
    """Somebody was reminded of a due date: once for each day and kind, never twice.

    It is of an engagement's next step, or of the reply to a proposal.
    """

    __tablename__ = "due_date_reminder"
    __table_args__ = (
        UniqueConstraint("engagement_id", "due_on", "kind"),
        UniqueConstraint("proposal_id", "due_on", "kind"),
        CheckConstraint("(engagement_id IS NULL) <> (proposal_id IS NULL)", name="of_one"),
    )

    id: Mapped[Id]
    engagement_id: Mapped[int | None] = mapped_column(
        ForeignKey("engagement.id", ondelete="CASCADE")
    )
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    due_on: Mapped[date]
    kind: Mapped[ReminderKind]
    at: Mapped[datetime] = mapped_column(default=now)


class Exemption(Base):
    """A HIN's lead let an engagement off a due date, for a reason that the innovator reads."""

    __tablename__ = "exemption"

    id: Mapped[Id]
    engagement_id: Mapped[int] = mapped_column(
        ForeignKey("engagement.id", ondelete="CASCADE"), index=True
    )
    due_on: Mapped[date]
    """The due date that had been set."""
    until: Mapped[date | None]
    """The due date instead; None when there is none until the next step."""
    why: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    engagement: Mapped[Engagement] = relationship()
    by: Mapped[User | None] = relationship()
