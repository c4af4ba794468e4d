"""Whether a word is English, so that it is looked for as typed and not taken for an error.

The words are those of the package pyspellchecker (MIT licence), 160,000 with their forms and names.
Only a number for each is kept: 1.3 MB for each process, read when the first unknown word is typed.
"""

import gzip
import re
from functools import cache
from importlib.resources import files

import numpy as np

from search_index import lexicon
from search_index.arrays import Array


def is_english(word: str) -> bool:
    """Whether a folded word is English, in British or American spelling."""
    return any(_is_in_list(one) for one in _spellings(word))


def _spellings(word: str) -> list[str]:
    """The word and its American forms."""
    words, parts = lexicon.spellings()
    american = words.get(word, word)
    for british, other in parts.items():
        american = american.replace(british, other)
    forms = [word, american, american.replace("is", "iz")]
    return [*forms, *(one.removesuffix("s") for one in forms if len(one) > _SHORTEST)]


def share_of_texts(word: str) -> float:
    """Return how large a share of everyday English a folded word is: 0.0003 for "behind". 0 for
    whatever stands there less often than twenty times in a million words.

    The package counted in subtitles of films: nobody speaks there of what a health service does.
    """
    return _common().get(word, 0.0)


@cache
def _common() -> dict[str, float]:
    counted = {found[1]: int(found[2]) for found in _COUNTED.finditer(_listed())}
    total = sum(counted.values())
    return {w: count / total for w, count in counted.items() if count / total >= _LEAST_SHARE}


_LEAST_SHARE = 20e-6
_COUNTED = re.compile(r'"([^"\\]+)":\s*(\d+)')
_SHORTEST = 4
_WORD = re.compile(r'"([^"\\]+)":')


def _is_in_list(word: str) -> bool:
    numbers = _numbers()
    place = int(numbers.searchsorted(hash(word)))
    return place < len(numbers) and int(numbers[place]) == hash(word)


@cache
def _numbers() -> Array:
    """The hash of each word, sorted; Python's own, which holds within one process.

    The package would hold all words and their counts in memory; so its list is read as text.
    """
    words = (hash(found[1]) for found in _WORD.finditer(_listed()))
    numbers = np.fromiter(words, dtype=np.int64)
    numbers.sort()
    return numbers


def _listed() -> str:
    """The package's list as JSON: each word with how often it was counted."""
    packed = files("spellchecker") / "resources" / "en.json.gz"
    return gzip.decompress(packed.read_bytes()).decode("utf-8")
