"""A number as a report quotes it: what it is, where it is from, how it is printed. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from portal.figures.rules import Figure
from portal.programmes.models import ProgrammeValue
from portal.reports.rules.text import Reference
from portal.reports.rules.words import has_changed_much

NOT_THERE = "There is no such number"


@dataclass(frozen=True, slots=True)
class Quoted:
    """A reference with the number that it leads to."""

    reference: Reference
    as_at: datetime
    shown: str = ""
    """As it is printed; "" where it leads to no number."""
    label: str = ""
    area: str = ""
    period: str = ""
    value: float | None = None
    before: float | None = None
    """What a figure was in the quarter before; None where that is not known."""
    unit: str = ""
    definition: str = ""
    source: str = ""
    is_frozen: bool = False
    """Whether it stays what it is: a figure of a frozen quarter, a published value."""
    problem: str = ""
    """Why it leads to no number, "" where it does."""
    hin_id: int | None = None
    group: str = ""
    quarter: str = ""
    """The code of its quarter, of a figure."""
    figure: Figure | None = None
    row: ProgrammeValue | None = None
    bar: str = ""
    """What it is called as a bar of a chart."""
    parts: tuple["Quoted", ...] = ()
    """Of a chart: the figure of each of its bars. Of an exhibit: the numbers in its words."""
    exhibit: Mapping[str, Any] = field(default_factory=dict, compare=False)
    """What is shown of a diagram, case study or photograph (`rules.exhibits`)."""
    place: tuple[int, int] | None = None
    """Of a bar of a map: column and row of its tile."""

    @property
    def key(self) -> str:
        """Return what tells it from other numbers."""
        return self.reference.key

    @property
    def printed(self) -> str:
        """Return what stands in the text: the number, or that there is none."""
        return self.shown or f"[{self.reference.code}: {self.problem}]"

    @property
    def moved(self) -> bool:
        """Whether it differs from the quarter before by more than half."""
        return has_changed_much(self.before, self.value)


def each_number(found: Iterable[Quoted]) -> list[Quoted]:
    """Return numbers one by one: of a chart those of its bars, of an exhibit those in its words."""
    return [one for whole in found for one in _numbers_of(whole)]


def _numbers_of(whole: Quoted) -> tuple[Quoted, ...]:
    return whole.parts if whole.parts or whole.exhibit else (whole,)
