"""What one reader sees of the records: hidden ones are not counted, named or corrected to.

How telling a word is, which words are known and which is nearest to a mistyped one all come from
the records that the reader may see. Only average field lengths and themes are of all records.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice

import numpy as np

from search_index import spelling
from search_index.arrays import Array
from search_index.columns import Columns
from search_index.interface import Query
from search_index.planning import ReaderPlan
from search_index.ranking import idf
from search_index.segments import Mask, Segment
from search_index.words import stem

_REMEMBERED = 32
_REMEMBERED_QUESTIONS = 256
_MAX_REMEMBERED_LENGTH = 200


class Reader:
    """A reader's records in each segment, and their words; what plans are made with."""

    def __init__(
        self,
        segments: Iterable[Segment],
        audience: frozenset[str] | None = None,
        allowed: Collection[int] | None = None,
    ) -> None:
        """``audience`` and ``allowed`` as in ``interface.Query``."""
        self.parts = [(one, one.readable(audience, allowed)) for one in segments]
        self.records = sum(int(np.count_nonzero(mask)) for _, mask in self.parts)
        self._frequencies: dict[str, int] = {}
        self._idfs: dict[str, float] = {}
        self._lifts: list[Array] = []
        self._nearest: dict[str, str | None] = {}
        self._asked: dict[str, ReaderPlan] = {}

    def asked(self, question: str, prepare: Callable[[], ReaderPlan]) -> ReaderPlan:
        """A question made ready; those asked lately are remembered, for a further page or filter.

        They hold for as long as this reader's records do not change: then there is a new reader.
        """
        found = self._asked.get(question)
        if found is None:
            found = prepare()
            if len(question) <= _MAX_REMEMBERED_LENGTH:
                if len(self._asked) >= _REMEMBERED_QUESTIONS:
                    self._asked.clear()
                self._asked[question] = found
        return found

    def frequency(self, stem: str) -> int:
        """How many records hold a stem."""
        found = self._frequencies.get(stem)
        if found is None:
            found = sum(segment.frequency(stem, mask) for segment, mask in self.parts)
            self._frequencies[stem] = found
        return found

    def idf(self, stem: str) -> float:
        """How telling a stem is."""
        found = self._idfs.get(stem)
        if found is None:
            found = self._idfs[stem] = idf(self.records, self.frequency(stem))
        return found

    def lifts(self, share: float) -> list[Array]:
        """For each part what multiplies the scores of its rows; 0 for what is hidden."""
        if not self._lifts:
            self._lifts = [segment.lift(mask, share) for segment, mask in self.parts]
        return self._lifts

    def starting(self, prefix: str, limit: int) -> Sequence[str]:
        """The stems of known words that start with the prefix, most used first."""
        surfaces: dict[str, list[tuple[Segment, Mask, int]]] = {}
        for segment, mask in self.parts:
            for number in segment.columns.surfaces.starting(prefix):
                found = segment.columns.stem_of(number)
                surfaces.setdefault(found, []).append((segment, mask, number))
        stems: list[str] = []
        for found in sorted(surfaces, key=lambda one: (-self.frequency(one), one)):
            if any(one.holds(number, mask) for one, mask, number in surfaces[found]):
                stems.append(found)
            if len(stems) == limit:
                break
        return stems

    def nearest(self, word: str) -> str | None:
        """The known word closest to a mistyped one."""
        if not spelling.allowed_errors(word):
            return None
        if word not in self._nearest:
            self._nearest[word] = next(self._closest(word), None)
        return self._nearest[word]

    def alike(self, word: str, limit: int) -> Sequence[str]:
        """The stems of known words within a typing error or two, likeliest first."""
        if not spelling.allowed_errors(word):
            return []
        return [stem(known) for known in islice(self._closest(word), limit)]

    def values(self, facet: str) -> Iterable[str]:
        """Every value of a facet."""
        return {
            value
            for segment, _ in self.parts
            for value in segment.columns.facet_values.get(facet, ())
        }

    def _closest(self, word: str) -> Iterator[str]:
        places: dict[str, list[tuple[Segment, Mask, int]]] = {}
        counts: Counter[str] = Counter()
        for segment, mask in self.parts:
            for number in segment.near(word):
                known = segment.columns.surfaces.at(number)
                places.setdefault(known, []).append((segment, mask, number))
                frequency = self.frequency(segment.columns.stem_of(number))
                counts[known] = max(counts[known], frequency)
        ranked = spelling.closest(word, counts.items())
        for known in ranked:
            if any(one.holds(number, mask) for one, mask, number in places[known]):
                yield known


class Snapshot:
    """All segments together, as they are until the next change."""

    def __init__(self, segments: Iterable[Segment], space: Columns | None) -> None:
        """``segments`` with records count; ``space`` holds the themes that all are placed in."""
        self.space = space
        self.segments = tuple(segment for segment in segments if segment.records)
        self._readers: dict[frozenset[str] | None, Reader] = {}

    def reader(self, query: Query) -> Reader:
        """Who asks; readers with the same labels are the same and remembered."""
        if query.allowed is not None:
            return Reader(self.segments, query.audience, query.allowed)
        found = self._readers.get(query.audience)
        if found is None:
            if len(self._readers) >= _REMEMBERED:
                self._readers = {}
            found = self._readers[query.audience] = Reader(self.segments, query.audience)
        return found
