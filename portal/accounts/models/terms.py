"""Terms of use in versions, one row of versions for each kind of people, and who accepted which."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Role
from portal.clock import now
from portal.db import Base, Id, LabelledEnum


class TermsAudience(LabelledEnum):
    """For whom terms are; the value stands in their address."""

    INNOVATORS = "innovators", "Innovators"
    ICS = "ics", "Integrated care systems"
    HINS = "hins", "Health Innovation Networks"
    NATIONAL = "national", "The national team and administrators"

    @property
    def bit(self) -> int:
        """The audience's own bit, where several are told as one number."""
        return 1 << list(TermsAudience).index(self)


AUDIENCE_OF = {
    Role.INNOVATOR: TermsAudience.INNOVATORS,
    Role.ICS: TermsAudience.ICS,
    Role.HIN: TermsAudience.HINS,
    Role.NATIONAL: TermsAudience.NATIONAL,
    Role.ADMINISTRATOR: TermsAudience.NATIONAL,
}


class TermsVersion(Base):
    """Terms as they hold from a day on, until the next version of the same audience."""

    __tablename__ = "terms_version"
    __table_args__ = (
        UniqueConstraint("audience", "number"),
        UniqueConstraint("audience", "from_on"),
    )

    id: Mapped[Id]
    audience: Mapped[TermsAudience]
    number: Mapped[int]
    """1, 2, 3 … within the audience."""
    from_on: Mapped[date]
    """The day from which on nobody of the audience uses the portal without having accepted it."""
    words: Mapped[str]
    """In the safe subset of Markdown."""
    changed: Mapped[str] = mapped_column(default="")
    """What is new against the version before."""
    made_at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class TermsAcceptance(Base):
    """One person accepted one version."""

    __tablename__ = "terms_acceptance"
    __table_args__ = (UniqueConstraint("user_id", "terms_version_id"),)

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    terms_version_id: Mapped[int] = mapped_column(ForeignKey("terms_version.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=now)

    version: Mapped[TermsVersion] = relationship()
