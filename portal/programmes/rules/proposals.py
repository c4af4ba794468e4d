"""How proposals are scored: who is waited for, what it comes to, where assessors differ. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from portal.programmes.models import Assessor, SelectionCriterion
from portal.programmes.models.proposals import MOST

ASSESSORS_AT_LEAST = 2
"""So many have to score a proposal before anything is shown or decided."""
DIFFERS_FROM = 2
"""From this range on a criterion is marked: assessors differ."""
MOST_WEIGHT = 10


def asked(assessors: Iterable[Assessor]) -> list[Assessor]:
    """Return those who were not released."""
    return [one for one in assessors if one.released_at is None]


def scoring(assessors: Iterable[Assessor]) -> list[Assessor]:
    """Return those whose scores count: handed in, without a conflict, not released."""
    return [one for one in asked(assessors) if one.scored_at and not one.has_conflict]


def is_complete(assessors: Iterable[Assessor]) -> bool:
    """Whether scores are shown: enough were handed in, and nobody is waited for. Until then each
    assessor reads their own alone, and nobody else reads any."""
    every = asked(assessors)
    waited_for = [one for one in every if not one.has_conflict and one.scored_at is None]
    return not waited_for and len(scoring(every)) >= ASSESSORS_AT_LEAST


@dataclass(frozen=True, slots=True)
class Row:
    """The scores of one criterion."""

    criterion: SelectionCriterion
    weight: int
    scores: tuple[int, ...]

    @property
    def mean(self) -> float:
        """Return the mean score."""
        return sum(self.scores) / len(self.scores)

    @property
    def range_words(self) -> str:
        """Return the least and the best score: "1 to 4", or "3" where all agree."""
        least, best = min(self.scores), max(self.scores)
        return f"{least}" if least == best else f"{least} to {best}"

    @property
    def differs(self) -> bool:
        """Whether assessors differ by more than one step."""
        return max(self.scores) - min(self.scores) >= DIFFERS_FROM


def rows_of(
    criteria: Sequence[SelectionCriterion],
    assessors: Iterable[Assessor],
    weights: Mapping[str, int],
) -> list[Row]:
    """Return the scores of each criterion that somebody scored, in the order of the criteria."""
    found: dict[int, list[int]] = {}
    for one in scoring(assessors):
        for score in one.scores:
            found.setdefault(score.criterion_id, []).append(score.score)
    return [
        Row(one, weights.get(one.code, 1), tuple(found[one.id]))
        for one in criteria
        if one.id in found
    ]


def result(rows: Sequence[Row]) -> float:
    """Return the weighted mean as a percentage of the best that could be reached; 0 for none."""
    best = sum(row.weight * MOST for row in rows)
    return 100 * sum(row.weight * row.mean for row in rows) / best if best else 0.0
