"""Views of the pipeline that people keep under a name, and who is sent their figures."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Membership, Organisation, User
from portal.db import Base, Id, Versioned, now


class Shared(enum.StrEnum):
    """Who finds a saved view in their list."""

    ME = "me"
    ORGANISATION = "organisation"
    NATION = "nation"

    @property
    def label(self) -> str:
        """Return how people call it."""
        return SHARED_LABELS[self]


SHARED_LABELS = {
    Shared.ME: "Only me",
    Shared.ORGANISATION: "Everybody in my organisation",
    Shared.NATION: "Everybody who is signed in",
}


class Page(enum.StrEnum):
    """Which view of the pipeline it is; the value is the end of its endpoint."""

    CROSSTAB = "crosstab"
    STAGES = "pipeline"
    FLOW = "flow"
    NETWORK = "network"

    @property
    def label(self) -> str:
        """Return what the view is called."""
        return PAGE_LABELS[self]


PAGE_LABELS = {
    Page.CROSSTAB: "Cross-tab",
    Page.STAGES: "Pipeline by stage",
    Page.FLOW: "Flow through the pipeline",
    Page.NETWORK: "Who works with whom",
}


class SavedView(Versioned, Base):
    """A view of the pipeline under a name. It keeps the question: readers get figures of theirs."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    """Whom its owner acted for: with whom it is shared, if with their organisation."""
    name: Mapped[str]
    page: Mapped[Page] = mapped_column(default=Page.CROSSTAB, server_default=Page.CROSSTAB.value)
    asked: Mapped[str]
    """The canonical query string of the view."""
    shared: Mapped[Shared] = mapped_column(default=Shared.ME, index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)

    user: Mapped[User] = relationship()
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
