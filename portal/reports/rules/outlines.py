"""What an outline is: the parts of a report, in their order, with what each needs. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.reference.rules import Quarter


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an outline, from which a section is made."""

    number: int
    """Its place in the outline, from 1."""
    code: str
    parent: str
    """The code of the part in which it stands; "" for one of the first level."""
    heading: str
    needs: str
    """What belongs into it."""
    figures: tuple[str, ...]
    """Codes of the figures that it is expected to quote."""
    programmes: tuple[str, ...]
    """Codes of the programmes of which it tells."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A version of a template for reports."""

    code: str
    version: int
    name: str
    title: str
    is_year: bool
    """Whether it is for a financial year; else for a quarter."""
    area: str
    """For whom: "england", "network" or "any"."""
    parts: Sequence[Part]

    def part(self, code: str) -> Part | None:
        """Return a part by its code, None where this version has none such."""
        return next((one for one in self.parts if one.code == code), None)

    def slug(self, quarter: Quarter, network: str) -> str:
        """Return the address of its report: "2026-27-q1", "2025-26-impact-hi-wm"."""
        years = quarter.years.replace("/", "-")
        period = f"{years}-impact" if self.is_year else f"{years}-q{quarter.number}"
        return f"{period}-{network.lower()}" if network else period

    def period(self, quarter: Quarter) -> str:
        """Return the period in words."""
        return quarter.years if self.is_year else quarter.label


def numbered(sections: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return the printed number of each section by its code: "2", "2.1"; from (code, parent) in
    their order. Numbers are worked out, so that none is given twice."""
    numbers: dict[str, str] = {}
    counts: dict[str, int] = {}
    for code, parent in sections:
        counts[parent] = counts.get(parent, 0) + 1
        above = f"{numbers[parent]}." if parent in numbers else ""
        numbers[code] = f"{above}{counts[parent]}"
    return numbers
