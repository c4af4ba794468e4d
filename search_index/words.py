"""From text to words: tokens, folding and stems; knows nothing of concepts.

A *token* is a word as written, where it stands, and its stem. Folding takes away accents, case
and the British/American difference; compounds give their parts and the joined form (``COVID-19``:
covid, 19, covid19), camel-case names their parts too (``myCOPD``: mycopd, copd).
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from whoosh.lang.porter2 import stem as porter

from search_index import lexicon

MAX_WORD_LENGTH = 40
_CACHED_WORDS = 400_000
_SHOUTED_LETTERS = 5
_MOST_ABBREVIATIONS = 3
_MOST_DIGITS = 4
_UNIT_LETTERS = 2

# What takes no room on a page: soft hyphens, zero width and direction marks, variation selectors.
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
)
_UNSEEN = re.compile(f"[{_INVISIBLE}]+")
# Joiners and selectors between two signs make one emoji of them.
_IN_EMOJI = re.compile("(?<=[^\\w\\s])(?:\ufe0f?\u200d(?=[^\\w\\s])|\ufe0f)")

# A chunk is letters and digits, with the marks that may join them inside.
_CHUNK = re.compile(
    r"[^\W_][\w\u0300-\u036f]*(?:['\u2019&/.\-\u2010\u2011][^\W_][\w\u0300-\u036f]*)*"
)
# The same where "pre", "non" and the like belong to the word that follows, or something is unseen.
_LOOSE = ("pre ", "non ", "anti ", "peri ", "intra ")
_RARE_CHUNK = re.compile(
    rf"(?:\b(?i:{'|'.join(_LOOSE)})(?=[^\W\d_]))?[^\W_][\w\u0300-\u036f{_INVISIBLE}]*"
    rf"(?:['\u2019&/.\-\u2010\u2011][{_INVISIBLE}]*[^\W_][\w\u0300-\u036f{_INVISIBLE}]*)*"
)
_PIECE = re.compile("[^&/.\x20\\-\u2010\u2011]+")
_HYPHEN = re.compile("[\x20\\-\u2010\u2011]")
_DIGITS = re.compile(r"\d+(?:[./]\d+)+")
_AMPERSAND = re.compile(r"[^\W\d_]&[^\W\d_]", re.UNICODE)
_INITIALS = re.compile(r"[^\W\d_](?:\.[^\W\d_])+", re.UNICODE)
_CAMEL = re.compile(r"[A-Z]?[a-z]{3,}|[A-Z]{3,}(?![a-z])")
_PLURAL = re.compile(r"[A-Z]{2,}s")
_ISE = re.compile(r"(?<=[a-z]{3})iz(?=(?:e|ed|es|er|ers|ing|ation|ations|ational)$)")
_LETTERS = re.compile(rf"[^\W\d_]{{{_SHOUTED_LETTERS},}}")


class Token(NamedTuple):
    """A word in a text: ``text[start:end]`` is as written, ``position`` counts words from 0.

    ``surface`` is the word as written, or in lower case where the whole text is in capitals.
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


