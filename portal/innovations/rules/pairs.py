"""Find the pairs that are likely the same among many records at once. Pure: texts in, pairs out.

Records that share keys (`rules.duplicates.keys_of`) are looked at, of each those that share most;
a name or a text that is far off is told by rapidfuzz in a microsecond, and only the rest is
compared as the pages compare.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

from portal.innovations.rules.duplicates import (
    SIMILAR_NAME,
    Likeness,
    RecordTexts,
    compare,
    keys_of,
)
from portal.text import words_of

MAX_RECORDS_OF_KEY = 60
"""A key that more records share tells nothing: a common word, a big university."""
MAX_COMPARED = 25
"""With how many of those that share most a record is compared."""
WEIGHTS = {"n": 12, "c": 12, "t": 4, "d": 3, "o": 3, "w": 2}
FAR = SIMILAR_NAME * 100 - 15
"""Names less alike than this (0 to 100) are compared only where more than the name is shared."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records, the older one first, and how alike they are."""

    one_id: int
    other_id: int
    likeness: Likeness


class RecordsByKey:
    """All records on the pipeline, by their keys."""

    def __init__(self, records: Mapping[int, RecordTexts]) -> None:
        self.records = records
        self.names = {number: " ".join(words_of(one.name)) for number, one in records.items()}
        self.keys = {number: keys_of(one) for number, one in records.items()}
        self.sharing: dict[str, list[int]] = defaultdict(list)
        for number, keys in self.keys.items():
            for key in keys:
                self.sharing[key].append(number)

    def pairs_of(self, number: int) -> Iterator[Pair]:
        """Yield the pairs of one record that are likely the same."""
        for other in self._beside(number):
            likeness = compare(self.records[number], self.records[other])
            if likeness.is_likely:
                yield Pair(min(number, other), max(number, other), likeness)

    def _beside(self, number: int) -> Iterable[int]:
        weights: dict[int, int] = defaultdict(int)
        for key in self.keys[number]:
            sharing = self.sharing[key]
            if len(sharing) <= MAX_RECORDS_OF_KEY:
                for other in sharing:
                    weights[other] += WEIGHTS.get(key[0], 1)
        weights.pop(number, None)
        best = sorted(weights, key=lambda other: (-weights[other], other))[:MAX_COMPARED]
        return [other for other in best if self._is_near(number, other, weights[other])]

    def _is_near(self, number: int, other: int, weight: int) -> bool:
        if weight >= WEIGHTS["d"] + WEIGHTS["o"]:
            return True
        if self.records[number].website and any(k[0] == "d" for k in self._shared(number, other)):
            return True
        return fuzz.token_sort_ratio(self.names[number], self.names[other]) >= FAR

    def _shared(self, number: int, other: int) -> frozenset[str]:
        return self.keys[number] & self.keys[other]
