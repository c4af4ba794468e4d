"""Answers as rows: side by side with their scores, and as a list."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from portal.accounts.models import Organisation
from portal.answers.models import Answer, AnswerAssessor, Assessment, Meets
from portal.answers.rules.assessing import Criterion, assessments_of, means, result
from portal.challenges.models import Challenge
from portal.db import by_name
from portal.innovations.models import Innovation
from portal.web.listing import Column, Listing


@dataclass(frozen=True, slots=True)
class GridRow:
    """An answer with how far it meets what was asked and, once all are in, its scores."""

    answer: Answer
    met: Mapping[Meets, int]
    means: Mapping[str, float]
    """The mean score of each criterion, by its key."""
    result: float | None
    """The weighted result as a percentage of the best."""
    assessments: Sequence[tuple[AnswerAssessor, Assessment]]


def grid_rows(
    answers: Iterable[Answer], assessors: Sequence[AnswerAssessor], criteria: Sequence[Criterion]
) -> list[GridRow]:
    """Return the rows of the grid, with the scores of these assessors."""
    return [_row(answer, assessors, criteria) for answer in answers]


def _row(
    answer: Answer, assessors: Sequence[AnswerAssessor], criteria: Sequence[Criterion]
) -> GridRow:
    found = assessments_of(answer, assessors)
    given = [one for _, one in found]
    met = {one: sum(point.meets is one for point in answer.points) for one in Meets}
    return GridRow(answer, met, means(given, criteria), result(given, criteria), found)


def met_words(met: Mapping[Meets, int]) -> str:
    """Return how many must-haves are met: "3 met, 1 in part, 1 not met"."""
    said = {Meets.YES: "met", Meets.PARTLY: "in part", Meets.NO: "not met"}
    return ", ".join(f"{met[one]} {words}" for one, words in said.items() if met[one])


ListRow = tuple[Answer, int]
"""An answer, and how many of its messages its reader has not read."""

ANSWERS: Listing[ListRow] = Listing(
    title="Answers to challenges",
    one="answer",
    many="answers",
    columns=(
        Column[ListRow](
            "Challenge",
            lambda row: row[0].challenge.title,
            key="challenge",
            order=by_name(Challenge.title),
        ),
        Column[ListRow](
            "Stated by",
            lambda row: row[0].challenge.organisation.name,
            key="stated",
            order=by_name(Organisation.name),
        ),
        Column[ListRow](
            "Record",
            lambda row: row[0].innovation.name,
            key="record",
            order=by_name(Innovation.name),
        ),
        Column[ListRow]("Made by", lambda row: row[0].innovation.organisation.name, on_page=False),
        Column[ListRow]("State", lambda row: row[0].state.label, key="state", order=Answer.state),
        Column[ListRow](
            "Answered by",
            lambda row: row[0].due_on or row[0].undated_reason,
            key="due",
            order=Answer.due_on,
        ),
        Column[ListRow]("Arrived on", lambda row: row[0].arrived_at, on_page=False),
        Column[ListRow]("Decided on", lambda row: row[0].decided_at, on_page=False),
        Column[ListRow](
            "Reason",
            lambda row: row[0].decline_reason.label if row[0].decline_reason else None,
            on_page=False,
        ),
    ),
    default="due",
    tie=Answer.id,
    file_path="{path}/download.{kind}",
)
"""The list of answers: no column holds what is in confidence."""
