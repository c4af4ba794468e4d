"""What is compared: texts by field and coded facts, on both sides the same shape."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import ClassVar

from portal.matching.engine.calls import shares
from search_index.text import tokens

SOLUTION_FIELDS: Mapping[str, float] = {
    "need": 2.0,
    "summary": 1.5,
    "benefits": 1.5,
    "evidence": 0.5,
    "setting": 0.5,
}
"""What one word counts in a field of a solution, 1 where not named here: what it is for and what
it does say more than how it was studied, or than the labels of its category and care settings."""

NEED_FIELDS: Mapping[str, float] = {"tried": 0.0, "title": 1.5, "outcome_wanted": 1.5}
"""The same for a need. What was tried and failed is no wish: its words are left out."""

Id = int | str
Written = Mapping[str, Sequence[str]]
"""How each stem of a text is written, each spelling once, in order."""
_NEXT = "\x1e"
"""Between words that are kept as one text: the separator of records, which ASCII has for this."""


@dataclass(frozen=True)
class _Described:
    """Texts by field, coded facts (labels) by part of the score, and how many people a year."""

    id: Id
    fields: Mapping[str, str]
    facets: Mapping[str, frozenset[str]] = field(default_factory=dict)
    people: int | None = None

    _field_weights: ClassVar[Mapping[str, float]]

    def _counting(self) -> Iterator[tuple[float, str, str]]:
        for name, text in self.fields.items():
            weight = self._field_weights.get(name, 1.0)
            if weight > 0 and text:
                yield weight, name, text


@lru_cache(maxsize=1_000)
def _written(texts: tuple[str, ...]) -> Written:
    """A need is compared with several collections: it is read once for all of them."""
    return _spelled((token.stem, token.surface) for text in texts for token in tokens(text))


def _spelled(pairs: Iterable[tuple[str, str]]) -> Written:
    """Return the spellings of each stem, each once whatever its capitals, as it comes first."""
    found: dict[str, dict[str, str]] = {}
    for stem, surface in pairs:
        found.setdefault(stem, {}).setdefault(surface.casefold(), surface)
    return {stem: list(spellings.values()) for stem, spellings in found.items()}


@lru_cache(maxsize=1_000)
def _named(texts: tuple[str, ...]) -> Mapping[str, str]:
    """A phrase that is only near to a concept does not name it."""
    found: dict[str, str] = {}
    for text in texts:
        for token in tokens(text):
            if token.stem.startswith("#") and not token.is_near:
                found.setdefault(token.stem, token.surface)
    return found


class Solution(_Described):
    """What is offered."""

    _field_weights = SOLUTION_FIELDS

    def count(self) -> dict[str, float]:
        """Return how often each stem is used, a field's words counted by its weight.

        They and how they are written are kept beside, as two texts: objects took ten times the
        room, and few are ever read.
        """
        counts: dict[str, float] = {}
        stems: list[str] = []
        surfaces: list[str] = []
        for weight, _, text in self._counting():
            read = tokens(text.replace(_NEXT, " "))
            here = [token.stem for token in read]
            for stem in here:
                counts[stem] = counts.get(stem, 0.0) + weight
            stems += here
            surfaces += [token.surface for token in read]
        vars(self)["_kept"] = _NEXT.join(stems), _NEXT.join(surfaces)
        return counts

    @property
    def written(self) -> Written:
        """How the telling words are written, fields that do not count left out."""
        if "_kept" not in vars(self):
            self.count()
        stems, surfaces = vars(self)["_kept"]
        return _spelled(
            zip(stems.split(_NEXT), surfaces.split(_NEXT), strict=True) if stems else ()
        )


class Need(_Described):
    """What is asked for."""

    _field_weights = NEED_FIELDS

    @property
    def written(self) -> Written:
        """How the telling words are written, fields that do not count left out."""
        return _written(tuple(text for _, _, text in self._counting()))

    def count(self) -> dict[str, float]:
        """Return how often each stem is used, a field's words counted by its weight."""
        counts: dict[str, float] = {}
        for weight, name, text in self._counting():
            for stem, share in self._shares(name, text):
                counts[stem] = counts.get(stem, 0.0) + weight * share
        return counts

    def _shares(self, name: str, text: str) -> Iterator[tuple[str, float]]:
        """Yield every telling stem of a field, with what it counts beside the others."""
        return ((token.stem, 1.0) for token in tokens(text)) if name == "title" else shares(text)

    @cached_property
    def named(self) -> Mapping[str, str]:
        """The concepts that the need names outright, each as it is written first."""
        return _named(tuple(text for _, _, text in self._counting()))

    @cached_property
    def bag(self) -> dict[str, float]:
        """What `count` returns, kept: a need is compared with several collections."""
        return self.count()
