"""Finding the phrases that name a concept among the stems of a text.

The phrases of ``data/synonyms.csv`` are stemmed once with the same analysis as texts and kept by
their first stem, so that a text is walked once and almost every word costs one look-up.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from search_index import lexicon
from search_index.words import stem, words


class ConceptMatch(NamedTuple):
    """A concept named by words ``first`` to ``last`` of a text, and what else it is called."""

    concept: str
    first: int
    last: int
    strength: float
    others: tuple[str, ...]


class _Pattern(NamedTuple):
    stems: tuple[str, ...]
    phrase: lexicon.Phrase
    cues: frozenset[str]


@cache
def _patterns() -> dict[str, tuple[_Pattern, ...]]:
    """Patterns by first stem, longest first."""
    by_first: dict[str, list[_Pattern]] = {}
    for phrase in lexicon.phrases():
        stems = _one_per_position([(one.stem, one.position) for one in words(phrase.text)])
        cues = frozenset(stem(cue.lower()) for cue in phrase.cues)
        by_first.setdefault(stems[0], []).append(_Pattern(stems, phrase, cues))
    return {
        first: tuple(sorted(patterns, key=lambda pattern: -len(pattern.stems)))
        for first, patterns in by_first.items()
    }


@cache
def listed_stems() -> frozenset[str]:
    """Every stem of every phrase."""
    every = (pattern for patterns in _patterns().values() for pattern in patterns)
    return frozenset(stem for pattern in every for stem in pattern.stems)


def _one_per_position(found: Sequence[tuple[str, int]]) -> tuple[str, ...]:
    by_position: dict[int, str] = {}
    for one, position in found:
        by_position.setdefault(position, one)
    return tuple(by_position.values())


@cache
def labels(concept: str) -> tuple[str, ...]:
    """The names of a concept that mean the same, as people write them, fullest first."""
    return tuple(
        phrase.text
        for phrase in lexicon.phrases()
        if phrase.concept == concept and phrase.strength == 1.0
    )


def find(
    stems: Sequence[str], surfaces: Sequence[str], positions: Sequence[int]
) -> list[ConceptMatch]:
    """Every concept named, each once per place; see ``text.expand``."""
    patterns = _patterns()
    present: frozenset[str] | None = None
    heads: dict[int, int] | None = None
    covered: dict[str, int] = {}
    found: list[ConceptMatch] = []
    for index, first in enumerate(stems):
        for pattern in patterns.get(first, ()):
            concept = pattern.phrase.concept
            last = index
            if len(pattern.stems) > 1:
                heads = heads or _heads(positions)
                last = _match(pattern.stems, index, stems, positions, heads)
            if last < 0 or positions[index] <= covered.get(concept, -1):
                continue
            if pattern.phrase.capitals_only and not _capital(surfaces[index]):
                continue
            if pattern.cues:
                present = present or frozenset(stems)
                if not _decided(pattern, present):
                    continue
            covered[concept] = positions[last]
            found.append(_found(pattern.phrase, index, last))
    return found


def _heads(positions: Sequence[int]) -> dict[int, int]:
    """The index of the first token at each position: its word, not its joined form."""
    heads: dict[int, int] = {}
    for index, position in enumerate(positions):
        heads.setdefault(position, index)
    return heads


def _match(
    pattern: Sequence[str],
    index: int,
    stems: Sequence[str],
    positions: Sequence[int],
    heads: Mapping[int, int],
) -> int:
    """The index of the pattern's last word when the pattern starts at ``index``, else -1."""
    last = index
    for further, wanted in enumerate(pattern[1:], start=1):
        last = heads.get(positions[index] + further, -1)
        if last < 0 or stems[last] != wanted:
            return -1
    return last


def _capital(surface: str) -> bool:
    return surface[:1].isupper() and surface.rstrip("s").isupper()


def _decided(pattern: _Pattern, present: frozenset[str]) -> bool:
    """Whether the text holds a cue other than the phrase itself."""
    return bool((pattern.cues - set(pattern.stems)) & present)


def _found(phrase: lexicon.Phrase, first: int, last: int) -> ConceptMatch:
    others = tuple(name for name in labels(phrase.concept) if name.lower() != phrase.text.lower())
    return ConceptMatch(phrase.concept, first, last, phrase.strength, others)
