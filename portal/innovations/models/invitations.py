"""Who is asked, by email address, to work on a record or to own it."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.clock import now
from portal.db import Base, Id
from portal.innovations.models.record import Innovation


class CollaboratorInvitation(Base):
    """The owner asks somebody, by email address, to work on the record; they accept or decline.

    It is kept by address, whether or not the address has an account: nobody learns which.
    """

    __tablename__ = "collaborator_invitation"

    id: Mapped[Id]
    innovation_id: Mapped[int] = mapped_column(
        ForeignKey("innovation.id", ondelete="CASCADE"), index=True
    )
    email: Mapped[str] = mapped_column(index=True)
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    invited_at: Mapped[datetime] = mapped_column(default=now)
    answered_at: Mapped[datetime | None]
    is_accepted: Mapped[bool | None]
    withdrawn_at: Mapped[datetime | None]

    innovation: Mapped[Innovation] = relationship()
    invited_by: Mapped[User | None] = relationship()


class Transfer(Base):
    """The owner offers the record to somebody else, by email address, who must accept."""

    __tablename__ = "transfer"

    id: Mapped[Id]
    innovation_id: Mapped[int] = mapped_column(
        ForeignKey("innovation.id", ondelete="CASCADE"), index=True
    )
    from_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    email: Mapped[str] = mapped_column(index=True)
    offered_at: Mapped[datetime] = mapped_column(default=now)
    answered_at: Mapped[datetime | None]
    is_accepted: Mapped[bool | None]
    to_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    """Who answered."""
    withdrawn_at: Mapped[datetime | None]

    innovation: Mapped[Innovation] = relationship()
    offered_by: Mapped[User] = relationship(foreign_keys=[from_id])
