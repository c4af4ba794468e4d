"""The innovation record: its submitted content in columns and rows, its drafts beside them.

What others see is always the submitted content. An edit lives in `SectionCopy.draft` until it is
submitted again. Stage, status and proven status are dated rows; the column of the same name on
`Innovation` repeats the newest row, so that lists need not look for it.
"""

import enum
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Numeric,
    Table,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation, User
from portal.clock import PartialDate, Precision, now
from portal.db import Base, Id, LabelledEnum, Versioned
from portal.reference.models import Hin, Ics, Site, Term

if TYPE_CHECKING:
    from portal.innovations.models.files import EvidenceFile


class RecordStatus(LabelledEnum):
    """Where a record stands on its way."""

    DRAFT = "draft", "Draft"
    """Registered, not yet submitted: only its own people see it."""
    SUBMITTED = "submitted", "Submitted"
    ARCHIVED = "archived", "Archived"


class Sharing(LabelledEnum):
    """Who may see the submitted record: three plain levels."""

    HINS = "hins", "HINs only"
    HINS_AND_ICSS = "hins_and_icss", "HINs and ICSs"
    PUBLIC = "public", "public on the Exchange"


class Nation(enum.StrEnum):
    """Where the people behind an innovation are based."""

    ENGLAND = "england"
    SCOTLAND = "scotland"
    WALES = "wales"
    NORTHERN_IRELAND = "northern_ireland"
    ABROAD = "abroad"

    @property
    def label(self) -> str:
        """Return how people call it."""
        if self is Nation.ABROAD:
            return "Outside the United Kingdom"
        return self.value.replace("_", " ").title()


class Section(enum.StrEnum):
    """The parts of the record, in the order of the task list."""

    ABOUT = "about"
    NEED = "need"
    EVIDENCE = "evidence"
    STANDARDS = "standards"
    COSTS = "costs"
    USE = "use"
    PLANS = "plans"
    SHARING = "sharing"


class StandardStatus(LabelledEnum):
    """What the innovator says of a standard."""

    YES = "yes", "Yes, met"
    WORKING_TOWARDS = "working_towards", "Working towards it"
    NOT_YET = "not_yet", "Not yet"


innovation_term = Table(
    "innovation_term",
    Base.metadata,
    Column("innovation_id", ForeignKey("innovation.id", ondelete="CASCADE"), primary_key=True),
    Column("term_id", ForeignKey("term.id"), primary_key=True, index=True),
)
"""Every multi-valued coded field: care settings, conditions, areas, purposes, benefits,
inequalities, support wanted, programmes. The term says which vocabulary it belongs to."""


