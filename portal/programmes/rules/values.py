"""Which values stand, how they are told, and how they compare with what was planned. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal.programmes.models import Basis, ProgrammeValue, Quality, ValueKind
from portal.programmes.rules.numbers import (
    SUPPRESSED,
    Share,
    disclosed,
    disclosed_share,
    disclosed_words,
    plain,
)
from portal.reference.rules import Quarter
from portal.wording import unit_words

UNKNOWN = "Not known"


def quarter_first(period: str) -> date | None:
    """Return the first day of a period that is a quarter, None for any other."""
    try:
        return Quarter.named(period).first
    except ValueError:
        return None


GROUP_REACHED = "GROUP_REACHED"
"""The measure of people of one equality group: the part of its values is the group."""


def standing(rows: Iterable[ProgrammeValue], as_of: datetime | None = None) -> list[ProgrammeValue]:
    """Return the rows that no later row corrects, as known at a moment (None: now)."""
    known = [row for row in rows if as_of is None or row.at <= as_of]
    corrected = {row.corrects_id for row in known}
    return [row for row in known if row.id not in corrected]


def number_words(row: ProgrammeValue, *, is_exact: bool) -> str:
    """Return a value as people read it, with its counts where it is a share.

    Counts of patients below the nation are rounded and few are left out, unless `is_exact`.
    """
    if row.value is None and not row.value_text:
        return UNKNOWN
    if row.value is None:
        return row.value_text
    hides = row.measure.is_patients and row.hin_id is not None and not is_exact
    if row.numerator is not None and row.denominator and is_share(row):
        share = Share(row.numerator, row.denominator)
        if hides:
            shown = disclosed_share(row.numerator, row.denominator)
            return shown.words if shown else SUPPRESSED
        return share.words
    amount = disclosed_words(row.value) if hides else plain(row.value)
    return " ".join(word for word in (row.qualifier, with_unit(amount, row.unit)) if word)


def is_share(row: ProgrammeValue) -> bool:
    """Whether a value is a percentage."""
    return row.unit.startswith("percent") and "point" not in row.unit


def with_unit(amount: str, unit: str) -> str:
    """Return an amount with its unit: "£984,000", "46% of trusts", "92 sites"."""
    if unit == "pounds":
        return f"£{amount}"
    if unit.startswith("pounds "):
        return f"£{amount} {unit.removeprefix('pounds ')}"
    if unit.startswith("percent") and "point" not in unit:
        return f"{amount}%{unit.removeprefix('percent')}"
    return (
        amount
        if unit in {"year", "date target"}
        else f"{amount} {unit_words(amount, unit)}".strip()
    )


@dataclass(frozen=True, slots=True)
class Planned:
    """What was planned for a quarter and area, and what was counted over the same sites."""

    quarter_on: date
    hin_id: int | None
    planned: float
    counted: float | None
    """None: nothing was reported."""
    is_patients: bool = True
    quality: Quality = Quality.FINAL

    def share(self, *, is_exact: bool) -> Share | None:
        """Return the achievement; None where nothing was reported, or too few to be shown."""
        if self.counted is None or not self.planned:
            return None
        if is_exact or self.hin_id is None or not self.is_patients:
            return Share(self.counted, self.planned)
        shown = disclosed(self.counted)
        return None if shown is None else Share(shown, self.planned)

    def words(self, *, is_exact: bool) -> str:
        """Return it in words: "1,465 of 1,233 (119%)", "*", "Not reported"."""
        share = self.share(is_exact=is_exact)
        if share is not None:
            return share.words
        return "Not reported" if self.counted is None else SUPPRESSED


def in_period(rows: Iterable[ProgrammeValue]) -> list[ProgrammeValue]:
    """Return the counted values of quarters that are flows: only they are compared and added."""
    return [
        row
        for row in rows
        if row.kind is ValueKind.ACTUAL
        and row.basis is Basis.IN_PERIOD
        and row.quarter_on is not None
        and row.value is not None
    ]


Cell = tuple[date, int | None]
"""A quarter and an area; None is the nation."""


def by_cell(rows: Sequence[ProgrammeValue]) -> dict[Cell, float]:
    """Return values of one measure, product and part by quarter and area, the newest row of each.

    The nation is its own row, else the sum of its networks.
    """
    found: dict[Cell, float] = {}
    for row in sorted(rows, key=lambda one: one.id):
        if row.quarter_on is not None and row.value is not None:
            found[row.quarter_on, row.hin_id] = row.value
    return with_nation(found)


def with_nation(cells: dict[Cell, float]) -> dict[Cell, float]:
    """Return cells of networks with the nation's beside them, where it has none of its own."""
    sums: dict[Cell, float] = {}
    for (quarter_on, hin_id), value in cells.items():
        if hin_id is not None:
            sums[quarter_on, None] = sums.get((quarter_on, None), 0.0) + value
    return {**sums, **cells}
