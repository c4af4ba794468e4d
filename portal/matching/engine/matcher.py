"""Rank solutions for needs, each with its reasons."""

import math
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from portal.matching.engine.asking import NONE, Asking
from portal.matching.engine.catalogue import Catalogue, Numbers
from portal.matching.engine.described import Id, Need, Solution
from portal.matching.engine.facets import PEOPLE, Facets, People
from portal.matching.engine.reasons import Reasons, missing_words, shared_words
from portal.matching.engine.words import NeedVector, TfidfScores, Values

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
CODED = tuple(part for part in WEIGHTS if part not in {TEXT, PEOPLE})

BLOCK = 2**19
"""About so many scores are held at once."""
MAX_NEEDS_AT_ONCE = 128
"""At most so many needs are compared at once."""
MAX_SOLUTIONS_IN_GROUP = 64
"""At most so many solutions make a group when the best are looked for."""
SPARE = 1e-5
"""By so much single precision is never wrong."""
MOVED = 0.0005
"""A score that moved by less is told as it was: other records make a word rarer or commoner by so
little that nobody can see it."""
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
        self._words = TfidfScores(catalogue, rows, known, asking)
        self._facets, self._people = Facets(catalogue, rows), People(catalogue, rows)
        self._rows = catalogue, rows

    def asked_by(self, asking: Asking) -> "Matcher":
        """Return the same solutions, beside other needs."""
        other = copy(self)
        other._words = self._words.asked_by(asking)
        return other

    def alone(self, solution_id: Id) -> "Matcher":
        """Return one of the solutions alone, weighed as beside all the others; raises ValueError
        where it is not among them."""
        found = [one.id for one in self.solutions].index(solution_id)
        catalogue, rows = self._rows[0], self._rows[1][[found]]
        other = copy(self)
        other.solutions, other._rows = [self.solutions[found]], (catalogue, rows)
        other._words = self._words.alone(found)
        other._facets, other._people = Facets(catalogue, rows), People(catalogue, rows)
        return other

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
        (question,) = self.ask([need])
        found = self._chosen(question, Limits(top, floor, least_alike))
        return [self._pairing(question, one, rank) for rank, one in enumerate(found.numbers, 1)]

    def pair(self, need: Need, solution_id: Id) -> Pairing | None:
        """Return the pairing of one solution, ranked among all; None when nothing pairs them."""
        (question,) = self.ask([need])
        for rank, number in enumerate(self._chosen(question, Limits()).numbers, start=1):
            if self.solutions[number].id == solution_id:
                return self._pairing(question, number, rank)
        return None

    def order(self, need: Need, top: int | None = None) -> list[Id]:
        """Return the ids of the solutions that pair with a need, best first, without reasons."""
        found = self._chosen(self.ask([need])[0], Limits(top))
        return [self.solutions[number].id for number in found.numbers]

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

    def match_again(
        self, question: "Question", known: Mapping[int, float], limits: "Limits"
    ) -> "RematchResult":
        """Return what `match` would, with reasons only for what is new or moved.

        `known` are the scores of an older list by solution: one that moved by less than `MOVED`
        keeps its score and its reasons.
        """
        found = self._chosen(question, limits)
        ids = [int(self.solutions[number].id) for number in found.numbers]
        anew = [
            self._pairing(question, number, rank)
            for rank, (one, number, score) in enumerate(zip(ids, *found, strict=True), start=1)
            if one not in known or abs(known[one] - score) >= MOVED
        ]
        return RematchResult(ids, anew)

    def _chosen(self, question: "Question", limits: "Limits") -> "_Chosen":
        """Choose in single precision, with some to spare, and measure those again in double."""
        words, facts = question.words, self._facts(question.need)
        alike = self._words.similarity([words])[0]
        scores = _add_up(alike * np.float32(WEIGHTS[TEXT] / TOTAL), facts)
        near = _near(scores, alike, limits)
        likeness = np.minimum(self._words.exactly(words, near), 1.0)
        added = [values[near].astype(float) * WEIGHTS[part] for part, values in facts.items()]
        exact = np.round(sum(added, likeness * WEIGHTS[TEXT]) / TOTAL, 6)
        is_kept = (exact > limits.floor) & (likeness >= limits.least_alike)
        near, exact = near[is_kept], exact[is_kept]
        order = np.lexsort((near, -exact))[: limits.top]
        return _Chosen(near[order].tolist(), exact[order].tolist())

    def _exactly(self, words: NeedVector, facts: Mapping[str, Values], number: int) -> "_Scored":
        added = self._words.contributions(words, number)
        parts = {part: float(values[number]) for part, values in facts.items()}
        parts[TEXT] = min(math.fsum(added.values()), 1.0)
        score = sum(WEIGHTS[part] * value for part, value in parts.items()) / TOTAL
        return _Scored(added, parts, round(score, 6))

    def _facts(self, need: Need) -> dict[str, Values]:
        """Return the parts, but for words, that the need asks for."""
        found = {part: self._facets.similarity(part, need) for part in CODED}
        found[PEOPLE] = self._people.similarity(need)
        return {part: values for part, values in found.items() if values is not None}

    def _pairing(self, question: "Question", number: int, rank: int) -> Pairing:
        need, words = question
        scored = self._exactly(words, self._facts(need), number)
        solution, added = self.solutions[number], scored.added
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


class Limits(NamedTuple):
    """How long a list is, and how far down it goes; see `Matcher.match`."""

    top: int | None = None
    floor: float = 0.0
    least_alike: float = 0.0


class _Chosen(NamedTuple):
    """The numbers and the scores of what is on a list, best first."""

    numbers: list[int]
    scores: list[float]


class RematchResult(NamedTuple):
    """A list made again: every solution on it, best first, and the pairings that are new."""

    ids: list[int]
    anew: list[Pairing]


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


def _near(scores: Values, alike: Values, limits: Limits) -> Numbers:
    """Return the solutions that may be on the list, by scores of single precision."""
    near = np.flatnonzero(
        (scores > max(limits.floor - SPARE, 0)) & (alike >= limits.least_alike - SPARE)
    )
    if limits.top is not None and len(near) > limits.top:
        least = np.partition(scores[near], -limits.top)[-limits.top]
        near = near[scores[near] >= least - SPARE]
    return near


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
