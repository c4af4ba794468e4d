"""What an adopter reads first of a record: its best result, its price, guidance on it. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from portal.innovations.models import Evidence, Innovation, Use
from portal.innovations.rules.on_day import uses_on
from portal.reference.models import Term

_GUIDANCE = re.compile(r"\b(?:NG|CG|TA|MTG|DG|HTG|HTE|HST|MIB|IPG|QS|PH|SC)\s?\d{1,4}\b")
"""The references under which NICE publishes its guidance, advice and standards."""
_PUBLISHED = frozenset({"RCT", "COMPARATIVE", "NON_COMPARATIVE", "PUBLISHED"})
FIRST = date(1, 1, 1)
NO_NUMBER = "No result in numbers is given. What is said:"
"""Stands before a result that tells none, so that nobody takes it for one."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Where a record is in use on a day."""

    places: tuple[str, ...]
    regions: tuple[str, ...]
    """The NHS regions of the places that are known to lie in one, each once."""


def best_result(evidence: Iterable[Evidence]) -> Evidence | None:
    """Return the piece of evidence that tells most: with a number in its result, published, the
    newest; None where no piece has a result."""
    told = [item for item in evidence if item.result.strip()]
    return max(told, key=_weight, default=None)


def tells_number(item: Evidence) -> bool:
    """Say whether a result has a number in it: "MTG37" holds a digit and tells no result."""
    return bool(re.search(r"\d", _GUIDANCE.sub("", item.result)))


def _weight(item: Evidence) -> tuple[bool, bool, date, int]:
    is_published = item.type is not None and item.type.code in _PUBLISHED
    return tells_number(item), is_published, item.on or FIRST, -(item.id or 0)


def strongest_type(evidence: Iterable[Evidence]) -> Term | None:
    """Return the type of study that weighs most: the vocabulary is in that order; None where no
    piece says its type."""
    types = [item.type for item in evidence if item.type is not None]
    return min(types, key=lambda one: one.position, default=None)


def guidance(evidence: Iterable[Evidence]) -> list[tuple[str, str]]:
    """Return the NICE references that the evidence names, each once, with the link beside it."""
    found: dict[str, str] = {}
    for item in evidence:
        for reference in _GUIDANCE.findall(f"{item.title} {item.result}"):
            plain = reference.replace(" ", "")
            found[plain] = found.get(plain) or item.link
    return list(found.items())


def spread(uses: Iterable[Use], on: date) -> Spread:
    """Return where it is in use on a day; trials are not use."""
    now_used: Sequence[Use] = uses_on(uses, on)
    regions = [use.ics.region.name for use in now_used if use.ics is not None]
    places = dict.fromkeys(use.place for use in now_used)
    return Spread(tuple(places), tuple(sorted(set(regions))))


def price(innovation: Innovation) -> str:
    """Return the cost in words: "£1,200 a site" or "Price on request"."""
    if innovation.cost is None:
        return "Price on request"
    pounds = f"£{innovation.cost:,.2f}".removesuffix(".00")
    return f"{pounds}, {innovation.cost_basis}" if innovation.cost_basis else pounds
