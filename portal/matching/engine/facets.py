"""How far the coded facts of a need and of solutions agree."""

from collections.abc import Sequence

import numpy as np

from portal.matching.engine.described import Need, Solution
from portal.matching.engine.words import Values


class Facet:
    """Agreement in one kind of coded fact: the cosine between two sets of labels."""

    def __init__(self, part: str, solutions: Sequence[Solution]) -> None:
        self._part = part
        self._holders: dict[str, list[int]] = {}
        self._sizes = np.ones(len(solutions))
        for number, solution in enumerate(solutions):
            labels = solution.facets.get(part, frozenset())
            self._sizes[number] = len(labels) or 1
            for label in labels:
                self._holders.setdefault(label, []).append(number)

    def similarity(self, need: Need) -> Values:
        """Return shared / sqrt(asked × offered) for every solution."""
        labels = need.facets.get(self._part, frozenset())
        shared = np.zeros(len(self._sizes))
        for label in labels:
            shared[self._holders.get(label, [])] += 1
        return shared / np.sqrt(self._sizes * (len(labels) or 1))
