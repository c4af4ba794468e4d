"""What people keep under a name: the shared columns, views of the pipeline, and their emails."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from portal.accounts.models import Membership, Organisation, User
from portal.clock import now
from portal.db import Base, Id, LabelledEnum, Versioned


class Shared(LabelledEnum):
    """Who finds a saved view in their list."""

    ME = "me", "Only me"
    ORGANISATION = "organisation", "Everybody in my organisation"
    NATION = "nation", "Everybody who is signed in"


class Page(LabelledEnum):
    """Which view of the pipeline it is; the value is the end of its endpoint."""

    CROSSTAB = "crosstab", "Cross-tab"
    STAGES = "pipeline", "Pipeline by stage"
    FLOW = "flow", "Flow through the pipeline"
    NETWORK = "network", "Who works with whom"


class Saved(Base):
    """A question that a person keeps under a name: an address of ours, never its answer.

    A room's own kind is a table of its own with these columns; what it asks in words, and what its
    email says, is the room's to tell.
    """

    __abstract__ = True

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    name: Mapped[str]
    asked: Mapped[str]
    """The canonical query string."""
    created_at: Mapped[datetime] = mapped_column(default=now)

    @declared_attr
    def user(cls) -> Mapped[User]:  # noqa: N805  # SQLAlchemy gives the class
        """Whoever keeps it."""
        return relationship()


class SavedView(Saved, Versioned, Base):
    """A view of the pipeline under a name. It keeps the question: readers get figures of theirs."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    """Whom its owner acted for: with whom it is shared, if with their organisation."""
    page: Mapped[Page] = mapped_column(default=Page.CROSSTAB, server_default=Page.CROSSTAB.value)
    shared: Mapped[Shared] = mapped_column(default=Shared.ME, index=True)
    changed_at: Mapped[datetime] = mapped_column(default=now)

    organisation: Mapped[Organisation | None] = relationship()


class ViewEmail(Base):
    """Somebody is sent the figures of a saved view every week, as they may know them."""

    __tablename__ = "view_email"

    saved_view_id: Mapped[int] = mapped_column(
        ForeignKey("saved_view.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    membership_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
    """Whom they acted for when they asked: their figures are what that membership may know."""
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What the last email said, by the name of the line; empty before the first."""
    told_at: Mapped[datetime | None]

    view: Mapped[SavedView] = relationship()
    user: Mapped[User] = relationship()
    membership: Mapped[Membership | None] = relationship()
