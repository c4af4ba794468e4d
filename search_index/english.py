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
    packed = files("spellchecker") / "resources" / "en.json.gz"
    listed = gzip.decompress(packed.read_bytes()).decode("utf-8")
    numbers = np.fromiter((hash(found[1]) for found in _WORD.finditer(listed)), dtype=np.int64)
    numbers.sort()
    return numbers
