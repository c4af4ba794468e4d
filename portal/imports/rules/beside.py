"""What a network's list says of an innovation beside the record: its support, its validations and
where it is used. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from portal.imports.rules.mapping import says_nothing
from portal.innovations.models import AdoptionState
from portal.proof.models import ValidationState
from portal.support.models import EngagementState
from portal.support.rules.interactions import MAX_MINUTES, MINUTE_STEP

MAX_HOURS = 2_000
"""More hours than this with one innovation are taken for a slip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidSupport:
    """How the network's own support stands; None is what no column says."""

    state: EngagementState | None = None
    level: int | None = None
    lead_id: int | None = None
    since: date | None = None
    on: date | None = None
    minutes: int | None = None
    """In all, since it began."""
    hours_on: date | None = None
    kind_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidTrial:
    """A real-world validation; "" and None are what no column says."""

    number: int | None = None
    """Of the validation in the portal."""
    question: str = ""
    place: str = ""
    method: str = ""
    state: ValidationState
    from_on: date | None = None
    to_on: date | None = None
    is_positive: bool | None = None
    people: int | None = None
    result: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidStage:
    """Where a site of the network's area stands."""

    site_id: int
    site_name: str
    state: AdoptionState
    on: date | None = None
    reason_id: int | None = None


@dataclass(frozen=True, slots=True)
class RowExtras:
    """All that a row says beside the record."""

    support: SaidSupport | None = None
    trials: tuple[SaidTrial, ...] = ()
    stages: tuple[SaidStage, ...] = ()
    others: tuple[str, ...] = ()
    """Codes of other networks that are said to work with it."""
    notes: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing that is written."""
        return self.support is None and not self.trials and not self.stages


def plain(text: str) -> str:
    """Return a text in one line: what a cell cannot keep is no difference."""
    return " ".join(text.split())


def lines_of(cell: str) -> list[str]:
    """Return the lines of a cell; one that only says that there is nothing is ""."""
    return ["" if says_nothing(line) else line.strip() for line in cell.strip().split("\n")]


def spread(values: Sequence[str], count: int) -> list[str] | None:
    """Return a value for each of so many things: as many as there are, one for all, none; None
    where they are another number."""
    if len(values) == count:
        return list(values)
    if not values:
        return [""] * count
    return list(values) * count if len(values) == 1 else None


_HOURS = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:h|hr|hrs|hour|hours)?", re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,4}):([0-5]\d)(?::00)?")


def minutes_in(text: str) -> int:
    """Return the minutes of "12.5", "12,5 hours" or "12:30", to the nearest quarter of an hour;
    raises ValueError."""
    clock = _CLOCK.fullmatch(text.strip())
    if clock is not None:
        minutes = Decimal(int(clock[1]) * 60 + int(clock[2]))
    else:
        found = _HOURS.fullmatch(text.strip())
        if found is None:
            raise ValueError("must be hours, like 12.5")
        try:
            minutes = Decimal(found[1].replace(",", ".")) * 60
        except InvalidOperation as error:
            raise ValueError("must be hours, like 12.5") from error
    if minutes > MAX_HOURS * 60:
        raise ValueError(f"must be {MAX_HOURS:,} hours or fewer")
    return int((minutes / MINUTE_STEP).to_integral_value() * MINUTE_STEP)


def hours_text(minutes: int) -> str:
    """Return minutes as a cell holds them: 750 is "12.5"."""
    return f"{Decimal(minutes) / 60:.2f}".rstrip("0").rstrip(".")


def lengths(minutes: int) -> list[int]:
    """Return so many minutes as interactions that are each as long as one may be."""
    whole, rest = divmod(minutes, MAX_MINUTES)
    return [MAX_MINUTES] * whole + ([rest] if rest else [])
