"""Rank solutions for needs, each with its reasons."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from portal.matching.engine.asking import NONE, Asking
from portal.matching.engine.catalogue import Catalogue, Numbers
from portal.matching.engine.described import Id, Need, Solution
from portal.matching.engine.facets import PEOPLE, Facet, People
from portal.matching.engine.reasons import Reasons, missing_words, shared_words
from portal.matching.engine.words import NeedVector, Values, Words

ENGINE_VERSION = "5"

TEXT = "words"
WEIGHTS: Mapping[str, float] = {
    TEXT: 1.0,
    "care_setting": 0.05,
    "condition": 0.10,
    "condition_group": 0.05,
    "area": 0.15,
    "purpose": 0.05,
    PEOPLE: 0.03,
}
"""What each part of the score counts. A part is 0 to 1; the score is their weighted mean."""
TOTAL = sum(WEIGHTS.values())

BLOCK = 2**19
"""About so many scores are held at once."""
MAX_NEEDS_AT_ONCE = 128
"""At most so many needs are compared at once."""
MAX_SOLUTIONS_IN_GROUP = 64
"""At most so many solutions make a group when the best are looked for."""
SPARE = 1e-5
"""By so much single precision is never wrong."""
TINY = np.float32(1e-9)
"""A score under this is none."""


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

    `rows` of the catalogue are matched. How telling a word is (its IDF) is learned from
    `background`, the same rows unless told, and from other needs (`asking`): give both what a
    reader may see, and nothing else can move what that reader gets.
    """

    def __init__(
        self,
        solutions: Catalogue | Sequence[Solution],
        rows: Numbers | None = None,
        background: Numbers | None = None,
        asking: Asking = NONE,
    ) -> None:
        catalogue = solutions if isinstance(solutions, Catalogue) else Catalogue(solutions)
        rows = np.arange(len(catalogue.solutions)) if rows is None else rows
        self.solutions = [catalogue.solutions[row] for row in rows]
        known = rows if background is None else background
        self._words = Words(catalogue, rows, known, asking)
        self._facets: dict[str, Facet | People] = {
            part: Facet(part, self.solutions) for part in WEIGHTS if part not in {TEXT, PEOPLE}
        }
        self._facets[PEOPLE] = People(self.solutions)

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

        A solution that shares no word and no condition with the need is never returned.
        """
        found = self._ranked(need, top=top, floor=floor, least_alike=least_alike)
        return [self._pairing(need, scored, rank) for rank, scored in enumerate(found, start=1)]

    def pair(self, need: Need, solution_id: Id) -> Pairing | None:
        """Return the pairing of one solution, ranked among all; None when nothing pairs them."""
        for rank, scored in enumerate(self._ranked(need), start=1):
            if self.solutions[scored.number].id == solution_id:
                return self._pairing(need, scored, rank)
        return None

    def order(self, need: Need, top: int | None = None) -> list[Id]:
        """Return the ids of the solutions that pair with a need, best first, without reasons."""
        return [self.solutions[scored.number].id for scored in self._ranked(need, top=top)]

    def ask(self, needs: Sequence[Need]) -> list["Question"]:
        """Return needs made ready to be compared."""
        return [Question(need, self._words.ask(need)) for need in needs]

    def best(self, questions: Sequence["Question"], top: int) -> "Best":
        """Return the best `top` solutions of every need, without reasons, a block at a time."""
        size = min(max(BLOCK // max(len(self.solutions), 1), 1), MAX_NEEDS_AT_ONCE)
        blocks = [questions[start : start + size] for start in range(0, len(questions), size)]
        found = [_best_of_each(self._scores(block), top) for block in blocks]
        numbers, scores = zip(*found, strict=True) if found else ((), ())
        none = np.zeros((0, top))
        return Best(np.vstack([none.astype(int), *numbers]), np.vstack([none, *scores]))

    def _scores(self, block: Sequence["Question"]) -> Values:
        """Return the scores of a block of needs: needs × solutions."""
        scores = self._words.similarity([one.words for one in block], WEIGHTS[TEXT] / TOTAL)
        for row, (need, _) in enumerate(block):
            if need.facets or need.people:
                scores[row] = _add_up(scores[row], self._facts(need))
        return scores

    def _ranked(
        self, need: Need, *, top: int | None = None, floor: float = 0.0, least_alike: float = 0.0
    ) -> list["_Scored"]:
        """Return the scores of the best, best first; see `match`.

        They are chosen in single precision, with some to spare, and measured again exactly.
        """
        words, facts = self._words.ask(need), self._facts(need)
        alike = self._words.similarity([words])[0]
        scores = _add_up(alike * np.float32(WEIGHTS[TEXT] / TOTAL), facts)
        is_near = (scores > max(floor - SPARE, 0)) & (alike >= least_alike - SPARE)
        near = np.flatnonzero(is_near)
        if top is not None and len(near) > top:
            least = np.partition(scores[near], -top)[-top]
            near = near[scores[near] >= least - SPARE]
        found = (self._exactly(words, facts, number) for number in near.tolist())
        kept = [one for one in found if one.score > floor and one.parts[TEXT] >= least_alike]
        return sorted(kept, key=lambda one: (-one.score, one.number))[:top]

    def _exactly(self, words: NeedVector, facts: Mapping[str, Values], number: int) -> "_Scored":
        added = self._words.contributions(words, number)
        parts = {part: float(values[number]) for part, values in facts.items()}
        parts[TEXT] = min(math.fsum(added.values()), 1.0)
        score = sum(WEIGHTS[part] * value for part, value in parts.items()) / TOTAL
        return _Scored(number, words, added, parts, round(score, 6))

    def _facts(self, need: Need) -> dict[str, Values]:
        """Return the parts, but for words, that the need asks for."""
        found = ((part, facet.similarity(need)) for part, facet in self._facets.items())
        return {part: values for part, values in found if values is not None}

    def _pairing(self, need: Need, scored: "_Scored", rank: int) -> Pairing:
        solution, words, added = self.solutions[scored.number], scored.words, scored.added
        asked, offered, own = need.written, solution.written, words.own
        # What a related concept answers is told as shared, so it is not told as missing too.
        answered = {words.origins[stem] for stem in added if stem in words.origins}
        reasons = Reasons(
            shared=shared_words(asked, offered, added, words.origins, self._words.is_everyday),
            facets=_labels(need, solution, agreeing=True),
            parts={part: _points(part, scored.parts.get(part, 0.0)) for part in WEIGHTS},
            likeness=round(scored.parts[TEXT], 4),
            coverage=_coverage(own, offered),
            missing_words=missing_words(need.named, offered.keys() | answered, own),
            missing_facets=_labels(need, solution, agreeing=False),
            people=solution.people if need.people else None,
        )
        return Pairing(need.id, solution.id, rank, scored.score, reasons)


class Question(NamedTuple):
    """A need, and its words as the matcher that it is asked of weighs them."""

    need: Need
    words: NeedVector


class Best(NamedTuple):
    """The best of every need, best first: needs × top."""

    numbers: Numbers
    """Places in `Matcher.solutions`; -1 where there are no more."""
    scores: Values


@dataclass(frozen=True)
class _Scored:
    """One solution's score for a need, and what it is made of."""

    number: int
    words: NeedVector
    added: Mapping[str, float]
    """What each shared stem adds to the likeness."""
    parts: Mapping[str, float]
    """The parts that the need asks for, each 0 to 1."""
    score: float


