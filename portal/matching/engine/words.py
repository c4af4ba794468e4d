"""How alike the words of a need and of solutions are: TF-IDF by scikit-learn."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from portal.matching.engine.described import Need, Solution
from portal.matching.engine.knowledge import related, telling

Values = npt.NDArray[np.float64]
NOBODYS = {"": 1.0}


@dataclass(frozen=True)
class Asked:
    """The words of a need as a vector of length 1, and where the related ones come from."""

    weights: Mapping[str, float]
    """What each stem counts, related concepts and words that no solution has included."""
    origins: Mapping[str, str]
    """The stem of the need from which each related concept comes."""

    @property
    def own(self) -> dict[str, float]:
        """What each stem that the need itself uses counts."""
        return {stem: w for stem, w in self.weights.items() if stem not in self.origins}


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
        counts = telling(self._columns)
        raw = weigher.transform(counted).multiply(np.array([[counts[c] for c in self._columns]]))
        self._matrix = _unit_rows(raw)[: len(solutions)]
        self._by_word = self._matrix.T.tocsr()

    def ask(self, need: Need) -> Asked:
        """Return the need's words, each weighed, and the concepts related to them."""
        counts = telling(need.bag)
        raw = {
            stem: (1 + math.log(count)) * self._idf.get(stem, self._unseen) * counts[stem]
            for stem, count in need.bag.items()
        }
        origins = {}
        kin = related(need.bag)
        for concept, counted in telling(kin).items():
            origin, share = kin[concept]
            weight = share * self._idf.get(concept, 0.0) * counted
            if weight > raw.get(concept, 0.0):
                if concept not in need.bag:
                    origins[concept] = origin
                raw[concept] = weight
        length = math.hypot(*raw.values())
        weights = {stem: weight / length for stem, weight in raw.items()} if length else {}
        return Asked(weights, origins)

    def similarity(self, asked: Asked) -> Values:
        """Return the cosine between these words and every solution; reads only their columns."""
        known = [stem for stem in asked.weights if stem in self._columns]
        columns = self._by_word[[self._columns[stem] for stem in known]]
        return np.asarray(columns.T @ np.array([asked.weights[stem] for stem in known]))

    def contributions(self, asked: Asked, number: int) -> dict[str, float]:
        """Return what each shared stem adds to the cosine with one solution."""
        row = self._matrix[number]
        own = dict(zip(row.indices.tolist(), row.data.tolist(), strict=True))
        found = ((stem, self._columns.get(stem, -1)) for stem in asked.weights)
        return {stem: asked.weights[stem] * own[column] for stem, column in found if column in own}


def _unit_rows(matrix: Any) -> Any:
    from sklearn.preprocessing import normalize  # noqa: PLC0415

    return normalize(matrix.tocsr(), copy=False)