def visible(text: str) -> str:
    """The text without characters that nobody sees; those that make up an emoji stay."""
    if text.isascii() or not _UNSEEN.search(text):
        return text
    kept: list[str] = []
    end = 0
    for match in _IN_EMOJI.finditer(text):
        kept += (_UNSEEN.sub("", text[end : match.start()]), match.group())
        end = match.end()
    return "".join((*kept, _UNSEEN.sub("", text[end:])))


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """Lower case without accents: the form in which names and words are compared."""
    if text.isascii():
        return text.lower()
    text = visible(text)
    # Twice, because taking compatibility forms apart can bring new capitals to light.
    for _ in range(2):
        text = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in text if not unicodedata.combining(letter)).casefold()


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The stem of one folded word; words with digits and very short words keep their form.

    A number in words is its digits: "ten or more" is "10 or more".
    """
    word = lexicon.numbers().get(word, word)
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
    return " ".join(fold(match.group()) for match in _chunks(text[:500]))


def _chunks(text: str) -> Iterator[re.Match[str]]:
    lowered = text.lower()
    is_rare = any(one in lowered for one in _LOOSE)
    is_rare = is_rare or not (text.isascii() or not _UNSEEN.search(text))
    return (_RARE_CHUNK if is_rare else _CHUNK).finditer(text)


def _pieces(chunk: str) -> Iterator[tuple[int, int]]:
    """Where the parts of a compound stand."""
    for match in _PIECE.finditer(chunk):
        yield match.start(), match.end()


def _is_whole(chunk: str) -> bool:
    return bool(_DIGITS.fullmatch(chunk) or _AMPERSAND.fullmatch(chunk))


class _Chunk(NamedTuple):
    """The tokens of a chunk, how many positions it takes, and whether it may change with the word
    before it: it begins with a digit, or has several senses."""

    parts: tuple[_Part, ...]
    width: int
    has_digit: bool
    has_senses: bool


@lru_cache(maxsize=_CACHED_WORDS)
def _read(chunk: str) -> _Chunk:
    parts, width = _parts(chunk)
    first = parts[0].stem if parts else ""
    return _Chunk(parts, width, first[:1].isdigit(), first in _senses())


def _parts(chunk: str) -> tuple[tuple[_Part, ...], int]:
    """The tokens of one chunk and how many positions it takes."""
    chunk_end = len(chunk)
    if chunk.isalpha() or _is_whole(chunk):
        return (*_single(chunk, 0, chunk_end, 0),), 1
    if _INITIALS.fullmatch(chunk):
        return (_Part(fold(chunk.replace(".", "")), 0, chunk_end, 0),), 1
    whole = tuple(_joined(chunk)) if _HYPHEN.search(chunk) else ()
    found: list[_Part] = []
    position = 0
    for start, end in _pieces(chunk):
        if whole and end < chunk_end and fold(chunk[start:end]) in lexicon.prefixes():
            # Of "pre-op" the whole stands where "pre" would.
            found.extend(() if found else whole)
        else:
            found.extend(_single(chunk[start:end], start, end, position))
        position += 1
    if position > 1:
        found.extend(one for one in whole if one not in found)
    return tuple(found), max(position, 1)


def _single(word: str, start: int, end: int, position: int) -> Iterator[_Part]:
    plain, length = _without_possessive(word)
    folded = fold(plain)[:MAX_WORD_LENGTH]
    if not folded:
        return
    yield _Part(stem(folded), start, start + length, position)
    plain = visible(plain)
    if _PLURAL.fullmatch(plain) and stem(folded) != stem(folded[:-1]):
        # Of "GPs" and "DNAs" the stem keeps the s, since no vowel stands before it.
        yield _Part(stem(folded[:-1]), start, start + length, position)
    # Parts at a change of case, and the letters before or after digits (NEWS2: news2, news).
    if not (plain.isalpha() and (plain.islower() or plain.isupper() or plain.istitle())):
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
    joined = re.sub(r"[^\w]", "", fold(compound))
    if joined and len(joined) <= MAX_WORD_LENGTH:
        yield _Part(stem(joined), 0, len(compound), 0)


def words(text: str) -> list[Token]:
    """Every word of a text in order, stop words included, concepts not.

    A word and the number after it also count as one (news 2: news2), and a word that the one before
    gives another meaning (``data/senses.csv``: a surgery where a GP works is no operation) has that
    in its stem.
    """
    found: list[Token] = []
    position = 0
    surfaces = text.lower() if _shouts(text) else text
    before: Token | None = None
    had_digit = False
    for match in _chunks(text):
        parts, width, has_digit, has_senses = _read(match.group()[:200])
        offset = match.start()
        here = len(found)
        for stem, first, last, place in parts:
            start, end = offset + first, offset + last
            found.append(Token(stem, surfaces[start:end], start, end, position + place))
        if parts:
            if before and has_senses:
                found[here] = _after(before, found[here])
            if before and has_digit is not had_digit:
                found.extend(_bordering(before, found[here], text, surfaces))
            before, had_digit = (found[here] if width == 1 else None), has_digit
        position += width
    return found


def _shouts(text: str) -> bool:
    """Whether a text is all in capitals, so that they say nothing.

    One word may be a name, two or three short ones abbreviations.
    """
    if not text.isupper():
        return False
    spaces = text.strip().count(" ")
    is_shouted = spaces > _MOST_ABBREVIATIONS - 1 or (spaces > 0 and bool(_LETTERS.search(text)))
    return is_shouted and len(text.lower()) == len(text)


def _after(before: Token, token: Token) -> Token:
    """The token, with its meaning in its stem when the one before gives it another."""
    senses = _senses().get(token.stem)
    meaning = senses.get(before.stem) if senses else None
    return token._replace(stem=f"{token.stem}:{meaning}") if meaning else token


def _bordering(one: Token, other: Token, text: str, surfaces: str) -> Iterator[Token]:
    """Two words at a border of letters and digits as one: "news 2", "3 D"."""
    if text[one.end : other.start] != " ":
        return
    is_numbered = one.stem.isalpha() and other.stem.isdigit() and len(other.stem) <= _MOST_DIGITS
    is_unit = one.stem.isdigit() and other.stem.isalpha() and len(other.stem) <= _UNIT_LETTERS
    plain = (fold(text[one.start : one.end]), fold(text[other.start : other.end]))
    if (is_numbered or is_unit) and not lexicon.stopwords().intersection(plain):
        joined = plain[0] + other.stem if is_numbered else one.stem + plain[1]
        yield Token(joined, surfaces[one.start : other.end], one.start, other.end, one.position)


@cache
def _senses() -> dict[str, dict[str, str]]:
    """Stem of a word to stem of the word before it to what it means there."""
    senses: dict[str, dict[str, str]] = {}
    for row in lexicon.senses():
        senses.setdefault(stem(row.word), {})[stem(row.before)] = row.meaning
    return senses
