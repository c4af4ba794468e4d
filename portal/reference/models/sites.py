"""Places of care and those who run them, after the national directory (ODS)."""

import enum
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Select, Text, UniqueConstraint, case, false, func
from sqlalchemy import text as sql
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.sql.elements import ColumnElement, SQLColumnExpression

from portal.clock import now, today
from portal.db import Base, Id, LabelledEnum
from portal.reference.models import Ics


class SiteKind(LabelledEnum):
    """What sort of place it is."""

    TRUST = "trust", "NHS trust"
    TRUST_SITE = "trust_site", "Site of an NHS trust"
    PRACTICE = "practice", "GP practice"
    BRANCH = "branch", "Branch of a GP practice"
    PCN = "pcn", "Primary care network"
    CARE_HOME = "care_home", "Care home or home care"
    CARE_COMPANY = "care_company", "Company that runs care homes"
    PHARMACY = "pharmacy", "Pharmacy"
    HOSPICE = "hospice", "Hospice"
    COMMUNITY = "community", "Community service"
    MENTAL_HEALTH = "mental_health", "Mental health service"
    PRESCRIBING = "prescribing", "Other service that prescribes"
    INDEPENDENT = "independent", "Independent provider"
    INDEPENDENT_SITE = "independent_site", "Site of an independent provider"
    TREATMENT_CENTRE = "treatment_centre", "Treatment centre"
    COMMISSIONER = "commissioner", "Commissioner (sub-ICB)"
    OTHER = "other", "Other"


class SiteState(enum.StrEnum):
    """Where a place stands on a day."""

    OPEN = "open"
    TO_OPEN = "to_open"
    DORMANT = "dormant"
    CLOSED = "closed"


class CountedInIcs:
    """A row that lies in one ICS by its postcode and may be commissioned by another."""

    geography_ics_id: Mapped[int | None]
    commissioner_ics_id: Mapped[int | None]

    @hybrid_property
    def ics_id(self) -> int | None:
        """Return the ICS it is counted in: its commissioner's, else that of its postcode."""
        return self.commissioner_ics_id or self.geography_ics_id

    @ics_id.inplace.expression
    @classmethod
    def _ics_id(cls) -> SQLColumnExpression[int | None]:
        return func.coalesce(cls.commissioner_ics_id, cls.geography_ics_id)

    @classmethod
    def is_in(cls, icss: Select[int]) -> ColumnElement[bool]:
        """Return SQL for "`ics_id` is one of these", by the indexes of both."""
        by_geography = cls.commissioner_ics_id.is_(None) & cls.geography_ics_id.in_(icss)
        return cls.commissioner_ics_id.in_(icss) | by_geography


class Site(CountedInIcs, Base):
    """A place or its operator, by its ODS code, which is never given to another."""

    __tablename__ = "site"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    report: Mapped[str] = mapped_column(default="", server_default=sql("''"))
    """The report of the directory that tells of it; "" for one that no file told of."""
    kind: Mapped[SiteKind] = mapped_column(index=True)
    is_kind_edited: Mapped[bool] = mapped_column(default=False, server_default=false())
    """An administrator said what it is: files leave that alone."""
    name: Mapped[str]
    address: Mapped[str] = mapped_column(default="", server_default=sql("''"))
    """Street lines, with commas; the town is apart."""
    town: Mapped[str] = mapped_column(default="", server_default=sql("''"))
    postcode: Mapped[str] = mapped_column(default="", server_default=sql("''"))
    opened_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    """The first day on which it is closed; it can lie ahead."""
    is_dormant: Mapped[bool] = mapped_column(default=False, server_default=false())
    parent_code: Mapped[str] = mapped_column(default="", server_default=sql("''"))
    """Who runs it, as the directory says; a code may name what closed before its files begin."""
    commissioner_code: Mapped[str] = mapped_column(default="", server_default=sql("''"))
    geography_code: Mapped[str] = mapped_column(default="", server_default=sql("''"))
    """The ICB of its postcode, as the directory says, whether the portal knows that ICB or not."""
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"), index=True)
    geography_ics_id: Mapped[int | None] = mapped_column(ForeignKey("ics.id"), index=True)
    """The ICS in which its postcode lies today; the past stands in its memberships."""
    commissioner_ics_id: Mapped[int | None] = mapped_column(ForeignKey("ics.id"), index=True)
    """The ICS that commissions it today, where that is known."""
    is_demo: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Made up for the demonstration."""

    parent: Mapped["Site | None"] = relationship(remote_side="Site.id")
    geography_ics: Mapped[Ics | None] = relationship(foreign_keys=[geography_ics_id])
    commissioner_ics: Mapped[Ics | None] = relationship(foreign_keys=[commissioner_ics_id])
    names: Mapped[list["SiteName"]] = relationship(order_by="SiteName.until_on")
    memberships: Mapped[list["SiteMembership"]] = relationship(
        foreign_keys="SiteMembership.site_id", order_by="SiteMembership.id"
    )

    @property
    def ics(self) -> Ics | None:
        """Return the ICS it is counted in."""
        return self.commissioner_ics or self.geography_ics

    @property
    def where(self) -> str:
        """Return town and postcode, as far as known: "Exampleton, ZZ1 1AA"."""
        return ", ".join(filter(None, (self.town, self.postcode)))

    def state_on(self, day: date) -> SiteState:
        """Return where it stands on a day. What is closed on a day was open the day before."""
        if self.closed_on is not None and self.closed_on <= day:
            return SiteState.CLOSED
        if self.opened_on is not None and self.opened_on > day:
            return SiteState.TO_OPEN
        return SiteState.DORMANT if self.is_dormant else SiteState.OPEN

    @property
    def state(self) -> SiteState:
        """Return where it stands today."""
        return self.state_on(today())


def site_state_on(day: date) -> ColumnElement[str]:
    """Return SQL for `Site.state_on`, as the state's value."""
    return case(
        (Site.closed_on <= day, SiteState.CLOSED.value),
        (Site.opened_on > day, SiteState.TO_OPEN.value),
        (Site.is_dormant, SiteState.DORMANT.value),
        else_=SiteState.OPEN.value,
    )


