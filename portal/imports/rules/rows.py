"""What a row of a file is to the portal, and what it did. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.imports.models import Verdict


@dataclass
class RowVerdict:
    """What a row is to the portal."""

    verdict: Verdict = Verdict.WRONG
    name: str = ""
    problems: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    changes: dict[str, list[str]] = field(default_factory=dict)
    record_id: int | None = None
    record_name: str = ""
    seen: int | None = None
    identity: tuple[str, ...] = ()
    """What two rows of one file must not share."""
    to_verify: str = ""


@dataclass(frozen=True)
class RowOutcome:
    """What a row did."""

    record_id: int
    version: int
    before: dict[str, Any] | None
    """What the record said before; None where the row made it."""


@dataclass(frozen=True)
class Target:
    """Which record a row is to write."""

    record_id: int | None
    """None: it makes one."""
    seen: int | None = None
    """The version that the preview showed."""
    is_like: bool = False
    """Whether it is only like the row, and somebody said that it takes what the row says."""


class RecordChanged(Exception):
    """The record is another than it was when the row was looked at."""


ERRORS_OF_FORMULAS = frozenset(
    {"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!"}
)
SHOWN = 300
"""Characters of an answer that a preview shows."""


def by_field(messages: Sequence[str], names: Sequence[str]) -> dict[str, str]:
    """Return messages like "stage: there is no …" by their field; "" holds those of no field."""
    found: dict[str, str] = {}
    for message in messages:
        name, colon, words = message.partition(": ")
        key, said = (name, words) if colon and name in names else ("", message)
        found[key] = f"{found[key]}; {said}" if key in found else said
    return found


def broken_formulas(cells: Mapping[str, str]) -> dict[str, str]:
    """Return a message for each cell that holds the error of a formula instead of a value."""
    return {
        name: f"{text} is the error of a formula: enter the value"
        for name, text in cells.items()
        if text in ERRORS_OF_FORMULAS
    }


def shortened(text: str) -> str:
    """Return an answer as a preview shows it."""
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def too_few(counts: Mapping[Verdict, int]) -> bool:
    """Whether so few rows of a file fit that it is most likely not a list of this kind, or its
    columns are matched wrongly: more than four of five are wrong."""
    total = sum(counts.values())
    return total > 0 and counts.get(Verdict.WRONG, 0) * 5 > total * 4
