"""Places, networks and vocabularies, each with the dates between which it holds."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import day_of, today
from portal.db import Base, Id, LabelledEnum, Versioned


class Vocabulary(enum.StrEnum):
    """The coded lists of the minimum dataset; one file of terms each."""

    CARE_SETTING = "care_setting"
    CATEGORY = "category"
    AREA = "area"
    PURPOSE = "purpose"
    BENEFIT = "benefit"
    CONDITION = "condition"
    DEVELOPMENT_STAGE = "development_stage"
    SUPPORT_LEVEL = "support_level"
    ADOPTION_STAGE = "adoption_stage"
    INEQUALITY = "inequality"
    STANDARD = "standard"
    EVIDENCE_KIND = "evidence_kind"
    EVIDENCE_TYPE = "evidence_type"
    SUPPORT_PROGRAMME = "support_programme"
    SUPPORT_KIND = "support_kind"
    MILESTONE = "milestone"
    PROGRESS_AREA = "progress_area"
    ADOPTION_REASON = "adoption_reason"
    FUNDING_STATUS = "funding_status"
    EQUALITY_GROUP = "equality_group"


class Term(Versioned, Base):
    """One entry of a vocabulary. Retired terms stay, for the records that hold them."""

    __tablename__ = "term"
    __table_args__ = (UniqueConstraint("vocabulary", "code"),)

    id: Mapped[Id]
    vocabulary: Mapped[Vocabulary]
    code: Mapped[str]
    label: Mapped[str]
    group: Mapped[str] = mapped_column(default="")
    """The heading it stands under: a condition's group, a stage's Discover/Develop/Deploy."""
    position: Mapped[int]
    definition: Mapped[str] = mapped_column(default="")
    value: Mapped[str] = mapped_column(default="")
    """What the vocabulary measures, if anything: a level's hours, a stage's readiness levels."""
    source: Mapped[str] = mapped_column(default="")
    retired_on: Mapped[date | None]
    is_label_edited: Mapped[bool] = mapped_column(default=False)
    """An administrator renamed it: loading the files again leaves the label alone."""
    is_added: Mapped[bool] = mapped_column(default=False, server_default=false())
    """An administrator added it: no file has it, and loading the files does not retire it."""
    is_retiring_edited: Mapped[bool] = mapped_column(default=False, server_default=false())
    """An administrator retired it or brought it back: loading the files leaves that alone."""
    is_position_edited: Mapped[bool] = mapped_column(default=False, server_default=false())
    """An administrator moved it: loading the files leaves its place alone."""


class FormerLabel(Base):
    """What a term was called until a day: files that still say so are understood."""

    __tablename__ = "former_label"
    __table_args__ = (UniqueConstraint("term_id", "label"),)

    id: Mapped[Id]
    term_id: Mapped[int] = mapped_column(ForeignKey("term.id", ondelete="CASCADE"), index=True)
    label: Mapped[str]
    until_on: Mapped[date]

    term: Mapped[Term] = relationship()


class Region(Base):
    """An NHS England region, by its ODS code."""

    __tablename__ = "region"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    source: Mapped[str] = mapped_column(default="")


class Ics(Base):
    """An integrated care system, for as long as its boundary held."""

    __tablename__ = "ics"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    ics_name: Mapped[str]
    icb_name: Mapped[str]
    ods_code: Mapped[str | None] = mapped_column(unique=True)
    """What the national directory calls its board, where that is not `code`."""
    is_edited: Mapped[bool] = mapped_column(default=False, server_default=false())
    """An administrator made or changed it: loading the files again leaves it alone."""
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    """The last day on which it existed; None while it does."""
    source: Mapped[str] = mapped_column(default="")

    region: Mapped[Region] = relationship()
    names: Mapped[list["IcsName"]] = relationship(
        order_by="IcsName.valid_from", back_populates="ics"
    )

    def name_on(self, on: date | datetime) -> str:
        """Return what it was called on a day, as `Hin.name_on` does; `queries.ics_names_on` is its
        twin for many."""
        return _held_on(self.names, on) or self.name


class IcsName(Base):
    """What an ICS was called, and when; of one that was never renamed there is none."""

    __tablename__ = "ics_name"
    __table_args__ = (UniqueConstraint("ics_id", "name"),)

    id: Mapped[Id]
    ics_id: Mapped[int] = mapped_column(ForeignKey("ics.id"))
    name: Mapped[str]
    valid_from: Mapped[date | None]
    """None where nobody recorded when the name began."""
    valid_to: Mapped[date | None]

    ics: Mapped[Ics] = relationship(back_populates="names")


class IcsSuccession(Base):
    """One ICS, or a part of it, became (part of) another. Splits and merges are several rows."""

    __tablename__ = "ics_succession"
    __table_args__ = (UniqueConstraint("predecessor_id", "successor_id"),)

    id: Mapped[Id]
    predecessor_id: Mapped[int] = mapped_column(ForeignKey("ics.id"))
    successor_id: Mapped[int] = mapped_column(ForeignKey("ics.id"))
    on: Mapped[date]
    part: Mapped[str] = mapped_column(default="whole")
    """"whole", or the part's name."""
    share: Mapped[int | None]
    """How many of a hundred people of the predecessor went there, where that is known."""
    source: Mapped[str] = mapped_column(default="")

    predecessor: Mapped[Ics] = relationship(foreign_keys=[predecessor_id])
    successor: Mapped[Ics] = relationship(foreign_keys=[successor_id])