class Innovation(Versioned, Base):
    """A record on the pipeline: its submitted content."""

    __tablename__ = "innovation"
    __table_args__ = (
        # Each importer has keys of its own; NULLs are all different, hence two.
        Index("uq_innovation_importer_id_external_key", "importer_id", "external_key", unique=True),
        Index(
            "uq_innovation_external_key_of_none",
            "external_key",
            unique=True,
            sqlite_where=text("importer_id IS NULL"),
            postgresql_where=text("importer_id IS NULL"),
        ),
        # Nearly all are submitted, and were made one with no other. SQLite has no statistics
        # (`portal.sqlite`): it would go through all of them by an index that holds them.
        Index(
            "ix_innovation_merged_into_id",
            "merged_into_id",
            sqlite_where=text("merged_into_id IS NOT NULL"),
            postgresql_where=text("merged_into_id IS NOT NULL"),
        ),
        # It would be on nobody's desk.
        CheckConstraint("status != 'submitted' OR hin_id IS NOT NULL", name="submitted_has_hin"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    # Who might see it before is read from what they were (`api.listeners`).
    status: Mapped[RecordStatus] = mapped_column(default=RecordStatus.DRAFT, active_history=True)
    sharing: Mapped[Sharing] = mapped_column(default=Sharing.HINS, index=True, active_history=True)
    is_proven_until: Mapped[date | None] = mapped_column(index=True)
    """The day until which it counts as proven, if HIN staff verified it and did not withdraw."""
    created_at: Mapped[datetime] = mapped_column(default=now)
    submitted_at: Mapped[datetime | None] = mapped_column(index=True)
    """When it was first submitted: when it came on the pipeline."""
    changed_at: Mapped[datetime] = mapped_column(default=now, index=True)
    """When what others see last changed."""
    is_demo: Mapped[bool] = mapped_column(default=False)
    source_note: Mapped[str] = mapped_column(default="")
    """Where an imported record's facts come from."""
    external_key: Mapped[str | None]
    """What an import calls it: the same file again changes the same record."""
    importer_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    """Whose key that is: the organisation that imported it; None for who runs the portal."""
    kept_by_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    """The HIN or national team that keeps it on behalf of its company until somebody there takes
    it over; None where its own people do."""

    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("innovation.id"))
    """The record with which it was made one: it is found there, and its addresses lead there."""

    # About
    name: Mapped[str] = mapped_column(index=True)
    summary: Mapped[str] = mapped_column(default="")
    description: Mapped[str] = mapped_column(default="")
    website: Mapped[str] = mapped_column(default="")
    category_id: Mapped[int | None] = mapped_column(ForeignKey("term.id"), index=True)
    main_purpose_id: Mapped[int | None] = mapped_column(ForeignKey("term.id"), index=True)
    stage_id: Mapped[int | None] = mapped_column(ForeignKey("term.id"), index=True)
    nation: Mapped[Nation | None]
    """Where the people behind it are based; None where nobody was asked."""
    ics_id: Mapped[int | None] = mapped_column(ForeignKey("ics.id"), index=True)
    """The ICS in which they are, in England and where it is known."""
    postcode: Mapped[str] = mapped_column(default="")
    hin_id: Mapped[int | None] = mapped_column(ForeignKey("hin.id"), index=True)
    """The HIN that looks at it first: suggested from the place, the innovator may choose another.
    A submitted record always has one."""

    # Need, benefits and inequalities
    need: Mapped[str] = mapped_column(default="")
    """What problem it solves."""
    who_for: Mapped[str] = mapped_column(default="")
    benefits_note: Mapped[str] = mapped_column(default="")
    inequalities_note: Mapped[str] = mapped_column(default="")

    # Costs and savings, in pounds
    cost: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    """In pounds, on the basis of `cost_basis`."""
    cost_basis: Mapped[str] = mapped_column(default="")
    """What the cost buys: "per patient a year", "per site"."""
    saving: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    """In pounds, on the basis of `saving_basis`."""
    saving_basis: Mapped[str] = mapped_column(default="")
    payback_months: Mapped[int | None]
    """After how many months it has paid for itself."""
    patients_a_year: Mapped[int | None]
    """How many patients could benefit in a year."""
    price_note: Mapped[str] = mapped_column(default="")
    """Commercial in confidence: never leaves the innovator and the HINs that support it."""

    # Plans and support wanted
    plans: Mapped[str] = mapped_column(default="")
    commercial_plans: Mapped[str] = mapped_column(default="")
    """Commercial in confidence, as above."""

    organisation: Mapped[Organisation] = relationship(foreign_keys=[organisation_id])
    kept_by: Mapped[Organisation | None] = relationship(foreign_keys=[kept_by_id])
    owner: Mapped[User | None] = relationship()
    category: Mapped[Term | None] = relationship(foreign_keys=[category_id])
    main_purpose: Mapped[Term | None] = relationship(foreign_keys=[main_purpose_id])
    stage: Mapped[Term | None] = relationship(foreign_keys=[stage_id])
    ics: Mapped[Ics | None] = relationship()
    hin: Mapped[Hin | None] = relationship()
    terms: Mapped[list[Term]] = relationship(secondary=innovation_term, order_by=Term.position)
    evidence: Mapped[list["Evidence"]] = relationship(
        order_by="Evidence.id", cascade="all, delete-orphan"
    )
    standards: Mapped[list["StandardHeld"]] = relationship(
        order_by="StandardHeld.id", cascade="all, delete-orphan"
    )
    uses: Mapped[list["Use"]] = relationship(order_by="Use.id", cascade="all, delete-orphan")
    copies: Mapped[list["SectionCopy"]] = relationship(
        order_by="SectionCopy.id", cascade="all, delete-orphan"
    )
    collaborators: Mapped[list["Collaborator"]] = relationship(
        order_by="Collaborator.id", cascade="all, delete-orphan"
    )

    def counts_as_proven(self, today: date) -> bool:
        """Whether it counts as proven today, by the column that repeats the newest verification;
        `rules.on_day.is_proven_on` tells of a past day."""
        return self.is_proven_until is not None and self.is_proven_until >= today


class SectionCopy(Versioned, Base):
    """One section of one record: whether it was submitted, and the draft that waits, if any."""

    __tablename__ = "section_copy"
    __table_args__ = (UniqueConstraint("innovation_id", "section"),)

    id: Mapped[Id]
    innovation_id: Mapped[int] = mapped_column(ForeignKey("innovation.id", ondelete="CASCADE"))
    section: Mapped[Section]
    draft: Mapped[dict[str, Any] | None]
    """The form's data as typed, until it is submitted; None when nothing waits."""
    drafted_at: Mapped[datetime | None]
    drafted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    submitted_at: Mapped[datetime | None]
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    change_wanted: Mapped[str] = mapped_column(default="")
    """What a HIN asked to be changed here; empty again once the section is submitted."""


class Evidence(Base):
    """A piece of evidence: what was studied, how, and what it showed."""

    __tablename__ = "evidence"

    id: Mapped[Id]
    innovation_id: Mapped[int] = mapped_column(
        ForeignKey("innovation.id", ondelete="CASCADE"), index=True
    )
    kind_id: Mapped[int] = mapped_column(ForeignKey("term.id"))
    type_id: Mapped[int | None] = mapped_column(ForeignKey("term.id"))
    title: Mapped[str]
    result: Mapped[str] = mapped_column(default="")
    on: Mapped[date | None]
    """When it was published or finished: of a month or a year alone the first day."""
    on_precision: Mapped[Precision] = mapped_column(default=Precision.DAY, server_default="day")
    link: Mapped[str] = mapped_column(default="")

    kind: Mapped[Term] = relationship(foreign_keys=[kind_id])
    type: Mapped[Term | None] = relationship(foreign_keys=[type_id])
    files: Mapped[list["EvidenceFile"]] = relationship(
        order_by="EvidenceFile.id", back_populates="evidence"
    )

    @property
    def known_on(self) -> PartialDate | None:
        """Return when it was published or finished, as far as that is known."""
        return PartialDate(self.on, self.on_precision) if self.on else None


class StandardHeld(Base):
    """What the innovator says of a standard, and what HIN staff found when they checked."""

    __tablename__ = "standard_held"
    __table_args__ = (UniqueConstraint("innovation_id", "standard_id"),)

    id: Mapped[Id]
    innovation_id: Mapped[int] = mapped_column(ForeignKey("innovation.id", ondelete="CASCADE"))
    standard_id: Mapped[int] = mapped_column(ForeignKey("term.id"))
    status: Mapped[StandardStatus]
    reference: Mapped[str] = mapped_column(default="")
    """A certificate or registration number."""
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    checked_on: Mapped[date | None]
    valid_until: Mapped[date | None]

    standard: Mapped[Term] = relationship()
    checked_by: Mapped[User | None] = relationship()


class Use(Base):
    """An organisation or a place of the directory that uses it, from a day on."""

    __tablename__ = "use"

    id: Mapped[Id]
    innovation_id: Mapped[int] = mapped_column(
        ForeignKey("innovation.id", ondelete="CASCADE"), index=True
    )
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    directory_site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"), index=True)
    """The place, where it was found in the national directory."""
    organisation_named: Mapped[str] = mapped_column(default="", server_default=text("''"))
    """The name of one that is not in the list, as the innovator wrote it."""
    site: Mapped[str] = mapped_column(default="")
    """The ward, practice or hospital, where it is not the whole organisation."""
    from_on: Mapped[date]
    """Its first day: of a month or a year alone the first."""
    from_on_precision: Mapped[Precision] = mapped_column(
        default=Precision.DAY, server_default="day"
    )
    until_on: Mapped[date | None]
    """Its last day: of a month or a year alone the last."""
    until_on_precision: Mapped[Precision] = mapped_column(
        default=Precision.DAY, server_default="day"
    )
    is_trial: Mapped[bool] = mapped_column(default=False, server_default=false())
    """A trial is shown as one, and does not count as in use for *proven*."""
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    """The organisation of the using side or the HIN that said so; None: the innovator says so."""
    confirmed_on: Mapped[date | None]
    begins_id: Mapped[int | None] = mapped_column(
        ForeignKey("adoption.id", ondelete="SET NULL"), index=True
    )
    """The dated row that it repeats: this table is what lists read of `Adoption`."""
    ends_id: Mapped[int | None] = mapped_column(
        ForeignKey("adoption.id", ondelete="SET NULL"), index=True
    )
    """The dated row that ended it."""

    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN organisation_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN directory_site_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN organisation_named = '' THEN 0 ELSE 1 END) = 1",
            name="one_place",
        ),
    )

    organisation: Mapped[Organisation | None] = relationship(foreign_keys=[organisation_id])
    directory_site: Mapped[Site | None] = relationship()
    confirmed_by: Mapped[Organisation | None] = relationship(foreign_keys=[confirmed_by_id])

    @property
    def known_from(self) -> PartialDate:
        """Return since when, as far as that is known."""
        return PartialDate(self.from_on, self.from_on_precision)

    @property
    def place(self) -> str:
        """Return the name of the organisation or place, in a list or not."""
        listed = self.organisation or self.directory_site
        return listed.name if listed else self.organisation_named

    @property
    def place_key(self) -> tuple[int | None, int | None, str]:
        """Return what tells one organisation or place from another."""
        return self.organisation_id, self.directory_site_id, self.organisation_named

    @property
    def ics(self) -> Ics | None:
        """Return the ICS in which it lies; None where nobody knows."""
        listed = self.organisation or self.directory_site
        return listed.ics if listed else None

    @property
    def ics_id(self) -> int | None:
        """Return the number of that ICS."""
        listed = self.organisation or self.directory_site
        return listed.ics_id if listed else None


class Collaborator(Base):
    """A person of any organisation whom the owner lets edit the record."""

    __tablename__ = "collaborator"
    __table_args__ = (UniqueConstraint("innovation_id", "user_id"),)

    id: Mapped[Id]
    innovation_id: Mapped[int] = mapped_column(ForeignKey("innovation.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    added_at: Mapped[datetime] = mapped_column(default=now)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    user: Mapped[User] = relationship(foreign_keys=[user_id])
