"""How far the coded facts and the numbers of people of a need and of solutions agree."""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from portal.matching.engine.described import Need, Solution

Values = npt.NDArray[np.float32]
PEOPLE = "people"


class Facet:
    """Agreement in one kind of coded fact: the cosine between two sets of labels."""

    def __init__(self, part: str, solutions: Sequence[Solution]) -> None:
        self._part = part
        holders: dict[str, list[int]] = {}
        self._sizes = np.ones(len(solutions), np.float32)
        for number, solution in enumerate(solutions):
            labels = solution.facets.get(part, frozenset())
            self._sizes[number] = len(labels) or 1
            for label in labels:
                holders.setdefault(label, []).append(number)
        self._holders = {label: np.array(held, np.intp) for label, held in holders.items()}

    def similarity(self, need: Need) -> Values | None:
        """Return shared / sqrt(asked × offered) for every solution; None where nothing is asked."""
        labels = need.facets.get(self._part, frozenset())
        if not labels:
            return None
        shared = np.zeros(len(self._sizes), np.float32)
        for label in sorted(labels):
            shared[self._holders.get(label, [])] += 1
        alike: Values = shared / np.sqrt(self._sizes * np.float32(len(labels)))
        return alike


class People:
    """Agreement in how many people a year: 1 where equal, a half at ten times as many or few."""

    def __init__(self, solutions: Sequence[Solution]) -> None:
        known = [one.people or 0 for one in solutions]
        self._people = np.log10(np.maximum(np.array(known, np.float32), 0.1))
        self._is_known = np.array(known) > 0

    def similarity(self, need: Need) -> Values | None:
        """Return the agreement with every solution, 0 where it does not say; None: not asked."""
        if not need.people or need.people < 1:
            return None
        apart = np.abs(self._people - math.log10(need.people))
        return np.where(self._is_known, 1 / (1 + apart), 0).astype(np.float32)