class Hin(Base):
    """A Health Innovation Network."""

    __tablename__ = "hin"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    geography: Mapped[str] = mapped_column(default="")
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    website: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="")
    is_name_edited: Mapped[bool] = mapped_column(default=False, server_default=false())
    """It was renamed in the portal: loading the files again leaves the name alone."""

    region: Mapped[Region] = relationship()
    names: Mapped[list["HinName"]] = relationship(
        order_by="HinName.valid_from", back_populates="hin"
    )

    def name_on(self, on: date | datetime) -> str:
        """Return what it was called on a day, or at a moment; the name it has where nobody recorded
        another. The rule for whatever a page dates; `queries.hin_names_on` is its twin for many."""
        return _held_on(self.names, on) or self.name


def _held_on(names: Sequence["HinName"] | Sequence["IcsName"], on: date | datetime) -> str:
    """Return which of the names held on a day, the last that began; "" for today or where none
    did: then it is called as it is."""
    day = day_of(on) if isinstance(on, datetime) else on
    held = [
        one.name
        for one in names
        if (one.valid_from or date.min) <= day <= (one.valid_to or date.max)
    ]
    return held[-1] if held and day < today() else ""


class HinName(Base):
    """What a HIN was called, and when: until October 2023 most were AHSNs."""

    __tablename__ = "hin_name"
    __table_args__ = (UniqueConstraint("hin_id", "name"),)

    id: Mapped[Id]
    hin_id: Mapped[int] = mapped_column(ForeignKey("hin.id"))
    name: Mapped[str]
    acronym: Mapped[str] = mapped_column(default="")
    valid_from: Mapped[date | None]
    """None where nobody recorded when the name began."""
    valid_to: Mapped[date | None]

    hin: Mapped[Hin] = relationship(back_populates="names")


class HinServiceArea(Base):
    """A HIN serves an ICS between two days; at any day one HIN leads in each ICS."""

    __tablename__ = "hin_service_area"
    __table_args__ = (UniqueConstraint("hin_id", "ics_id", "valid_from"),)

    id: Mapped[Id]
    hin_id: Mapped[int] = mapped_column(ForeignKey("hin.id"))
    ics_id: Mapped[int] = mapped_column(ForeignKey("ics.id"))
    is_lead: Mapped[bool]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    is_edited: Mapped[bool] = mapped_column(default=False, server_default=false())
    """An administrator made or ended it: loading the files again leaves it alone."""

    hin: Mapped[Hin] = relationship()
    ics: Mapped[Ics] = relationship()


class BankHoliday(Base):
    """A bank holiday in England."""

    __tablename__ = "bank_holiday"

    on: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str]


