"""How far an innovation has come, area by area: for the people who may not read why.

An area is reached by a milestone that shows it (the `value` of its term) or by what the record
itself says, checked by HIN staff where it is a claim of the innovator's. The areas are those that
innovators know from the national Innovation Service; which facts reach them is our own rule.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.clock import PartialDate
from portal.innovations.models import StandardHeld, StandardStatus
from portal.innovations.rules.on_day import uses_on
from portal.innovations.rules.standing import DEVICE_MARKS
from portal.proof.models import MilestoneReached
from portal.proof.rules.proven import Facts
from portal.reference.models import Term


@dataclass(frozen=True, slots=True)
class Progress:
    """One area: the day since when it is reached, None while it is not, and what shows it."""

    area: Term
    on: date | PartialDate | None
    is_reached: bool
    shown_by: str
    """In words that everybody who may see the record may read."""


Found = tuple[date | PartialDate | None, str] | None
"""Since when, where that is known, and what shows it; None when nothing does."""


def progress(
    areas: Sequence[Term], reached: Iterable[MilestoneReached], facts: Facts
) -> list[Progress]:
    """Return every area in order. What stands in `facts` must be what the reader may know."""
    ticked = _by_area(row for row in reached if row.on <= facts.on)
    return [_area(area, ticked.get(area.code), facts) for area in areas]


def _area(area: Term, ticked: MilestoneReached | None, facts: Facts) -> Progress:
    found = RECORDED[area.code](facts) if area.code in RECORDED else None
    if found is None and ticked is not None:
        found = (ticked.on, f"Milestone: {ticked.milestone.label}")
    if found is None:
        return Progress(area, None, False, "")
    return Progress(area, found[0], True, found[1])


def _by_area(reached: Iterable[MilestoneReached]) -> dict[str, MilestoneReached]:
    """Return for each area the first milestone that showed it."""
    first: dict[str, MilestoneReached] = {}
    for row in sorted(reached, key=lambda row: row.on):
        for code in row.milestone.value.split():
            first.setdefault(code, row)
    return first


def _uses(facts: Facts) -> Found:
    uses = uses_on(facts.innovation.uses, facts.on)
    places = len({use.place for use in uses})
    if not places:
        return None
    words = "1 organisation" if places == 1 else f"{places} organisations"
    return min(uses, key=lambda use: use.from_on).known_from, f"In use at {words}"


def _checked(codes: frozenset[str]) -> Callable[[Facts], Found]:
    """Return the fact that HIN staff checked one of these standards and it is in date."""

    def found(facts: Facts) -> Found:
        rows = [row for row in facts.innovation.standards if row.standard.code in codes]
        held = next((row for row in rows if _is_checked(row, facts.on)), None)
        return (held.checked_on, f"Checked: {held.standard.label}") if held else None

    return found


def _is_checked(row: StandardHeld, on: date) -> bool:
    is_in_date = row.valid_until is None or row.valid_until >= on
    return row.status is StandardStatus.YES and row.checked_on is not None and is_in_date


def _evidence(code: str) -> Callable[[Facts], Found]:
    """Return the fact that the record has evidence of this kind."""

    def found(facts: Facts) -> Found:
        items = [item for item in facts.evidence if item.kind.code == code]
        return (items[0].known_on, f"Evidence: {items[0].title}") if items else None

    return found


def _validated(facts: Facts) -> Found:
    done = facts.supporting
    return (done[-1].to_on, f"Validation: {done[-1].question}") if done else None


RECORDED: Mapping[str, Callable[[Facts], Found]] = {
    "DEPLOYMENT_COUNT": _uses,
    "UKCA_CE": _checked(DEVICE_MARKS),
    "DTAC": _checked(frozenset({"DTAC"})),
    "EVIDENCE_CLINICAL": _evidence("CLINICAL_CARE"),
    "EVIDENCE_REAL_WORLD": _evidence("REAL_WORLD"),
    "EVIDENCE_COST": _evidence("COST_IMPACT"),
    "REAL_WORLD_VALIDATION": _validated,
}
"""Areas that the record itself can show."""
