"""From text to words: the analysis shared by search and matching.

A *token* is a word as written, where it stands, and its stem. Folding takes away accents, case
and the British/American difference; compounds give their parts and the joined form (``COVID-19``:
covid, 19, covid19), camel-case names their parts too (``myCOPD``: mycopd, copd). A phrase that
names a concept of ``data/synonyms.csv`` adds a token whose stem starts with ``#``.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from whoosh.lang.porter2 import stem as porter

from search_index import lexicon
from search_index.concepts import Found, find, listed_stems

LONGEST_WORD = 40
_CACHED_WORDS = 400_000

# A chunk is letters and digits, with the marks that may join them inside.
_CHUNK = re.compile(
    r"[^\W_][\w\u0300-\u036f]*(?:['\u2019&/.\-\u2010\u2011][^\W_][\w\u0300-\u036f]*)*"
)
_HYPHEN = re.compile("[-\u2010\u2011]")
_DIGITS = re.compile(r"\d+(?:[./]\d+)+")
_AMPERSAND = re.compile(r"[^\W\d_]&[^\W\d_]", re.UNICODE)
_INITIALS = re.compile(r"[^\W\d_](?:\.[^\W\d_])+", re.UNICODE)
_CAMEL = re.compile(r"[A-Z]?[a-z]{3,}|[A-Z]{3,}(?![a-z])")
_ISE = re.compile(r"(?<=[a-z]{3})iz(?=(?:e|ed|es|er|ers|ing|ation|ations|ational)$)")


class Token(NamedTuple):
    """A word in a text: ``text[start:end]`` is as written, ``position`` counts words from 0.

    ``stem`` starts with ``#`` for a concept, whose surface is the phrase that named it;
    ``is_near`` when the phrase does not mean the concept but is near to it.
    """

    stem: str
    surface: str
    start: int
    end: int
    position: int
    is_near: bool = False


class _Part(NamedTuple):
    stem: str
    start: int
    end: int
    position: int


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """Lower case without accents: the form in which names and words are compared."""
    if text.isascii():
        return text.lower()
    # Twice, because taking compatibility forms apart can bring new capitals to light.
    for _ in range(2):
        text = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in text if not unicodedata.combining(letter)).casefold()


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The stem of one folded word; words with digits and very short words keep their form."""
    if len(word) < 4 or not word.isascii() or not word.isalpha():
        return word
    words, parts = lexicon.spellings()
    word = words.get(word, word)
    for british, american in parts.items():
        if british in word:
            word = word.replace(british, american)
    return str(porter(_ISE.sub("is", word)))


def name_key(text: str) -> str:
    """A name reduced to its folded words: two spellings of one name share it."""
    return " ".join(fold(match.group()) for match in _CHUNK.finditer(text[:500]))


def _pieces(chunk: str) -> Iterator[tuple[int, int]]:
    """Where the parts of a compound stand."""
    for match in re.finditer(r"[^&/.\-\u2010\u2011]+", chunk):
        yield match.start(), match.end()


def _is_whole(chunk: str) -> bool:
    return bool(_DIGITS.fullmatch(chunk) or _AMPERSAND.fullmatch(chunk))


@lru_cache(maxsize=_CACHED_WORDS)
def _parts(chunk: str) -> tuple[tuple[_Part, ...], int]:
    """The tokens of one chunk and how many positions it takes."""
    chunk_end = len(chunk)
    if chunk.isalpha() or _is_whole(chunk):
        return (*_single(chunk, 0, chunk_end, 0),), 1
    if _INITIALS.fullmatch(chunk):
        return (_Part(fold(chunk.replace(".", "")), 0, chunk_end, 0),), 1
    found: list[_Part] = []
    position = 0
    for start, end in _pieces(chunk):
        found.extend(_single(chunk[start:end], start, end, position))
        position += 1
    if position > 1 and _HYPHEN.search(chunk):
        found.extend(_joined(chunk))
    return tuple(found), max(position, 1)


def _single(word: str, start: int, end: int, position: int) -> Iterator[_Part]:
    plain, length = _without_possessive(word)
    yield _Part(stem(fold(plain)[:LONGEST_WORD]), start, start + length, position)
    if plain.isalpha() and not (plain.islower() or plain.isupper() or plain.istitle()):
        for inner in _CAMEL.findall(plain):
            yield _Part(stem(fold(inner)), start, end, position)


def _without_possessive(word: str) -> tuple[str, int]:
    """The word without apostrophes, and the length of it as written without the possessive."""
    head, mark, tail = word.replace("\u2019", "'").partition("'")
    if mark and tail.lower() == "s":
        return head, len(head)
    return head + tail.replace("'", ""), len(word)


def _joined(chunk: str) -> Iterator[_Part]:
    """The first compound with a hyphen, written as one word."""
    compound = chunk.split("/", maxsplit=1)[0]
    joined = fold(re.sub(r"[^\w]", "", compound))
    if joined and len(joined) <= LONGEST_WORD:
        yield _Part(stem(joined), 0, len(compound), 0)


def words(text: str) -> list[Token]:
    """Every word of a text in order, stop words included, concepts not."""
    found: list[Token] = []
    position = 0
    for match in _CHUNK.finditer(text):
        parts, width = _parts(match.group()[:200])
        offset = match.start()
        for part in parts:
            start, end = offset + part.start, offset + part.end
            found.append(Token(part.stem, text[start:end], start, end, position + part.position))
        position += width
    return found


def tokens(text: str) -> list[Token]:
    """The words and concepts of a text without stop words, by where they start."""
    every = words(text)
    telling = [token for token in every if is_telling(token)]
    telling.extend(_concept_tokens(text, every))
    telling.sort(key=lambda token: (token.start, token.end))
    return telling


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


def expand(every: Sequence[Token]) -> list[Found]:
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
