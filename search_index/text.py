"""From text to words and concepts: the analysis shared by search and matching.

``words`` cuts a text into tokens; here the phrases that name a concept of ``data/synonyms.csv`` are
added as tokens whose stem starts with ``#``, and stop words are left out.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from operator import attrgetter

from search_index import lexicon
from search_index.concepts import ConceptMatch, find, listed_stems
from search_index.words import MAX_WORD_LENGTH, Token, fold, name_key, stem, words

__all__ = [
    "MAX_WORD_LENGTH",
    "ConceptMatch",
    "Token",
    "analyse",
    "boilerplate_weight",
    "expand",
    "fold",
    "is_listed",
    "is_telling",
    "name_key",
    "stem",
    "tokens",
    "words",
]


def tokens(text: str) -> list[Token]:
    """The words and concepts of a text without stop words, by where they start."""
    every, stop = words(text), lexicon.stopwords()
    # Nearly every word is no stop word: of the others alone it is asked whether they are names.
    telling = [one for one in every if one.surface.lower() not in stop or is_telling(one)]
    telling.extend(_concept_tokens(text, every))
    telling.sort(key=_PLACE)
    return telling


_PLACE = attrgetter("start", "end")


def is_telling(token: Token) -> bool:
    """Whether a token is more than a stop word; capitals are names (IT, WHO), never stop words."""
    surface = token.surface
    return surface.lower() not in lexicon.stopwords() or (len(surface) > 1 and surface.isupper())


def _concept_tokens(text: str, every: Sequence[Token]) -> Iterator[Token]:
    for found in expand(every):
        start, end = every[found.first].start, every[found.last].end
        place = every[found.first].position
        near = found.strength < 1.0
        yield Token(f"#{found.concept}", text[start:end], start, end, place, near)


def expand(every: Sequence[Token]) -> list[ConceptMatch]:
    """The concepts that words name; an ambiguous phrase only when its text decides.

    ``every`` is what ``words`` returns. Each result tells the concept, the first and last index
    of the words that name it, its strength (1.0 the same, 0.5 near) and its other names.
    """
    return find(
        [token.stem for token in every],
        [token.surface for token in every],
        [token.position for token in every],
    )


def is_listed(stem: str) -> bool:
    """Whether the synonyms know a stem, so that the word is certainly spelt as meant."""
    return stem in listed_stems()


def analyse(text: str) -> list[str]:
    """The stems and concepts of a text without stop words: what a bag of words is made of."""
    return [token.stem for token in tokens(text)]


def boilerplate_weight(stems: Iterable[str]) -> dict[str, float]:
    """The weight that each of these stems keeps: below 1 for words that say little here."""
    weights = _boilerplate_stems()
    return {one: weights.get(one, 1.0) for one in stems}


@lru_cache(maxsize=1)
def _boilerplate_stems() -> dict[str, float]:
    return {stem(word): weight for word, weight in lexicon.boilerplate().items()}
