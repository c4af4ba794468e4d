"""What a HIN and a site tried in real use, and what came of it."""

from datetime import date, datetime

from sqlalchemy import Column, ForeignKey, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation, User
from portal.clock import now
from portal.db import Base, Id, LabelledEnum, Versioned
from portal.files import FileRow
from portal.innovations.models import Innovation
from portal.reference.models import Hin, Term


class ValidationState(LabelledEnum):
    """How a real-world validation stands."""

    PLANNED = "planned", "Planned"
    RUNNING = "running", "Running"
    COMPLETED = "completed", "Completed"
    STOPPED = "stopped", "Stopped"


validation_term = Table(
    "validation_term",
    Base.metadata,
    Column("validation_id", ForeignKey("validation.id", ondelete="CASCADE"), primary_key=True),
    Column("term_id", ForeignKey("term.id"), primary_key=True, index=True),
)
"""The kinds of support that a HIN gave to a validation (vocabulary `support_kind`)."""


class Validation(Versioned, Base):
    """A real-world validation (RWV): tried in a real setting, with a question and a result."""

    __tablename__ = "validation"

    id: Mapped[Id]
    innovation_id: Mapped[int] = mapped_column(
        ForeignKey("innovation.id", ondelete="CASCADE"), index=True
    )
    hin_id: Mapped[int] = mapped_column(ForeignKey("hin.id"), index=True)
    state: Mapped[ValidationState] = mapped_column(default=ValidationState.PLANNED)
    """The newest `ValidationChange`."""
    question: Mapped[str]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    site: Mapped[str] = mapped_column(default="")
    care_setting_id: Mapped[int | None] = mapped_column(ForeignKey("term.id"))
    partner: Mapped[str] = mapped_column(default="")
    """Who evaluates it or helps to, as written."""
    method: Mapped[str] = mapped_column(default="")
    from_on: Mapped[date | None]
    """The day on which it starts, or is to start while it is planned."""
    to_on: Mapped[date | None]
    is_positive: Mapped[bool | None]
    """Whether the result supports the innovation's claim; None until completed."""
    people: Mapped[int | None]
    """How many patients or staff took part."""
    numbers: Mapped[str] = mapped_column(default="")
    """The result in numbers: what was measured, before and after."""
    result: Mapped[str] = mapped_column(default="")
    """The result in words."""
    report_url: Mapped[str] = mapped_column(default="")
    is_published: Mapped[bool] = mapped_column(default=False)
    """Whether ICS staff who may see the record read the result, and open its report."""
    created_at: Mapped[datetime] = mapped_column(default=now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    innovation: Mapped[Innovation] = relationship()
    hin: Mapped[Hin] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    care_setting: Mapped[Term | None] = relationship()
    kinds: Mapped[list[Term]] = relationship(secondary=validation_term, order_by=Term.position)
    changes: Mapped[list["ValidationChange"]] = relationship(
        order_by="ValidationChange.id", back_populates="validation"
    )
    report: Mapped["ValidationReport | None"] = relationship(
        cascade="all, delete-orphan", back_populates="validation"
    )


class ValidationChange(Base):
    """A state was reached: when, by whom, and why where it was stopped."""

    __tablename__ = "validation_change"

    id: Mapped[Id]
    validation_id: Mapped[int] = mapped_column(
        ForeignKey("validation.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[ValidationState]
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    why: Mapped[str] = mapped_column(default="")

    validation: Mapped[Validation] = relationship(back_populates="changes")
    by: Mapped[User | None] = relationship()


class ValidationReport(FileRow, Base):
    """The report of a validation as a file; `portal.files` keeps it."""

    __tablename__ = "validation_report"
    kept_in = "validations"

    id: Mapped[Id]
    validation_id: Mapped[int] = mapped_column(
        ForeignKey("validation.id", ondelete="CASCADE"), unique=True
    )

    validation: Mapped[Validation] = relationship(back_populates="report")
