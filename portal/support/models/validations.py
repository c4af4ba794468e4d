"""What a HIN and a site tried in real use, and what came of it."""

import enum
from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation
from portal.db import Base, Id, Versioned, now
from portal.innovations.models import Innovation
from portal.reference.models import Hin, Term


class ValidationState(enum.StrEnum):
    """How a real-world validation stands."""

    PLANNED = "planned"
    RUNNING = "running"
    COMPLETED = "completed"
    STOPPED = "stopped"


class Validation(Versioned, Base):
    """A real-world validation (RWV): tried in a real setting, with a question and a result."""

    __tablename__ = "validation"

    id: Mapped[Id]
    innovation_id: Mapped[int] = mapped_column(
        ForeignKey("innovation.id", ondelete="CASCADE"), index=True
    )
    hin_id: Mapped[int] = mapped_column(ForeignKey("hin.id"), index=True)
    state: Mapped[ValidationState] = mapped_column(default=ValidationState.PLANNED)
    question: Mapped[str]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    site: Mapped[str] = mapped_column(default="")
    care_setting_id: Mapped[int | None] = mapped_column(ForeignKey("term.id"))
    from_on: Mapped[date | None]
    to_on: Mapped[date | None]
    is_positive: Mapped[bool | None]
    """Whether the result supports the innovation's claim; None until completed."""
    result: Mapped[str] = mapped_column(default="")
    is_published: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    innovation: Mapped[Innovation] = relationship()
    hin: Mapped[Hin] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    care_setting: Mapped[Term | None] = relationship()
