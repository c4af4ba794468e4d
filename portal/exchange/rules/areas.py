"""What areas know by themselves: what each kind of fact asks for, and what must be there. Pure."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from portal.clock import PartialDate
from portal.errors import Invalid
from portal.exchange.models.areas import AreaFact, FactKind
from portal.wording import day_words

MAX_FACTS = 40
"""So many of one kind an area may have: more is a document of its own, to which a fact links."""

LABELS: Mapping[str, str] = {
    "words": "What it is called",
    "more": "What it is",
    "state": "Where it stands",
    "begins": "From",
    "ends": "Until",
    "qualifier": "Exact or not",
    "value": "Number",
    "unit": "Unit",
    "counts": "What the number counts",
    "period": "Period",
    "partners": "Partners",
    "link": "Web address",
    "note": "What is left out or unsure",
}
"""What each part of a fact is called, on pages and in the trail."""

ASKED: Mapping[FactKind, Sequence[str]] = {
    FactKind.STRATEGY: ("words", "more", "state", "begins", "ends", "partners", "link", "note"),
    FactKind.PRIORITY: ("words",),
    FactKind.PROJECT: (
        *("words", "more", "qualifier", "value", "unit", "counts", "period"),
        *("partners", "link", "note"),
    ),
}
"""What an area's people are asked of each kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactText:
    """What an area's people say in one fact."""

    words: str
    more: str = ""
    state: str = ""
    begins: PartialDate | None = None
    ends: PartialDate | None = None
    qualifier: str = ""
    value: Decimal | None = None
    unit: str = ""
    counts: str = ""
    period: str = ""
    partners: str = ""
    link: str = ""
    note: str = ""


def check(said: FactText) -> None:
    """Raise Invalid where a number does not say what it counts, or an end lies before its begin."""
    if said.value is not None and not said.counts:
        raise Invalid("Enter what the number counts", field="counts")
    if said.value is not None and not said.unit:
        raise Invalid("Enter the unit of the number", field="unit")
    if said.value is None and (said.counts or said.unit or said.qualifier):
        raise Invalid("Enter the number", field="value")
    if said.begins and said.ends and said.ends.last < said.begins.first:
        raise Invalid("The end must be after the beginning", field="ends")


def columns(said: FactText) -> dict[str, Any]:
    """Return what the columns of a fact hold of it."""
    begins, ends = said.begins, said.ends
    found = {name: getattr(said, name) for name in LABELS if name not in {"begins", "ends"}}
    found |= {"from_on": begins.first if begins else None, "until_on": ends.last if ends else None}
    if begins:
        found["from_precision"] = begins.precision
    if ends:
        found["until_precision"] = ends.precision
    return found


def said_by(fact: AreaFact) -> FactText:
    """Return what a fact says now, as a form asks for it."""
    return FactText(**{name: getattr(fact, name) for name in LABELS})


def told(value: Any) -> Any:
    """Return a part of a fact as the trail keeps it: a number or a date in words."""
    if isinstance(value, PartialDate):
        return day_words(value)
    return number_words(value) if isinstance(value, Decimal) else value


def number_words(value: Decimal) -> str:
    """Return a number as pages show it: "1,500,000" or "41.5"."""
    return f"{value.normalize():,f}"


def shown_day(ends_on: date | None, begins_on: date, today: date) -> date:
    """Return the day for which an area is shown: today; of one that ended its last day, of one
    that is to come its first."""
    if ends_on is not None and ends_on < today:
        return ends_on
    return max(begins_on, today)


def with_those_before(ics_id: int, became: Set[tuple[int, int]]) -> frozenset[int]:
    """Return the number of an area and of all that became part of it, however many steps before;
    `became` are pairs of the one that ended and the one that followed."""
    found, more = {ics_id}, {ics_id}
    while more:
        more = {before for before, after in became if after in more} - found
        found |= more
    return frozenset(found)


def next_position(facts: Iterable[AreaFact], kind: FactKind) -> int:
    """Return the place at the end of its kind; raises Invalid when there are too many."""
    places = [fact.position for fact in facts if fact.kind is kind]
    if len(places) >= MAX_FACTS:
        raise Invalid(f"An area has at most {MAX_FACTS} of a kind: link to a document instead")
    return max(places, default=0) + 1
