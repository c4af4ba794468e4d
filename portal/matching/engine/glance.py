"""One text against every solution at a glance, for a page that answers while somebody types.

A job keeps how often each solution uses each stem, as plain arrays. How telling a word is, is then
computed from the solutions that the reader may see, so that no other can move what they are told.
The words are weighed as in `words`, without scikit-learn: the web process never loads that.
"""

import json
import math
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from zipfile import BadZipFile, ZipFile

import numpy as np
import numpy.typing as npt

from portal.matching.engine.asking import NONE, Asking
from portal.matching.engine.catalogue import Catalogue
from portal.matching.engine.described import Need
from portal.matching.engine.knowledge import telling, weigh

Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class StemCounts:
    """How often each solution uses each stem: a sparse table, row by row."""

    ids: npt.NDArray[np.int64]
    """The solution of each row."""
    stems: list[str]
    """The stem of each column."""
    ends: npt.NDArray[np.int32]
    """Where the entries of each row end; one more than there are rows, the first is 0."""
    columns: npt.NDArray[np.int32]
    """The column of each entry."""
    counts: npt.NDArray[np.float32]
    """How often, a field's words counted by its weight."""
    asking: Asking = NONE
    """How many open needs use each stem."""

    @classmethod
    def of(cls, catalogue: Catalogue, asking: Asking = NONE) -> "StemCounts":
        """Return what a catalogue has counted, beside the words of needs."""
        table = catalogue.counts
        ids = np.array([one.id for one in catalogue.solutions], np.int64)
        return cls(ids, list(catalogue.stems), table.indptr, table.indices, table.data, asking)

    def packed(self) -> bytes:
        """Return it as what `unpacked` reads: an archive in which each part has a checksum."""
        stems = np.frombuffer(json.dumps(self.stems).encode(), np.uint8)
        held = np.frombuffer(json.dumps(dict(self.asking.held)).encode(), np.uint8)
        file = BytesIO()
        np.savez(
            file,
            ids=self.ids,
            stems=stems,
            ends=self.ends,
            columns=self.columns,
            counts=self.counts,
            needs=self.asking.count,
            held=held,
        )
        return file.getvalue()

    @classmethod
    def unpacked(cls, data: bytes) -> "StemCounts":
        """Return what was packed; raises ValueError where it is damaged."""
        try:
            with np.load(BytesIO(data), allow_pickle=False) as kept:
                stems = json.loads(kept["stems"].tobytes())
                asking = Asking(int(kept["needs"]), json.loads(kept["held"].tobytes()))
                table = kept["ends"], kept["columns"], kept["counts"]
                return cls(kept["ids"], stems, *table, asking)
        except (BadZipFile, EOFError, LookupError, TypeError, AttributeError, OSError) as problem:
            raise ValueError("the counted words are damaged") from problem

    @staticmethod
    def is_whole(data: bytes) -> bool:
        """Whether each part has the checksum that it was packed with."""
        try:
            with ZipFile(BytesIO(data)) as kept:
                return kept.testzip() is None
        except (OSError, BadZipFile, EOFError, ValueError):
            return False

    @cached_property
    def _places(self) -> dict[str, int]:
        return {stem: place for place, stem in enumerate(self.stems)}

    @cached_property
    def _rows(self) -> npt.NDArray[np.int64]:
        """The row of each entry."""
        return np.repeat(np.arange(len(self.ids)), np.diff(self.ends))

    @cached_property
    def _raw(self) -> Values:
        """What each entry counts before it is known how telling its word is."""
        told = np.fromiter(telling(self.stems).values(), np.float64, len(self.stems))
        raw: Values = (1 + np.log(self.counts)) * told[self.columns]
        return raw

    def likeness(
        self, need: Need, among: Collection[int], background: Collection[int]
    ) -> dict[int, float]:
        """Return how alike (cosine, over 0) the words of a need are to those of some solutions.

        How telling a word is, is learned from the solutions of `background`.
        """
        chosen, known = np.isin(self.ids, list(among)), np.isin(self.ids, list(background))
        used = np.bincount(self.columns[known[self._rows]], minlength=len(self.stems))
        idf = np.log((2 + known.sum()) / (1 + used)) + 1
        asked = self._asked(need, idf, used, unseen=math.log(2 + known.sum()) + 1)
        values = self._raw * idf[self.columns]
        size = len(self.ids)
        length = np.sqrt(np.bincount(self._rows, values**2, size))
        found = np.bincount(self._rows, values * asked[self.columns], size)
        alike = np.divide(found, length, out=np.zeros(size), where=length > 0)
        hits = np.flatnonzero(chosen & (alike > 0))
        return {int(self.ids[row]): float(alike[row]) for row in hits}

    def _asked(
        self, need: Need, idf: Values, used: npt.NDArray[np.intp], *, unseen: float
    ) -> Values:
        """Return what the need asks of each column, as part of a vector of length 1."""
        share = self.asking.share
        weights, _ = weigh(need.bag, lambda stem: self._idf_of(stem, idf, used), unseen, share)
        asked = np.zeros(len(self.stems))
        for stem, weight in weights.items():
            if (place := self._places.get(stem)) is not None:
                asked[place] = weight
        return asked

    def _idf_of(self, stem: str, idf: Values, used: npt.NDArray[np.intp]) -> float | None:
        place = self._places.get(stem)
        return float(idf[place]) if place is not None and used[place] else None
