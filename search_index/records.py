"""A document after analysis: what memory, columns and the server engine all work from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from search_index import text
from search_index.conditions import All, Any, Condition, Not, OneOf, WordSequence
from search_index.interface import Document
from search_index.passages import Match
from search_index.ranking import NEAR, Settings
from search_index.text import Token


@dataclass(frozen=True)
class Analysed:
    """A document with the tokens of each field; everything else follows from these."""

    document: Document
    tokens: Mapping[str, tuple[Token, ...]]

    @cached_property
    def frequencies(self) -> dict[str, dict[str, float]]:
        """Stem to field to how often the field holds it."""
        found: dict[str, dict[str, float]] = {}
        for name, tokens in self.tokens.items():
            for token in tokens:
                held = found.setdefault(token.stem, {})
                held[name] = held.get(name, 0) + (NEAR if token.is_near else 1)
        return found

    @cached_property
    def lengths(self) -> dict[str, int]:
        """Field to number of tokens; empty fields are left out."""
        return {name: len(tokens) for name, tokens in self.tokens.items() if tokens}

    @cached_property
    def surfaces(self) -> frozenset[tuple[str, str]]:
        """Every word of the record in folded form with its stem, for spelling and completion."""
        return frozenset(
            (text.fold(token.surface), token.stem)
            for tokens in self.tokens.values()
            for token in tokens
            if not token.stem.startswith("#")
        )

    def name_keys(self, settings: Settings) -> frozenset[str]:
        """The folded names under which a question finds exactly this record."""
        fields = self.document.fields
        keys = (text.name_key(fields.get(name, "")) for name in settings.names)
        return frozenset(key for key in keys if key)

    def matches(self, name: str, stems: Iterable[str]) -> list[Match]:
        """Where a field holds any of the stems, in order."""
        wanted = frozenset(stems)
        return [
            Match(token.start, token.end, token.stem)
            for token in self.tokens.get(name, ())
            if token.stem in wanted
        ]

    def meets(self, condition: Condition) -> bool:
        """Whether the record holds what a condition asks, words in one field."""
        match condition:
            case WordSequence():
                names = (condition.field,) if condition.field else tuple(self.tokens)
                return any(self._field_meets(name, condition) for name in names)
            case OneOf():
                return bool(condition.values & set(self.document.facets.get(condition.facet, ())))
            case All():
                return all(self.meets(part) for part in condition.parts)
            case Any():
                return any(self.meets(part) for part in condition.parts)
            case Not():
                return not self.meets(condition.part)

    def _field_meets(self, name: str, condition: WordSequence) -> bool:
        places = [
            {token.position for token in self.tokens.get(name, ()) if token.stem in step}
            for step in condition.steps
        ]
        return any(
            all(at + gap in held for gap, held in zip(condition.gaps, places, strict=True))
            for at in places[0]
        )


def analyse(document: Document) -> Analysed:
    """Read every field of a document."""
    return Analysed(document, {name: tuple(text.tokens(t)) for name, t in document.fields.items()})
