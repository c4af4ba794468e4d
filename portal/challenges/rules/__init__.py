"""What challenges know by themselves: their words, and what must be there before they open."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from portal.challenges.models import Outcome
from portal.reference.models import Term, Vocabulary

VOCABULARIES = (
    Vocabulary.CARE_SETTING,
    Vocabulary.CONDITION,
    Vocabulary.AREA,
    Vocabulary.PURPOSE,
)
"""The vocabularies from which a challenge has terms."""

WITH_INNOVATION = frozenset({Outcome.ADOPTED, Outcome.TRIAL})
"""Outcomes that are about one innovation, which is named."""
LABELS: Mapping[str, str] = {
    "title": "The challenge in one line",
    "problem": "The problem",
    "who_affected": "Who is affected",
    "how_many": "People affected in a year",
    "tried": "What has been tried",
    "outcome_wanted": "The outcome wanted",
    "must_haves": "Must-haves and limits",
    "care_setting": "Care settings",
    "condition": "Conditions",
    "area": "Areas",
    "purpose": "Purposes",
    "needed_by": "Answer needed by",
    "contact_name": "Contact name",
    "contact_email": "Contact email address",
    "readers": "Who may read it",
    "state": "State",
    "outcome": "Outcome",
    "outcome_note": "What others should know",
    "outcome_innovation": "Innovation",
    "opened_at": "Opened",
    "closed_at": "Closed",
}
"""What each fact is called on pages and in downloads."""
NEEDED_TO_OPEN: Mapping[str, str] = {
    "title": "Enter the challenge in one line",
    "problem": "Enter what the problem is",
    "who_affected": "Enter who is affected",
    "outcome_wanted": "Enter the outcome you want",
}
"""Field: what to say when it is empty. A draft may lack any but the title."""


class ChallengeTexts(Protocol):
    """The words that an open challenge needs: of a row, or as typed."""

    @property
    def title(self) -> str:
        """The challenge in one line."""

    @property
    def problem(self) -> str:
        """What is wrong today."""

    @property
    def who_affected(self) -> str:
        """Who feels it."""

    @property
    def outcome_wanted(self) -> str:
        """What should be true instead."""


def missing_to_open(stated: ChallengeTexts) -> dict[str, str]:
    """Return `{field: what to do}` for all that must be written before the challenge opens."""
    return {
        field: message
        for field, message in NEEDED_TO_OPEN.items()
        if not getattr(stated, field).strip()
    }


def grouped(terms: Iterable[Term]) -> dict[Vocabulary, list[str]]:
    """Return the labels of terms by vocabulary, every vocabulary present."""
    found: dict[Vocabulary, list[str]] = {vocabulary: [] for vocabulary in VOCABULARIES}
    for term in terms:
        found[term.vocabulary].append(term.label)
    return found
