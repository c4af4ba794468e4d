"""What the national team and administrators announce to people of the service."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, false
from sqlalchemy.orm import Mapped, mapped_column

from portal.clock import now
from portal.db import Base, Id, LabelledEnum, Versioned


class Place(LabelledEnum):
    """Where an announcement stands."""

    HOME = "home", "On home pages", "For people who are signed in"
    SIGN_IN = "sign_in", "On the sign-in page", "For everybody, whoever they are"
    BOTH = "both", "On both"


class Audience(LabelledEnum):
    """Whose home pages show it, and who is emailed."""

    EVERYONE = "everyone", "Everybody with an account"
    INNOVATORS = "innovators", "Innovators"
    ICS = "ics", "Integrated care systems"
    HINS = "hins", "Health Innovation Networks"
    STAFF = "staff", "Networks, the national team and administrators"


class Announcement(Versioned, Base):
    """Words for many, from a day until a day."""

    __tablename__ = "announcement"

    id: Mapped[Id]
    title: Mapped[str]
    words: Mapped[str]
    link: Mapped[str] = mapped_column(default="")
    place: Mapped[Place]
    audience: Mapped[Audience]
    from_on: Mapped[date]
    until_on: Mapped[date]
    """The last day on which it is shown."""
    is_mailed: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Its audience is told by a message, too, once its first day has come."""
    told_at: Mapped[datetime | None]
    """When they were."""
    made_at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    """Who wrote it last."""
    withdrawn_at: Mapped[datetime | None]
