"""A strategic partnership: what a HIN and an innovator agreed on at level 4."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.clock import now
from portal.db import Base, Id, Versioned
from portal.support.models.cases import Engagement


class Partnership(Versioned, Base):
    """The agreement behind an engagement at level 4."""

    __tablename__ = "partnership"

    id: Mapped[Id]
    engagement_id: Mapped[int] = mapped_column(
        ForeignKey("engagement.id", ondelete="CASCADE"), unique=True
    )
    aims: Mapped[str]
    partners: Mapped[str] = mapped_column(default="")
    """Who takes part besides the HIN and the innovator, one on each line."""
    agreed_on: Mapped[date]
    ends_on: Mapped[date | None]
    review_on: Mapped[date | None] = mapped_column(index=True)
    """The day of the next review."""
    created_at: Mapped[datetime] = mapped_column(default=now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    engagement: Mapped[Engagement] = relationship()
    reviews: Mapped[list["PartnershipReview"]] = relationship(
        order_by="PartnershipReview.on.desc()", back_populates="partnership"
    )


class PartnershipReview(Base):
    """The partners looked at what came of it, on a day."""

    __tablename__ = "partnership_review"

    id: Mapped[Id]
    partnership_id: Mapped[int] = mapped_column(
        ForeignKey("partnership.id", ondelete="CASCADE"), index=True
    )
    on: Mapped[date]
    outcomes: Mapped[str]
    is_shared: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether the innovator's side reads the outcomes, beside the HIN's staff and the nation."""
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    partnership: Mapped[Partnership] = relationship(back_populates="reviews")
    by: Mapped[User | None] = relationship()