def _add_up(words: Values, facts: Mapping[str, Values]) -> Values:
    """Return the scores, of which `words` is the part of the words: 0 where neither a word nor a
    condition is shared."""
    scores = words.copy()
    for part, values in facts.items():
        scores += values * np.float32(WEIGHTS[part] / TOTAL)
    is_paired = words > 0
    if "condition" in facts:
        is_paired |= facts["condition"] > 0
    return np.where(is_paired, scores, np.float32(0))


def _best_of_each(scores: Values, top: int) -> tuple[Numbers, Values]:
    """Return the numbers and the scores of the best `top` of every row, best first.

    The solutions are dealt into groups. The `top`-th of the groups' best is a score that `top`
    solutions reach, so only groups whose best reaches it are looked into: all scores are read once.
    """
    together = max(min(MAX_SOLUTIONS_IN_GROUP, scores.shape[1] // (2 * top)), 1)
    groups = scores.shape[1] // together
    dealt = scores[:, : groups * together].reshape(len(scores), together, groups)
    peaks = dealt.max(axis=1)
    least = np.full((len(scores), 1), TINY)
    if top <= groups:
        reached = np.partition(peaks, groups - top, axis=1)[:, groups - top]
        least = np.maximum(reached[:, None], TINY)
    rows, found = np.nonzero(peaks >= least)
    inside, place = np.nonzero(dealt[rows, :, found] >= least[rows])
    left_rows, left = np.nonzero(scores[:, groups * together :] >= least)
    rows = np.concatenate([rows[inside], left_rows])
    found = np.concatenate([place * groups + found[inside], left + groups * together])
    order = np.lexsort((found, -scores[rows, found], rows))
    rows, found = rows[order], found[order]
    place = np.arange(len(rows)) - np.searchsorted(rows, rows)
    rows, found, place = (side[place < top] for side in (rows, found, place))
    numbers, best = np.full((len(scores), top), -1), np.zeros((len(scores), top), np.float32)
    numbers[rows, place], best[rows, place] = found, scores[rows, found]
    return numbers, best


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


def _coverage(weights: Mapping[str, float], has: Mapping[str, object]) -> float:
    """Return the share of the need's words, by weight, that the solution has."""
    total = sum(weight**2 for weight in weights.values())
    found = sum(weight**2 for stem, weight in weights.items() if stem in has)
    return round(found / total, 4) if total else 0.0
