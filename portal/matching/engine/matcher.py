"""Rank solutions for a need, each with its reasons."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from portal.matching.engine.described import Id, Need, Solution
from portal.matching.engine.facets import Facet
from portal.matching.engine.reasons import Reasons, missing_words, shared_words
from portal.matching.engine.words import Values, Words

ENGINE_VERSION = "1"

TEXT = "words"
WEIGHTS: Mapping[str, float] = {
    TEXT: 1.0,
    "care_setting": 0.05,
    "condition": 0.10,
    "condition_group": 0.05,
    "area": 0.15,
}
"""What each part of the score counts. A part is 0 to 1; the score is their weighted mean."""
TOTAL = sum(WEIGHTS.values())


@dataclass(frozen=True, slots=True)
class Pairing:
    """One solution for one need: its place from 1, its score from 0 to 1, and why."""

    need_id: Id
    solution_id: Id
    rank: int
    score: float
    reasons: Reasons


class Matcher:
    """Solutions made ready to be compared with many needs.

    How telling a word is (its IDF) is learned from `background`, the solutions themselves unless
    told: give it what a reader may see, and nothing else can move what that reader gets.
    """

    def __init__(
        self, solutions: Sequence[Solution], background: Sequence[Solution] | None = None
    ) -> None:
        self.solutions = list(solutions)
        self._numbers = {solution.id: number for number, solution in enumerate(solutions)}
        self._words = Words(self.solutions, solutions if background is None else background)
        self._facets = {part: Facet(part, self.solutions) for part in WEIGHTS if part != TEXT}

    def match(
        self,
        need: Need,
        *,
        top: int | None = 50,
        floor: float = 0.0,
        least_alike: float = 0.0,
    ) -> list[Pairing]:
        """Return the best solutions for a need, best first: at most `top`, scored over `floor`,
        whose words are at least so alike (cosine).

        A solution that shares no telling word and no condition with the need is never returned.
        """
        scored = self._score(need)
        wanted = (scored.scores > floor) & (scored.parts[TEXT] >= least_alike)
        chosen = [number for number in scored.order if wanted[number]][:top]
        return [self._pairing(scored, number, rank) for rank, number in enumerate(chosen, start=1)]

    def pair(self, need: Need, solution_id: Id) -> Pairing | None:
        """Return the pairing of one solution, ranked among all; None when nothing pairs them."""
        scored = self._score(need)
        number = self._numbers.get(solution_id, -1)
        if number not in scored.order:
            return None
        return self._pairing(scored, number, scored.order.index(number) + 1)

    def order(self, need: Need) -> list[Id]:
        """Return the ids of all solutions that pair with a need, best first, without reasons."""
        return [self.solutions[number].id for number in self._score(need).order]

    def _score(self, need: Need) -> "_Scored":
        weights = self._words.need_weights(need)
        parts = {TEXT: self._words.similarity(weights)}
        parts |= {part: facet.similarity(need) for part, facet in self._facets.items()}
        scores = np.asarray(sum(WEIGHTS[part] * values for part, values in parts.items()) / TOTAL)
        pairs = (parts[TEXT] > 0) | (parts["condition"] > 0)
        best_first = np.lexsort((np.arange(len(scores)), -scores))
        return _Scored(need, weights, parts, scores, best_first[pairs[best_first]].tolist())

    def _pairing(self, scored: "_Scored", number: int, rank: int) -> Pairing:
        need, solution = scored.need, self.solutions[number]
        added = self._words.contributions(scored.weights, number)
        reasons = Reasons(
            shared=shared_words(need.written, solution.written, added),
            facets=_labels(need, solution, agreeing=True),
            parts={part: _points(part, values[number]) for part, values in scored.parts.items()},
            likeness=round(float(scored.parts[TEXT][number]), 4),
            coverage=_coverage(scored.weights, solution.written),
            missing_words=missing_words(need.written, solution.written, scored.weights),
            missing_facets=_labels(need, solution, agreeing=False),
        )
        return Pairing(need.id, solution.id, rank, round(float(scored.scores[number]), 6), reasons)


@dataclass(frozen=True)
class _Scored:
    """One need compared with every solution."""

    need: Need
    weights: Mapping[str, float]
    """What each stem of the need counts."""
    parts: Mapping[str, Values]
    """Every part of the score for every solution, each 0 to 1."""
    scores: Values
    order: list[int]
    """The numbers of the solutions that pair with the need, best first."""


def _points(part: str, value: float) -> float:
    return round(WEIGHTS[part] * float(value) / TOTAL, 6)


def _labels(need: Need, solution: Solution, *, agreeing: bool) -> dict[str, list[str]]:
    """Return the coded facts of the need that the solution has, or those it has not."""
    found = {}
    for part, asked in need.facets.items():
        offered = solution.facets.get(part, frozenset())
        labels = asked & offered if agreeing else asked - offered
        if labels:
            found[part] = sorted(labels)
    return found


def _coverage(weights: Mapping[str, float], offered: Collection[str]) -> float:
    """Return the share of the need's words, by weight, that the solution has."""
    total = sum(weight**2 for weight in weights.values())
    found = sum(weight**2 for stem, weight in weights.items() if stem in offered)
    return round(found / total, 4) if total else 0.0
