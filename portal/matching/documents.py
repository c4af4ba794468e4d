"""What of a challenge and of an innovation is compared. Nothing commercial in confidence."""

from collections.abc import Iterable

from portal.challenges.models import Challenge
from portal.innovations.models import Innovation
from portal.matching.engine import Need, Solution
from portal.reference.models import Term, Vocabulary

COMPARED = {
    Vocabulary.CARE_SETTING: "care_setting",
    Vocabulary.CONDITION: "condition",
    Vocabulary.AREA: "area",
    Vocabulary.PURPOSE: "purpose",
}
"""The vocabularies that are parts of the score."""


def need_of(challenge: Challenge) -> Need:
    """Return the challenge as the engine takes it."""
    fields = {
        "title": challenge.title,
        "problem": challenge.problem,
        "who_affected": challenge.who_affected,
        "tried": challenge.tried,
        "outcome_wanted": challenge.outcome_wanted,
        "must_haves": challenge.must_haves,
    }
    return Need(challenge.id, fields, _facets(challenge.terms), challenge.how_many)


def solution_of(innovation: Innovation) -> Solution:
    """Return the innovation's submitted content as the engine takes it."""
    fields = {
        "name": innovation.name,
        "summary": innovation.summary,
        "description": innovation.description,
        "need": innovation.need,
        "who_for": innovation.who_for,
        "benefits": innovation.benefits_note,
        "inequalities": innovation.inequalities_note,
        "evidence": "\n".join(f"{item.title}. {item.result}" for item in innovation.evidence),
        "setting": _setting(innovation),
    }
    purpose = [innovation.main_purpose] if innovation.main_purpose else []
    facets = _facets([*innovation.terms, *purpose])
    return Solution(innovation.id, fields, facets, innovation.patients_a_year)


def _setting(innovation: Innovation) -> str:
    """Return the labels of category and care settings as words: what it is and where it is used."""
    settings = [t.label for t in innovation.terms if t.vocabulary is Vocabulary.CARE_SETTING]
    category = [innovation.category.label] if innovation.category else []
    return ". ".join([*category, *settings])


def _facets(terms: Iterable[Term]) -> dict[str, frozenset[str]]:
    """Return the labels of the compared terms, and the groups of the conditions."""
    found: dict[str, set[str]] = {}
    for term in terms:
        if term.vocabulary in COMPARED:
            found.setdefault(COMPARED[term.vocabulary], set()).add(term.label)
        if term.vocabulary is Vocabulary.CONDITION:
            found.setdefault("condition_group", set()).add(term.group)
    return {part: frozenset(labels) for part, labels in found.items()}
