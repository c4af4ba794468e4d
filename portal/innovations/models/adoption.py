"""How far a place has come with an innovation: the dated rows behind "where it is in use".

The rows lie here, in the lowest room that tells where something is used; the pages about adoption
are `portal/adoption`.
"""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, false
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation, User
from portal.clock import Precision, now
from portal.db import Base, Id, LabelledEnum
from portal.reference.models import Site, Term


class AdoptionState(enum.StrEnum):
    """Where a place stands with an innovation: the codes of the vocabulary `adoption_stage`."""

    STAGE_0 = "STAGE_0"
    STAGE_1 = "STAGE_1"
    STAGE_2 = "STAGE_2"
    STAGE_3 = "STAGE_3"
    STAGE_4 = "STAGE_4"
    STAGE_5 = "STAGE_5"
    STAGE_6 = "STAGE_6"
    STAGE_7 = "STAGE_7"
    NO_ANSWER = "NO_ANSWER"
    STOPPED = "STOPPED"
    DECLINED = "DECLINED"
    NOT_RELEVANT = "NOT_RELEVANT"

    @property
    def level(self) -> int:
        """Return its number, 0 to 7: what is no stage counts as 0."""
        return LEVELS[self]


LEVELS = {state: int(state[-1]) if state.startswith("STAGE_") else 0 for state in AdoptionState}


class AdoptionSource(LabelledEnum):
    """Who said where a place stands."""

    HIN = "hin", "Health Innovation Network"
    SITE = "site", "The site itself"
    SUPPLIER = "supplier", "The supplier, as a network recorded it"
    SURVEY = "survey", "A survey"
    INNOVATOR = "innovator", "The innovator's own claim"


class Adoption(Base):
    """A place stood at a stage from a day on, as somebody said. Rows are added, never changed: a
    correction is a new row that names the one it stands for."""

    __tablename__ = "adoption"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN organisation_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN site_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN place_named = '' THEN 0 ELSE 1 END) = 1",
            name="one_place",
        ),
        Index("ix_adoption_of_site", "innovation_id", "site_id", "on", "id"),
        Index("ix_adoption_at_site", "site_id", "innovation_id"),
    )

    id: Mapped[Id]
    innovation_id: Mapped[int] = mapped_column(ForeignKey("innovation.id", ondelete="CASCADE"))
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"))
    """The place of the directory. Only these are counted where sites are."""
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    place_named: Mapped[str] = mapped_column(default="", server_default=sql("''"))
    """The name of one that is in no list."""
    unit: Mapped[str] = mapped_column(default="", server_default=sql("''"))
    """The ward or department, where it is not the whole place."""
    state: Mapped[AdoptionState]
    on: Mapped[date]
    """The first day on which it held; of a month or a year alone the first."""
    on_precision: Mapped[Precision] = mapped_column(default=Precision.DAY, server_default="day")
    at: Mapped[datetime] = mapped_column(default=now)
    """When it was recorded."""
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    said_by_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    """For which organisation it was said."""
    source: Mapped[AdoptionSource]
    reason_id: Mapped[int | None] = mapped_column(ForeignKey("term.id"))
    """Why it fell, stopped or was declined; older rows were not asked."""
    note: Mapped[str] = mapped_column(default="", server_default=sql("''"))
    is_indicative: Mapped[bool] = mapped_column(default=False, server_default=false())
    """It is the best that is known, and has yet to be checked."""
    corrects_id: Mapped[int | None] = mapped_column(
        ForeignKey("adoption.id", ondelete="CASCADE"), unique=True
    )
    """The row that it stands for from now on."""
    confirms_id: Mapped[int | None] = mapped_column(
        ForeignKey("adoption.id", ondelete="CASCADE"), index=True
    )
    """The innovator's claim that it confirms."""

    site: Mapped[Site | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship(foreign_keys=[organisation_id])
    said_by: Mapped[Organisation | None] = relationship(foreign_keys=[said_by_id])
    by: Mapped[User | None] = relationship(foreign_keys=[by_id])
    reason: Mapped[Term | None] = relationship()
