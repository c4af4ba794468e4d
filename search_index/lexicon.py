"""The words the engine knows about, read once from the files in ``data``.

Every list is data: ``stopwords``, ``boilerplate`` (words that say little, with a weight),
``spelling`` (British to American, folded to one form), ``numbers`` (words
for numbers), ``prefixes`` (what is no word of its own before a hyphen), ``senses`` (words that mean
something else after another word) and ``synonyms`` (phrases that name one concept; ambiguous ones
count only beside a cue word or in capitals).
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from types import MappingProxyType

_FILES = ("boilerplate", "numbers", "prefixes", "senses", "spelling", "stopwords", "synonyms")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way to write a concept, as in ``synonyms.csv``.

    ``strength`` is 1.0 when the phrase means the concept and 0.5 when it is near it.
    """

    concept: str
    text: str
    strength: float
    capitals_only: bool
    cues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sense:
    """A word that means something else after another word, as in ``senses.csv``."""

    before: str
    word: str
    meaning: str


def _rows(name: str) -> list[dict[str, str]]:
    with (files("search_index") / "data" / f"{name}.csv").open(encoding="utf-8") as source:
        return list(csv.DictReader(source))


@cache
def stopwords() -> frozenset[str]:
    """Words too common to look for, in lower case."""
    return frozenset(row["word"] for row in _rows("stopwords"))


@cache
def boilerplate() -> Mapping[str, float]:
    """Words of the domain that say little, with the share of their weight that they keep."""
    return MappingProxyType({row["word"]: float(row["weight"]) for row in _rows("boilerplate")})


@cache
def spellings() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Whole words and parts of words, British to American."""
    rows = _rows("spelling")
    kinds = ("word", "part")
    words, parts = (
        MappingProxyType({r["british"]: r["american"] for r in rows if r["where"] == kind})
        for kind in kinds
    )
    return words, parts


@cache
def numbers() -> Mapping[str, str]:
    """Words for numbers with their digits."""
    return MappingProxyType({row["word"]: row["digits"] for row in _rows("numbers")})


@cache
def prefixes() -> frozenset[str]:
    """What stands before a hyphen and is no word of its own."""
    return frozenset(row["prefix"] for row in _rows("prefixes"))


@cache
def senses() -> tuple[Sense, ...]:
    """Words that mean something else after another word."""
    return tuple(Sense(row["before"], row["word"], row["meaning"]) for row in _rows("senses"))


@cache
def phrases() -> tuple[Phrase, ...]:
    """Every phrase that names a concept."""
    return tuple(
        Phrase(
            concept=row["concept"],
            text=row["phrase"],
            strength=1.0 if row["strength"] == "same" else 0.5,
            capitals_only=row["capitals_only"] == "yes",
            cues=tuple(row["cues"].split()),
        )
        for row in _rows("synonyms")
    )


@cache
def digest() -> str:
    """A short hash of all the lists: an index made with other lists must be made again."""
    whole = blake2b(digest_size=8)
    for name in _FILES:
        whole.update((files("search_index") / "data" / f"{name}.csv").read_bytes())
    return whole.hexdigest()
