"""Stored reasons in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.matching.engine.reasons import Reasons, Shared
from portal.matching.rules import PARTS, Strength, strength

SHOWN = 6
"""So many shared words are named; the rest would tell nobody anything."""


@dataclass(frozen=True)
class Explained:
    """Why a pair is suggested, and what is not covered, ready to be read."""

    strength: Strength
    words: list[str]
    """Shared words: "discharge", or "A&E (here: emergency department)" where they differ."""
    facts: list[str]
    """Coded facts that agree: "Care setting: Care homes"."""
    missing_words: list[str]
    missing_facts: list[str]
    need_words: list[str]
    """Every spelling to mark in the challenge's text."""
    solution_words: list[str]
    """Every spelling to mark in the innovation's text."""


def explained(stored: Mapping[str, Any]) -> Explained:
    """Return what a page says of stored reasons."""
    reasons = Reasons.from_json(stored)
    return Explained(
        strength=strength(reasons.likeness),
        words=list(dict.fromkeys(_both(shared) for shared in reasons.shared))[:SHOWN],
        facts=_facts(reasons.facets),
        missing_words=reasons.missing_words,
        missing_facts=_facts(reasons.missing_facets),
        need_words=[word for shared in reasons.shared for word in shared.need],
        solution_words=[word for shared in reasons.shared for word in shared.solution],
    )


def _both(shared: Shared) -> str:
    """Return a shared word, with how the innovation puts it where that is another word."""
    own = shared.need[0]
    alike = {_start(word) for word in shared.need} & {_start(word) for word in shared.solution}
    return own if alike else f"{own} (they say: {shared.solution[0]})"


def _start(word: str) -> str:
    """Return the part that forms of one word have in common: "discharg" of "discharged"."""
    return word.casefold()[:4]


def _facts(facets: Mapping[str, list[str]]) -> list[str]:
    """Return the coded facts with their headings; a group says nothing beside its condition."""
    shown = [part for part in PARTS if part in facets]
    if "condition" in shown and "condition_group" in shown:
        shown.remove("condition_group")
    return [f"{PARTS[part]}: {', '.join(facets[part])}" for part in shown]
