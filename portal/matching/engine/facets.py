"""How far the coded facts and the numbers of people of a need and of solutions agree."""

import math

import numpy as np
import numpy.typing as npt

from portal.matching.engine.catalogue import Catalogue, Numbers
from portal.matching.engine.described import Need

Values = npt.NDArray[np.float32]
PEOPLE = "people"


class Facets:
    """Agreement in each kind of coded fact: the cosine between two sets of labels."""

    def __init__(self, catalogue: Catalogue, rows: Numbers) -> None:
        self._columns = catalogue.facts.columns
        self._held = catalogue.facts.counts[rows].tocsc()
        self._size = len(rows)
        self._sizes: dict[str, Values] = {}

    def similarity(self, part: str, need: Need) -> Values | None:
        """Return shared / sqrt(asked × offered) for every solution; None where nothing is asked."""
        labels = need.facets.get(part, frozenset())
        if not labels:
            return None
        shared = np.zeros(self._size, np.float32)
        for column in (self._columns.get((part, label)) for label in sorted(labels)):
            if column is not None:
                start, end = self._held.indptr[column : column + 2]
                shared[self._held.indices[start:end]] += 1
        alike: Values = shared / np.sqrt(self._offered(part) * np.float32(len(labels)))
        return alike

    def _offered(self, part: str) -> Values:
        """Return how many labels of a part each solution has, 1 where it has none."""
        if part not in self._sizes:
            columns = [place for (of, _), place in self._columns.items() if of == part]
            held = self._held[:, columns].sum(axis=1) if columns else np.zeros(self._size)
            self._sizes[part] = np.maximum(held, 1).astype(np.float32)
        return self._sizes[part]


class People:
    """Agreement in how many people a year: 1 where equal, a half at ten times as many or few."""

    def __init__(self, catalogue: Catalogue, rows: Numbers) -> None:
        known = catalogue.people[rows]
        self._people = np.log10(np.maximum(known, np.float32(0.1)))
        self._is_known = known > 0

    def similarity(self, need: Need) -> Values | None:
        """Return the agreement with every solution, 0 where it does not say; None: not asked."""
        if not need.people or need.people < 1:
            return None
        apart = np.abs(self._people - math.log10(need.people))
        return np.where(self._is_known, 1 / (1 + apart), 0).astype(np.float32)
