"""Programmes in a tree: what each spreads, who leads it, nationally and in each network."""

from datetime import date, datetime

from sqlalchemy import Column, ForeignKey, Index, Table, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.clock import now
from portal.db import Base, Id, LabelledEnum, Versioned
from portal.innovations.models import Innovation
from portal.reference.models import Hin, Term


class ProgrammeKind(LabelledEnum):
    """What sort of effort it is."""

    NATIONAL_PROGRAMME = "national_programme", "National programme"
    RAPID_UPTAKE = "rapid_uptake", "Rapid uptake products"
    MEDTECH_MANDATE = "medtech_mandate", "MedTech Funding Mandate"
    SAFETY_PROGRAMME = "safety_programme", "Safety improvement"
    WORKFORCE = "workforce", "Workforce"
    EVALUATION = "evaluation", "Evaluation"
    COLLABORATIVE = "collaborative", "Collaborative"
    REGIONAL = "regional", "Regional programme"
    TECHNOLOGY_PAYMENT = "technology_payment", "Payment for technology"
    TRANSFORMATION_FUND = "transformation_fund", "Fund for changing pathways"
    COVID_RESPONSE = "covid_response", "Response to COVID-19"
    PROPOSAL = "proposal", "Proposed programme"
    NETWORK_ACTIVITY = "network_activity", "Work of the networks themselves"


class ProductRole(LabelledEnum):
    """What a product is to a programme."""

    SPREAD = "spread", "Spread by it"
    COMPETING_SUPPLIER = "competing_supplier", "One of several that do the same"
    TOOL_CHOICE = "tool_choice", "One of the tools that sites choose from"
    COMPONENT = "component", "Part of what is spread"
    CHANGE_IDEA = "change_idea", "Change idea that is tested"
    FUNDED = "funded", "Pathway around it is funded"
    PLANNED = "planned", "To be spread later"
    CANDIDATE = "candidate", "Candidate"
    PREDECESSOR = "predecessor", "Moved on to a later programme"
    RELATED = "related", "Related"


programme_setting = Table(
    "programme_setting",
    Base.metadata,
    Column("programme_id", ForeignKey("programme.id", ondelete="CASCADE"), primary_key=True),
    Column("term_id", ForeignKey("term.id"), primary_key=True, index=True),
)
"""The care settings in which a programme works (vocabulary `care_setting`)."""


class Programme(Versioned, Base):
    """An effort to spread innovations, between two years; it may be part of a larger one."""

    __tablename__ = "programme"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    """Its name in files; made from the name for one that the portal's people add."""
    name: Mapped[str]
    kind: Mapped[ProgrammeKind] = mapped_column(index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("programme.id"), index=True)
    from_year: Mapped[int | None]
    """The financial year in which it begins, by the calendar year of its April."""
    to_year: Mapped[int | None]
    """The financial year that is its last; None while no end is set."""
    begins_on: Mapped[date | None]
    """Its first day, where more is known than the year."""
    ends_on: Mapped[date | None]
    commissioner: Mapped[str] = mapped_column(default="")
    led_by: Mapped[str] = mapped_column(default="")
    """Who leads it nationally, in words."""
    lead_hin_id: Mapped[int | None] = mapped_column(ForeignKey("hin.id"))
    partners: Mapped[str] = mapped_column(default="")
    spreads: Mapped[str] = mapped_column(default="")
    """What it spreads, in words: the only answer where there is no product."""
    people_meant: Mapped[str] = mapped_column(default="")
    goal: Mapped[str] = mapped_column(default="")
    cohort: Mapped[str] = mapped_column(default="")
    """Over which sites its figures are counted, where not over all: "live since April 2019"."""
    is_public: Mapped[bool] = mapped_column(default=False)
    """Whether anybody reads its page; what each network did there is for signed-in people."""
    names_sites: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether anybody who reads its page also reads which place stands at which stage."""
    source: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    """What is unsure about it, or rests on general knowledge."""
    is_edited: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Somebody made or changed it here: loading the files leaves it alone."""
    is_demo: Mapped[bool] = mapped_column(default=False, server_default=false())
    """It was made up for the demonstration."""
    created_at: Mapped[datetime] = mapped_column(default=now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    parent: Mapped["Programme | None"] = relationship(remote_side="Programme.id")
    lead_hin: Mapped[Hin | None] = relationship()
    settings: Mapped[list[Term]] = relationship(secondary=programme_setting, order_by=Term.position)
    products: Mapped[list["ProgrammeProduct"]] = relationship(
        order_by="ProgrammeProduct.id", back_populates="programme"
    )
    resources: Mapped[list["ProgrammeResource"]] = relationship(
        order_by="ProgrammeResource.id", back_populates="programme"
    )
    leads: Mapped[list["ProgrammeLead"]] = relationship(
        order_by="ProgrammeLead.id", back_populates="programme"
    )


class ProgrammeProduct(Base):
    """A product belongs to a programme between two days. It need not be on the pipeline."""

    __tablename__ = "programme_product"
    __table_args__ = (UniqueConstraint("programme_id", "name"),)

    id: Mapped[Id]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    innovation_id: Mapped[int | None] = mapped_column(
        ForeignKey("innovation.id", ondelete="SET NULL"), index=True
    )
    """Its record, where it has one."""
    name: Mapped[str]
    supplier: Mapped[str] = mapped_column(default="")
    role: Mapped[ProductRole]
    from_on: Mapped[date | None]
    to_on: Mapped[date | None]
    """The last day."""
    note: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="")

    programme: Mapped[Programme] = relationship(back_populates="products")
    innovation: Mapped[Innovation | None] = relationship()


class ProgrammeResource(Base):
    """A toolkit, guidance or dashboard that helps sites to take part."""

    __tablename__ = "programme_resource"
    __table_args__ = (UniqueConstraint("programme_id", "title"),)

    id: Mapped[Id]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    title: Mapped[str]
    maker: Mapped[str] = mapped_column(default="")
    link: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    programme: Mapped[Programme] = relationship(back_populates="resources")


class ProgrammeLead(Base):
    """A person leads a programme in a network between two moments; one at a time."""

    __tablename__ = "programme_lead"
    __table_args__ = (
        Index(
            "uq_programme_lead_now",
            "programme_id",
            "hin_id",
            unique=True,
            sqlite_where=text("until_at IS NULL"),
            postgresql_where=text("until_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    programme_id: Mapped[int] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), index=True
    )
    hin_id: Mapped[int] = mapped_column(ForeignKey("hin.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    from_at: Mapped[datetime] = mapped_column(default=now)
    until_at: Mapped[datetime | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    programme: Mapped[Programme] = relationship(back_populates="leads")
    hin: Mapped[Hin] = relationship()
    user: Mapped[User] = relationship(foreign_keys=[user_id])
