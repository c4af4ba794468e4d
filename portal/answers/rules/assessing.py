"""How answers are assessed: criteria, who is waited for, what it comes to, in which order. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from portal.answers.models import Answer, AnswerAssessor, AnswerState, Assessment
from portal.challenges.models import Call

MOST = 4
"""The best score; 0 is the least."""
MEANINGS = (
    "0: not at all, or nothing was said",
    "1: a little",
    "2: in part",
    "3: mostly",
    "4: fully, with evidence",
)


@dataclass(frozen=True, slots=True)
class Criterion:
    """By what answers are assessed, and how much it counts."""

    key: str
    """What scores are kept by: the number of a call's criterion, or a word of ours."""
    name: str
    weight: int


STANDARD = (
    Criterion("needs", "Meets the must-haves", 3),
    Criterion("evidence", "Strength of the evidence", 2),
    Criterion("fit", "Fits how we work, and what we can bring", 2),
)
"""The criteria of a challenge that is no call: this product's own."""


def criteria_of(call: Call | None) -> Sequence[Criterion]:
    """Return the criteria: those of the call, or the standard ones."""
    if call is None:
        return STANDARD
    return [Criterion(str(one.id), one.name, one.weight) for one in call.criteria]


def asked(assessors: Iterable[AnswerAssessor]) -> list[AnswerAssessor]:
    """Return those who were not released."""
    return [one for one in assessors if one.released_at is None]


def scoring(assessors: Iterable[AnswerAssessor]) -> list[AnswerAssessor]:
    """Return those whose scores count: not released, and without an interest."""
    return [one for one in asked(assessors) if one.has_interest is False]


def to_score(answers: Iterable[Answer]) -> list[Answer]:
    """Return the answers that are assessed: all that arrived and were not withdrawn."""
    wanted = {AnswerState.SUBMITTED, AnswerState.INVITED, AnswerState.DECLINED}
    return [one for one in answers if one.state in wanted]


def has_scored(assessor: AnswerAssessor, answers: Iterable[Answer]) -> bool:
    """Whether somebody has scored every one of these answers."""
    done = {one.answer_id for one in assessor.assessments}
    return all(one.id in done for one in answers)


def is_complete(assessors: Iterable[AnswerAssessor], answers: Sequence[Answer]) -> bool:
    """Whether scores are shown: nobody who was asked is waited for, and somebody scored. Until
    then each assessor reads their own alone, and nobody else reads any."""
    every = list(assessors)
    return bool(scoring(every)) and not awaited(every, answers)


def awaited(assessors: Iterable[AnswerAssessor], answers: Sequence[Answer]) -> list[AnswerAssessor]:
    """Return for whom scores wait: who has not declared their interests or not scored all."""
    every = asked(assessors)
    counting = scoring(every)
    return [
        one
        for one in every
        if one.has_interest is None or (one in counting and not has_scored(one, answers))
    ]


def is_decidable(assessors: Iterable[AnswerAssessor], answers: Sequence[Answer]) -> bool:
    """Whether answers may be decided: nobody assesses, or all scores are in."""
    every = asked(assessors)
    return not every or is_complete(every, answers)


def assessments_of(
    answer: Answer, assessors: Iterable[AnswerAssessor]
) -> list[tuple[AnswerAssessor, Assessment]]:
    """Return the assessments of an answer that count, each with who made it."""
    return [
        (assessor, one)
        for assessor in scoring(assessors)
        for one in assessor.assessments
        if one.answer_id == answer.id
    ]


def means(found: Sequence[Assessment], criteria: Sequence[Criterion]) -> dict[str, float]:
    """Return the mean score of each criterion that was scored, by its key."""
    scores = {
        c.key: [int(one.scores[c.key]) for one in found if c.key in one.scores] for c in criteria
    }
    return {key: sum(given) / len(given) for key, given in scores.items() if given}


def result(found: Sequence[Assessment], criteria: Sequence[Criterion]) -> float | None:
    """Return the weighted mean as a percentage of the best that could be reached; None for none."""
    mean = means(found, criteria)
    best = sum(one.weight * MOST for one in criteria if one.key in mean)
    if not best:
        return None
    return 100 * sum(one.weight * mean[one.key] for one in criteria if one.key in mean) / best


def shuffled(answers: Iterable[Answer], reader_id: int | None) -> list[Answer]:
    """Return answers in an order that is random and stays the same for one reader, so that nobody's
    answer stands first for everybody."""

    def place(answer: Answer) -> str:
        return sha256(f"{reader_id}:{answer.challenge_id}:{answer.id}".encode()).hexdigest()

    return sorted(answers, key=place)
