"""Who else can help, what they take on and how one comes to them; and who was pointed to whom."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.clock import now
from portal.db import Base, Id, LabelledEnum, Versioned
from portal.reference.models import Hin
from portal.support.models.cases import Engagement


class HelperKind(LabelledEnum):
    """What kind of body an entry of the directory is about."""

    NATIONAL = "national", "National partner"
    NETWORK = "network", "Health Innovation Network"
    OTHER = "other", "Other help"


class Certainty(LabelledEnum):
    """From where it is known what an entry says."""

    GENERAL = "general", "General knowledge: check it with them"
    OWN = "own", "Their own word"
    SITE = "site", "Read on their own pages"


class DirectoryEntry(Versioned, Base):
    """One body that takes on innovations, or a part of what they need."""

    __tablename__ = "directory_entry"

    id: Mapped[Id]
    code: Mapped[str | None] = mapped_column(unique=True)
    """Its name in the files; None for what was added in the portal."""
    kind: Mapped[HelperKind]
    hin_id: Mapped[int | None] = mapped_column(ForeignKey("hin.id"), unique=True)
    """The network whose it is: it has one entry, which its leads change."""
    name: Mapped[str]
    """Of a network that it was called so when the entry was made: `title` is its name today."""
    takes_on: Mapped[str]
    not_for: Mapped[str] = mapped_column(default="")
    """What they do not take on."""
    refer: Mapped[str]
    """How one comes to them, or is referred."""
    link: Mapped[str] = mapped_column(default="")
    certainty: Mapped[Certainty]
    checked_on: Mapped[date | None]
    """When somebody last said that it is right."""
    is_edited: Mapped[bool] = mapped_column(default=False, server_default=false())
    """It was changed in the portal: loading the files again leaves it alone."""
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    retired_on: Mapped[date | None]
    """Nobody is pointed there from then on; who was pointed there stays."""

    hin: Mapped[Hin | None] = relationship()

    @property
    def title(self) -> str:
        """Return what it is called today."""
        return self.hin.name if self.hin else self.name


class Signpost(Base):
    """On a day a network pointed the innovation of an engagement to an entry of the directory."""

    __tablename__ = "signpost"
    __table_args__ = (UniqueConstraint("engagement_id", "entry_id", "on"),)

    id: Mapped[Id]
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id", ondelete="CASCADE"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("directory_entry.id"), index=True)
    on: Mapped[date] = mapped_column(index=True)
    """The day in England."""
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    engagement: Mapped[Engagement] = relationship()
    entry: Mapped[DirectoryEntry] = relationship()
    by: Mapped[User | None] = relationship()
