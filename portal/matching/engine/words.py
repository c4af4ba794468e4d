"""How alike the words of a need and of solutions are: TF-IDF by scikit-learn."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from portal.matching.engine.described import Need, Solution
from search_index.text import boilerplate_weight

Values = npt.NDArray[np.float64]
NOBODYS = {"": 1.0}


class Words:
    """The TF-IDF part: scikit-learn over the shared analysis.

    `TfidfVectorizer` is a counter followed by `TfidfTransformer`; ours counts by field weights.
    """

    def __init__(self, solutions: Sequence[Solution], background: Sequence[Solution]) -> None:
        from sklearn.feature_extraction import DictVectorizer  # noqa: PLC0415 - 125 MB
        from sklearn.feature_extraction.text import TfidfTransformer  # noqa: PLC0415

        counter = DictVectorizer(sort=False)
        # One row more, of a word that nobody writes: scikit-learn refuses an empty table.
        counted = counter.fit_transform([*(one.bag for one in solutions), NOBODYS])
        self._columns: dict[str, int] = counter.vocabulary_
        known = counter.transform([*(one.bag for one in background), NOBODYS])
        self._unseen = math.log(1 + known.shape[0]) + 1
        weigher = TfidfTransformer(sublinear_tf=True, norm=None).fit(known)
        self._idf = dict(zip(self._columns, weigher.idf_.tolist(), strict=True))
        keeps = boilerplate_weight(self._columns)
        raw = weigher.transform(counted).multiply(np.array([[keeps[c] for c in self._columns]]))
        self._matrix = _unit_rows(raw)[: len(solutions)]

    def need_weights(self, need: Need) -> dict[str, float]:
        """Return the weight of each stem of the need as a vector of length 1, those included
        that no solution has."""
        keeps = boilerplate_weight(need.bag)
        raw = {
            stem: (1 + math.log(count)) * self._idf.get(stem, self._unseen) * keeps[stem]
            for stem, count in need.bag.items()
        }
        length = math.hypot(*raw.values())
        return {stem: weight / length for stem, weight in raw.items()} if length else {}

    def similarity(self, weights: Mapping[str, float]) -> Values:
        """Return the cosine between these words and every solution."""
        vector = np.zeros(len(self._columns))
        for stem in weights.keys() & self._columns.keys():
            vector[self._columns[stem]] = weights[stem]
        return np.asarray(self._matrix @ vector)

    def contributions(self, weights: Mapping[str, float], number: int) -> dict[str, float]:
        """Return what each shared stem adds to the cosine with one solution."""
        row = self._matrix[number]
        own = dict(zip(row.indices.tolist(), row.data.tolist(), strict=True))
        found = ((stem, self._columns.get(stem, -1)) for stem in weights)
        return {stem: weights[stem] * own[column] for stem, column in found if column in own}


def _unit_rows(matrix: Any) -> Any:
    from sklearn.preprocessing import normalize  # noqa: PLC0415

    return normalize(matrix.tocsr(), copy=False)
