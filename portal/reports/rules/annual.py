"""Years on the page of a year's impact, and the table of ten of them. Pure."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from portal.programmes.models import ProgrammeValue

TEN = 10
"""Years of the timeline."""
Cell = Sequence[ProgrammeValue]
"""What was published of a measure in a year: nothing, one value, or several that do not agree."""


class HasValues(Protocol):
    """A measure with its values."""

    @property
    def values(self) -> Sequence[ProgrammeValue]:
        """Return them."""


def name_of(year: int) -> str:
    """Return a financial year as addresses and published values name it: "2024-25"."""
    return f"{year}-{(year + 1) % 100:02}"


def table_of(
    names: Sequence[str], counters: Sequence[HasValues]
) -> Iterator[tuple[str, Sequence[Cell]]]:
    """Yield each year with a cell for each measure: England's values, those that differ apart."""
    for name in names:
        yield name, [_differing(one.values, name) for one in counters]


def _differing(values: Sequence[ProgrammeValue], name: str) -> Cell:
    found: dict[tuple[float | None, str, str], ProgrammeValue] = {}
    for one in values:
        if one.period == name and one.hin_id is None:
            found.setdefault((one.value, one.qualifier, one.part), one)
    return list(found.values())
