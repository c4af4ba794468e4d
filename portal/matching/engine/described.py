"""What is compared: texts by field and coded facts, on both sides the same shape."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

from search_index.text import Token, tokens

SOLUTION_FIELDS: Mapping[str, float] = {
    "need": 2.0,
    "summary": 1.5,
    "benefits": 1.5,
    "evidence": 0.5,
}
"""What one word counts in a field of a solution, 1 where not named here: what it is for and what
it does say more than how it was studied."""

NEED_FIELDS: Mapping[str, float] = {"tried": 0.0, "title": 1.5, "outcome_wanted": 1.5}
"""The same for a need. What was tried and failed is no wish: its words are left out."""

Id = int | str


@dataclass(frozen=True)
class _Described:
    """Texts by field, and coded facts (labels) by part of the score."""

    id: Id
    fields: Mapping[str, str]
    facets: Mapping[str, frozenset[str]] = field(default_factory=dict)

    _field_weights: ClassVar[Mapping[str, float]]

    @cached_property
    def written(self) -> dict[str, list[str]]:
        """Return how each stem is written, once each way, but for fields that do not count."""
        found: dict[str, dict[str, str]] = {}
        for _, words in self._by_field():
            for token in words:
                found.setdefault(token.stem, {}).setdefault(token.surface.casefold(), token.surface)
        return {stem: list(spellings.values()) for stem, spellings in found.items()}

    @cached_property
    def bag(self) -> dict[str, float]:
        """Return how often each stem is used, a field's words counted by its weight."""
        counts: dict[str, float] = {}
        for weight, words in self._by_field():
            for token in words:
                counts[token.stem] = counts.get(token.stem, 0.0) + weight
        return counts

    def _by_field(self) -> Iterator[tuple[float, list[Token]]]:
        for name, text in self.fields.items():
            weight = self._field_weights.get(name, 1.0)
            if weight > 0:
                yield weight, tokens(text)


class Solution(_Described):
    """What is offered."""

    _field_weights = SOLUTION_FIELDS


class Need(_Described):
    """What is asked for."""

    _field_weights = NEED_FIELDS
