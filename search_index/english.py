"""Whether a word is English, so that it is looked for as typed and not taken for an error.

The words are those of the package pyspellchecker (MIT licence), 160,000 with their forms and names.
Only a number for each is kept: 1.3 MB for each process, read when the first unknown word is typed.
"""

from functools import cache

import numpy as np
from spellchecker import SpellChecker

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


def _is_in_list(word: str) -> bool:
    numbers = _numbers()
    place = int(numbers.searchsorted(hash(word)))
    return place < len(numbers) and int(numbers[place]) == hash(word)


@cache
def _numbers() -> Array:
    """The hash of each word, sorted; Python's own, which holds within one process."""
    known = SpellChecker(language="en").word_frequency.words()
    numbers = np.fromiter((hash(word) for word in known), dtype=np.int64)
    numbers.sort()
    return numbers