class SiteName(Base):
    """What a place was called until a day."""

    __tablename__ = "site_name"

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    until_on: Mapped[date]
    """The last day on which it was called so."""


class SiteMembership(CountedInIcs, Base):
    """To whom a place belonged between two days: who ran it, and in which ICS it lay."""

    __tablename__ = "site_membership"
    __table_args__ = (
        Index(
            "ix_site_membership_one_present",
            "site_id",
            unique=True,
            sqlite_where=sql("valid_to IS NULL"),
            postgresql_where=sql("valid_to IS NULL"),
        ),
    )

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"), index=True)
    geography_ics_id: Mapped[int | None] = mapped_column(ForeignKey("ics.id"))
    commissioner_ics_id: Mapped[int | None] = mapped_column(ForeignKey("ics.id"))
    valid_from: Mapped[date | None]
    """None where nobody recorded when it began."""
    valid_to: Mapped[date | None]
    """The last day on which it held; None while it does."""


class SiteSuccession(Base):
    """A place closed, and another took over."""

    __tablename__ = "site_succession"
    __table_args__ = (UniqueConstraint("predecessor_id", "successor_id"),)

    id: Mapped[Id]
    predecessor_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    successor_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), index=True)
    on: Mapped[date | None]

    successor: Mapped[Site] = relationship(foreign_keys=[successor_id])


class SiteWord(Base):
    """A word by which a place is found: of its name, town, postcode or code, folded.

    Words are compared by their letters' numbers on any database, so that those that begin alike
    stand together in the index.
    """

    __tablename__ = "site_word"
    __table_args__ = {"sqlite_with_rowid": False}

    word: Mapped[str] = mapped_column(
        Text().with_variant(Text(collation="C"), "postgresql"), primary_key=True
    )
    site_id: Mapped[int] = mapped_column(
        ForeignKey("site.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class SiteFile(Base):
    """A file of the directory that was read to its end, and what was found in it."""

    __tablename__ = "site_file"

    id: Mapped[Id]
    report: Mapped[str] = mapped_column(index=True)
    file_name: Mapped[str] = mapped_column(default="")
    on: Mapped[date]
    """The day whose state it tells."""
    read_at: Mapped[datetime] = mapped_column(default=now)
    is_part: Mapped[bool] = mapped_column(default=False, server_default=false())
    """It holds only what changed lately."""
    rows: Mapped[int]
    """How many rows the file had."""
    added: Mapped[int] = mapped_column(default=0)
    """How many places were new."""
    opened: Mapped[int] = mapped_column(default=0)
    """How many opened again."""
    closed: Mapped[int] = mapped_column(default=0)
    """How many closed."""
    renamed: Mapped[int] = mapped_column(default=0)
    """How many have another name."""
    moved: Mapped[int] = mapped_column(default=0)
    """How many came to another system, network or parent."""
    changed: Mapped[int] = mapped_column(default=0)
    """How many changed otherwise."""
    wrong: Mapped[int] = mapped_column(default=0)
    """How many rows could not be read."""


__all__ = [
    "Site",
    "SiteFile",
    "SiteKind",
    "SiteMembership",
    "SiteName",
    "SiteState",
    "SiteSuccession",
    "SiteWord",
    "site_state_on",
]
