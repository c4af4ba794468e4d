"""Reports as documents of sections, what people write in them, and what was published."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.clock import now
from portal.db import Base, Id, LabelledEnum, Versioned
from portal.exchange.models import Licence
from portal.files import FileRow
from portal.reference.models import Hin


class SectionState(LabelledEnum):
    """How far a section is."""

    DRAFT = "draft", "Draft"
    REVIEW = "review", "In review"
    CHANGES = "changes", "Changes asked"
    APPROVED = "approved", "Approved"


class ReleaseKind(LabelledEnum):
    """Why a version of a report was published."""

    FIRST = "first", "First publication"
    CORRECTION = "correction", "Correction", "Something in it was wrong. Say what it was."
    REVISION = "revision", "Planned revision", "Provisional numbers became final, as announced."


class Report(Versioned, Base):
    """A document of sections for a period and an area, made from a version of an outline."""

    __tablename__ = "report"

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(unique=True)
    """Its public address: "2026-27-q1", of a network "2026-27-q1-hi-wm"."""
    outline: Mapped[str]
    outline_version: Mapped[int]
    """Which version of that outline it was begun with."""
    title: Mapped[str]
    hin_id: Mapped[int | None] = mapped_column(ForeignKey("hin.id"), index=True)
    """None for England."""
    quarter_on: Mapped[date]
    """The first day of its quarter; of a year, that of the year's last quarter."""
    is_year: Mapped[bool] = mapped_column(default=False)
    methodology: Mapped[str] = mapped_column(default="", server_default=sql("''"))
    """How its numbers are counted, and what they do not tell; printed with each version."""
    is_demo: Mapped[bool] = mapped_column(default=False)
    """Whether it is made up for the demonstration: its pages say so."""
    made_at: Mapped[datetime] = mapped_column(default=now)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    signed_off_at: Mapped[datetime | None]
    """When it was signed off as it stands; None again as soon as a section is changed."""
    signed_off_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    hin: Mapped[Hin | None] = relationship()
    signed_off_by: Mapped[User | None] = relationship(foreign_keys=[signed_off_by_id])
    sections: Mapped[list["ReportSection"]] = relationship(
        order_by="ReportSection.position", back_populates="report", cascade="all, delete-orphan"
    )

    @property
    def area_name(self) -> str:
        """Return where it is about."""
        return self.hin.name if self.hin else "England"


class ReportSection(Versioned, Base):
    """A section: its text as it stands, who looks after it, by which day, and how far it is."""

    __tablename__ = "report_section"
    __table_args__ = (UniqueConstraint("report_id", "code"),)

    id: Mapped[Id]
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"))
    code: Mapped[str]
    parent: Mapped[str] = mapped_column(default="")
    """The code of the section in which it stands; "" for one of the first level."""
    position: Mapped[int]
    heading: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    left_out: Mapped[str] = mapped_column(default="")
    """Why it has no text, where that is meant: it is printed at the end of the report."""
    state: Mapped[SectionState] = mapped_column(default=SectionState.DRAFT)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    due_on: Mapped[date | None]
    seen: Mapped[dict[str, Any]]
    """The numbers that its text quotes, by reference, as they were when it was last saved."""
    written_at: Mapped[datetime] = mapped_column(default=now)
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    """None for what the portal put together."""

    report: Mapped[Report] = relationship(back_populates="sections")
    owner: Mapped[User | None] = relationship(foreign_keys=[owner_id])
    written_by: Mapped[User | None] = relationship(foreign_keys=[written_by_id])
    comments: Mapped[list["ReportComment"]] = relationship(
        order_by="ReportComment.id", cascade="all, delete-orphan"
    )


class ReportText(Base):
    """A text that a section had; append-only, so that who wrote what stays known."""

    __tablename__ = "report_text"
    __table_args__ = (UniqueConstraint("section_id", "number"),)

    id: Mapped[Id]
    section_id: Mapped[int] = mapped_column(ForeignKey("report_section.id", ondelete="CASCADE"))
    number: Mapped[int]
    """1 for the text that the portal put together."""
    text: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    by: Mapped[User | None] = relationship()


class ReportComment(Base):
    """A remark on one paragraph of a section, open until somebody says that it is dealt with."""

    __tablename__ = "report_comment"

    id: Mapped[Id]
    section_id: Mapped[int] = mapped_column(
        ForeignKey("report_section.id", ondelete="CASCADE"), index=True
    )
    paragraph: Mapped[int]
    """Counted from 1 in the text as it was; 0 for the section as a whole."""
    quoted: Mapped[str] = mapped_column(default="")
    """How the paragraph began: its place moves when the text does."""
    words: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    by: Mapped[User | None] = relationship(foreign_keys=[by_id])