class DeadlineKind(LabelledEnum):
    """What somebody has to do within so many working days; most are for HINs."""

    PICK_UP = "pick_up", "Pick up a new innovation"
    DECIDE = "decide", "Decide after picking up"
    REPLY = "reply", "Reply to what was asked for, or to another network"
    BROKER = "broker", "Broker an introduction"
    UPDATE = "update", "Be in touch while engaging"
    """The innovator hears from a HIN that is engaging."""
    SHEET = "sheet", "Send the update of a quarter, after it ended"
    RETURN = "return", "Answer the yearly return, until a reminder is sent"
    ANSWER = "answer", "Tell everybody who answered a challenge what was decided"
    """Those who state the challenge, from the closing of a call or the arrival of the answer."""
    ASSESS = "assess", "Assess a proposal of a next programme"
    IDEA = "idea", "Answer an idea of staff"


class DeadlineUnit(enum.StrEnum):
    """In what a deadline is counted."""

    WORKING_DAYS = "working_days"
    WEEKS = "weeks"
    """To the same weekday, or the last working day before it: never later."""


class Deadline(Base):
    """How long a deadline allows, from a day on: settings are dated, never edited."""

    __tablename__ = "deadline"
    __table_args__ = (UniqueConstraint("kind", "valid_from"),)

    id: Mapped[Id]
    kind: Mapped[DeadlineKind]
    amount: Mapped[int]
    """How long, in `unit`."""
    unit: Mapped[DeadlineUnit] = mapped_column(
        default=DeadlineUnit.WORKING_DAYS, server_default=DeadlineUnit.WORKING_DAYS.value
    )
    valid_from: Mapped[date]


@dataclass(frozen=True, slots=True)
class DueDate:
    """A day by which something is due; or why it cannot be worked out yet."""

    due_on: date | None = None
    kind: DeadlineKind | None = None
    """Which deadline has no day yet; None where there is a day, or nothing is due."""
    made_on: date | None = None
    year: int | None = None
    """The year whose bank holidays are missing."""

    def columns(self) -> dict[str, Any]:
        """Return what the columns of a `HasDueDate` row hold of it."""
        return {
            "due_on": self.due_on,
            "undated": self.kind,
            "undated_from": self.made_on,
            "undated_year": self.year,
        }


NO_DUE_DATE = DueDate()
"""There is no due date."""


class HasDueDate:
    """A row with a due date. Where bank holidays are missing it keeps which deadline holds and
    when, and gets its day once they are loaded (`reference.services.fill_due_dates`)."""

    id: Mapped[Id]
    due_on: Mapped[date | None]
    """The day by which the next step is due; None when nothing is, or `undated` tells why."""
    undated: Mapped[DeadlineKind | None]
    """The deadline whose day cannot be worked out yet."""
    undated_from: Mapped[date | None]
    """The day on which it was made."""
    undated_year: Mapped[int | None]
    """The year whose bank holidays are missing."""

    def set_due(self, due_date: DueDate) -> None:
        """Make this the due date from now on."""
        for name, value in due_date.columns().items():
            setattr(self, name, value)

    @property
    def due_date(self) -> DueDate:
        """Return the due date, or why there is none."""
        return DueDate(self.due_on, self.undated, self.undated_from, self.undated_year)

    @property
    def undated_reason(self) -> str:
        """Say why there is no day, or nothing where there is one or nothing is due."""
        if self.undated_year is None:
            return ""
        return (
            f"Bank holidays for {self.undated_year} are not loaded: this deadline cannot be "
            "worked out. An administrator can load them."
        )


# Its tables refer to those above, so these must be there first.
from portal.reference.models.sites import (  # noqa: E402
    Site,
    SiteFile,
    SiteKind,
    SiteMembership,
    SiteName,
    SiteState,
    SiteSuccession,
    SiteWord,
)

__all__ = [
    "NO_DUE_DATE",
    "BankHoliday",
    "Deadline",
    "DeadlineKind",
    "DeadlineUnit",
    "DueDate",
    "FormerLabel",
    "HasDueDate",
    "Hin",
    "HinName",
    "HinServiceArea",
    "Ics",
    "IcsName",
    "IcsSuccession",
    "Region",
    "Site",
    "SiteFile",
    "SiteKind",
    "SiteMembership",
    "SiteName",
    "SiteState",
    "SiteSuccession",
    "SiteWord",
    "Term",
    "Vocabulary",
]
