"""Rank solutions for a need, each with its reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from portal.matching.engine.described import Id, Need, Solution
from portal.matching.engine.facets import Facet
from portal.matching.engine.reasons import Reasons, missing_words, shared_words
from portal.matching.engine.words import Asked, Values, Words
from search_index.text import Token

ENGINE_VERSION = "2"

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
        self._nothing = np.zeros(len(self.solutions))
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

    def best(self, need: Need, top: int) -> list[tuple[Id, float]]:
        """Return the ids and scores of the best `top` solutions, best first, without reasons."""
        _, parts, scores = self._add_up(need)
        scores = np.where(_is_paired(parts), scores, 0.0)
        least = np.partition(scores, -top)[-top] if len(scores) > top else 0.0
        chosen = np.flatnonzero((scores >= least) & (scores > 0))
        first = chosen[np.lexsort((chosen, -scores[chosen]))][:top]
        return [(self.solutions[n].id, float(scores[n])) for n in first.tolist()]

    def _score(self, need: Need) -> "_Scored":
        words, parts, scores = self._add_up(need)
        pairs = _is_paired(parts)
        best_first = np.lexsort((np.arange(len(scores)), -scores))
        return _Scored(need, words, parts, scores, best_first[pairs[best_first]].tolist())

    def _add_up(self, need: Need) -> tuple[Asked, dict[str, Values], Values]:
        words = self._words.ask(need)
        parts = {TEXT: self._words.similarity(words)}
        scores = parts[TEXT] * (WEIGHTS[TEXT] / TOTAL)
        for part, facet in self._facets.items():
            # Most needs leave most facets out: nothing is computed for those.
            parts[part] = facet.similarity(need) if need.facets.get(part) else self._nothing
            if need.facets.get(part):
                scores += parts[part] * (WEIGHTS[part] / TOTAL)
        return words, parts, scores

    def _pairing(self, scored: "_Scored", number: int, rank: int) -> Pairing:
        need, solution = scored.need, self.solutions[number]
        asked, offered = scored.asked, solution.tokens()
        has = {token.stem for token in offered}
        words, own = scored.words, scored.words.own
        added = self._words.contributions(words, number)
        # What a related concept answers is told as shared, so it is not told as missing too.
        answered = {words.origins[stem] for stem in added if stem in words.origins}
        reasons = Reasons(
            shared=shared_words(asked, offered, added, words.origins),
            facets=_labels(need, solution, agreeing=True),
            parts={part: _points(part, values[number]) for part, values in scored.parts.items()},
            likeness=round(float(scored.parts[TEXT][number]), 4),
            coverage=_coverage(own, has),
            missing_words=missing_words(asked, has | answered, own),
            missing_facets=_labels(need, solution, agreeing=False),
        )
        return Pairing(need.id, solution.id, rank, round(float(scored.scores[number]), 6), reasons)


@dataclass(frozen=True)
class _Scored:
    """One need compared with every solution."""

    need: Need
    words: Asked
    parts: Mapping[str, Values]
    """Every part of the score for every solution, each 0 to 1."""
    scores: Values
    order: list[int]
    """The numbers of the solutions that pair with the need, best first."""

    @cached_property
    def asked(self) -> list[Token]:
        """The telling words of the need."""
        return self.need.tokens()


def _is_paired(parts: Mapping[str, Values]) -> npt.NDArray[np.bool_]:
    """Return which solutions share a telling word or a condition with the need."""
    return (parts[TEXT] > 0) | (parts["condition"] > 0)


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


def _coverage(weights: Mapping[str, float], has: set[str]) -> float:
    """Return the share of the need's words, by weight, that the solution has."""
    total = sum(weight**2 for weight in weights.values())
    found = sum(weight**2 for stem, weight in weights.items() if stem in has)
    return round(found / total, 4) if total else 0.0