class ReportRemark(Base):
    """An explanation of what a check found: it is printed with the report's notes."""

    __tablename__ = "report_remark"
    __table_args__ = (UniqueConstraint("report_id", "finding"),)

    id: Mapped[Id]
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"))
    finding: Mapped[str]
    """The key of what was found, with the numbers that it names: another number asks again."""
    words: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class ReportRelease(Base):
    """A version of a report as it was published: nothing in it changes afterwards."""

    __tablename__ = "report_release"
    __table_args__ = (UniqueConstraint("report_id", "number"),)

    id: Mapped[Id]
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"))
    number: Mapped[int]
    """1 for the first of its report."""
    kind: Mapped[ReleaseKind]
    note: Mapped[str] = mapped_column(default="")
    """What was wrong, or what became final; required but for the first."""
    title: Mapped[str]
    content: Mapped[dict[str, Any]]
    """The document as it is printed: sections with their blocks, notes and figures."""
    digest: Mapped[str]
    """SHA-256 of the content, in hexadecimal digits."""
    next_on: Mapped[date | None]
    """When the next report, or the revision of this one, is due."""
    final_on: Mapped[date | None]
    """By when its provisional numbers become final: the day of its planned revision."""
    made_at: Mapped[datetime] = mapped_column(default=now)
    """When its words and numbers were kept."""
    published_at: Mapped[datetime] = mapped_column(default=now)
    """From when everybody reads it; before that only those on its list."""
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    report: Mapped[Report] = relationship()
    published_by: Mapped[User | None] = relationship()
    figures: Mapped[list["ReleaseFigure"]] = relationship(
        order_by="ReleaseFigure.number", cascade="all, delete-orphan"
    )


class ReleaseFigure(Base):
    """A number of a published report: where it is from, what it was, and the rows behind it."""

    __tablename__ = "release_figure"
    __table_args__ = (UniqueConstraint("release_id", "number"),)

    id: Mapped[Id]
    release_id: Mapped[int] = mapped_column(ForeignKey("report_release.id", ondelete="CASCADE"))
    number: Mapped[int]
    """Its place among the numbers of the version, from 1."""
    section: Mapped[str]
    """The heading of the section that quotes it."""
    reference: Mapped[str]
    shown: Mapped[str]
    """As it is printed."""
    label: Mapped[str]
    area: Mapped[str]
    period: Mapped[str]
    value: Mapped[float | None]
    """The number as it was published; None where it was not known."""
    unit: Mapped[str] = mapped_column(default="")
    definition: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="")
    as_at: Mapped[datetime]
    is_frozen: Mapped[bool]
    editor: Mapped[str] = mapped_column(default="")
    """Who wrote the section, by name, when it was published."""
    rows: Mapped[dict[str, Any]]
    """`header` and `rows`, as they were counted."""


class ReportPdf(Base):
    """The PDF of a version, made once: neither the version nor its PDF changes."""

    __tablename__ = "report_pdf"

    id: Mapped[Id]
    release_id: Mapped[int] = mapped_column(
        ForeignKey("report_release.id", ondelete="CASCADE"), unique=True
    )
    stored: Mapped[str] = mapped_column(unique=True)
    size: Mapped[int]
    """In bytes."""
    made_at: Mapped[datetime] = mapped_column(default=now)


class ReportPhoto(FileRow, Base):
    """A photograph for a report: what it shows, under which terms, and that those in it agreed.

    Nothing of it changes: published versions show it.
    """

    __tablename__ = "report_photo"
    kept_in = "report-photos"

    id: Mapped[Id]
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str]
    """SHA-256 of the file, in hexadecimal digits: published with its place in a report."""
    width: Mapped[int]
    """In pixels, as the height."""
    height: Mapped[int]
    """In pixels."""
    alt: Mapped[str]
    """What it shows, for who does not see it."""
    credit: Mapped[str]
    """Who made it: printed with it."""
    licence: Mapped[Licence]
    consent: Mapped[str]
    """How everybody who can be recognised agreed, or that nobody can be; not printed."""
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    by: Mapped[User | None] = relationship()


class ReportEarlyReader(Base):
    """A person who may read a version of a report before it is published; it ends with that."""

    __tablename__ = "report_early_reader"
    __table_args__ = (UniqueConstraint("report_id", "number", "user_id"),)

    id: Mapped[Id]
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"))
    number: Mapped[int]
    """Of the version."""
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    capacity: Mapped[str]
    """As what they read it: printed with the version, without their name."""
    until_on: Mapped[date | None]
    """The last day on which they may; None until it is published."""
    named_at: Mapped[datetime] = mapped_column(default=now)
    named_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    read_at: Mapped[datetime | None]
    """When they first opened it."""
    ended_at: Mapped[datetime | None]
    """When somebody took them off the list."""

    user: Mapped[User] = relationship(foreign_keys=[user_id])
    named_by: Mapped[User | None] = relationship(foreign_keys=[named_by_id])
