"""Two HINs and one innovation: one proposes that the other takes it over, or works with it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.clock import now
from portal.db import Base, Id, LabelledEnum, Versioned
from portal.innovations.models import Innovation
from portal.reference.models import HasDueDate, Hin


class ProposalKind(LabelledEnum):
    """What one HIN proposes to another."""

    HANDOVER = "handover", "Handover"
    """The other takes the innovation over; the proposer's engagement closes."""
    JOINT = "joint", "Joint work"
    """Both work with it."""


class ProposalState(LabelledEnum):
    """How a proposal stands."""

    OPEN = "open", "Open"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Proposal(Versioned, HasDueDate, Base):
    """A HIN's proposal to another about one innovation, with its words and the answer's; its due
    date is that by which the other HIN replies."""

    __tablename__ = "proposal"
    __table_args__ = (
        Index(
            "uq_proposal_open",
            "innovation_id",
            "from_hin_id",
            "to_hin_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index(None, "to_hin_id", "state"),
        CheckConstraint("from_hin_id <> to_hin_id", name="two_hins"),
    )

    id: Mapped[Id]
    innovation_id: Mapped[int] = mapped_column(
        ForeignKey("innovation.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[ProposalKind]
    from_hin_id: Mapped[int] = mapped_column(ForeignKey("hin.id"))
    to_hin_id: Mapped[int] = mapped_column(ForeignKey("hin.id"))
    words: Mapped[str]
    """Why, and how the work would be shared: staff of the HINs and the nation read it."""
    state: Mapped[ProposalState] = mapped_column(default=ProposalState.OPEN)
    proposed_at: Mapped[datetime] = mapped_column(default=now)
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    answer: Mapped[str] = mapped_column(default="")

    innovation: Mapped[Innovation] = relationship()
    from_hin: Mapped[Hin] = relationship(foreign_keys=[from_hin_id])
    to_hin: Mapped[Hin] = relationship(foreign_keys=[to_hin_id])
    proposed_by: Mapped[User | None] = relationship(foreign_keys=[proposed_by_id])
    answered_by: Mapped[User | None] = relationship(foreign_keys=[answered_by_id])
