"""Finding known words one or two typing errors away."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

MAX_CORRECTED_LENGTH = 40


def allowed_errors(word: str) -> int:
    """None under four letters, one under eight, two from there: short words have no room.

    None beyond any real word's length either: it would only take time to look.
    """
    if not 4 <= len(word) <= MAX_CORRECTED_LENGTH or any(letter.isdigit() for letter in word):
        return 0
    return 1 if len(word) < 8 else 2


def distance(one: str, other: str, limit: int) -> int:
    """How many insertions, deletions, replacements or swaps of neighbours lie between two words.

    Anything over ``limit`` is given as ``limit + 1`` (Damerau's measure, restricted form).
    """
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        current = [row]
        for column, against in enumerate(other, start=1):
            best = min(last[column] + 1, current[-1] + 1, last[column - 1] + (letter != against))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == against:
                best = min(best, before[column - 2] + 1)
            current.append(best)
        if min(current) > limit:
            return limit + 1
        before, last = last, current
    return last[-1] if last[-1] <= limit else limit + 1


def closest(word: str, known: Iterable[tuple[str, int]]) -> list[str]:
    """The ``known`` words that a mistyped one may mean, the likeliest first.

    ``known`` are words with how many records hold a form of them. Fewest errors first, then the
    same first letter, then the most used, then the alphabet.
    """
    limit = allowed_errors(word)
    ranked: list[tuple[int, bool, int, str]] = []
    for candidate, count in known if limit else ():
        errors = distance(word, candidate, limit)
        if errors <= limit:
            ranked.append((errors, candidate[0] != word[0], -count, candidate))
    return [candidate for *_, candidate in sorted(ranked)]


def distances(word: str, candidates: NDArray[np.uint32]) -> NDArray[np.int16]:
    """``distance`` of a word to many at once, without a limit.

    ``candidates`` has a row for each word, its UTF-8 as numbers, padded with zeros; an accented
    letter counts as two.
    """
    lengths = (candidates != 0).sum(axis=1)
    width = candidates.shape[1] + 1
    before = last = np.tile(np.arange(width, dtype=np.int16), (len(candidates), 1))
    letters = list(word.encode("utf-8", "surrogatepass"))
    for row, letter in enumerate(letters, start=1):
        current = np.empty_like(last)
        current[:, 0] = row
        for column in range(1, width):
            against = candidates[:, column - 1]
            best = np.minimum(last[:, column], current[:, column - 1]) + 1
            best = np.minimum(best, last[:, column - 1] + (against != letter))
            if row > 1 and column > 1:
                swapped = (candidates[:, column - 2] == letter) & (against == letters[row - 2])
                best = np.where(swapped, np.minimum(best, before[:, column - 2] + 1), best)
            current[:, column] = best
        before, last = last, current
    found: NDArray[np.int16] = last[np.arange(len(candidates)), lengths]
    return found
