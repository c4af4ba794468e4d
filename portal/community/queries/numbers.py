"""Count the ideas of a quarter for the figures."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select

from portal.accounts.models import Organisation
from portal.clock import day_of
from portal.community.models import Campaign, Idea, IdeaState, IdeaStep
from portal.community.rules import ANSWERED
from portal.community.rules.figures import (
    IDEAS_ANSWERED,
    IDEAS_POSTED,
    IDEAS_TAKEN_UP,
    IN_TIME,
    LATE,
    NO_DAY,
)
from portal.db import db
from portal.figures.rules import CountedRow, Period, RowsQuery, RowsResult, Value, rows_among

HEADER = ("Idea", "Asked by", "Had by staff of", "On", "Answer by", "Answer")


def counted(period: Period) -> list[CountedRow]:
    """Return every row that a figure of the quarter counts."""
    return [*_posted(period), *_answered(period)]


def _ideas(column: Any, period: Period) -> Iterable[Row[Any]]:
    """Yield the ideas of which a moment lies in the quarter, with what a line says of them."""
    asking, having = Organisation.__table__.alias(), Organisation.__table__.alias()
    rows = db.session.execute(
        select(
            *(Idea.id, Idea.title, asking.c.name.label("asked_by"), having.c.name.label("had_by")),
            *(Campaign.hin_id, Idea.due_on, column.label("at")),
        )
        .join(Campaign, Campaign.id == Idea.campaign_id)
        .join(asking, asking.c.id == Campaign.organisation_id)
        .join(having, having.c.id == Idea.organisation_id)
        .where(column >= period.quarter.begins_at, column < period.quarter.ends_at)
        .order_by(column, Idea.id)
    )
    return (row for row in rows if period.as_of is None or row.at <= period.as_of)


def _posted(period: Period) -> Iterable[CountedRow]:
    for row in _ideas(Idea.posted_at, period):
        yield CountedRow(IDEAS_POSTED.code, row.hin_id, "", _cells(row, ""))


def _answered(period: Period) -> Iterable[CountedRow]:
    """Yield each idea once, by its first answer."""
    first = (
        select(func.min(IdeaStep.at))
        .where(IdeaStep.idea_id == Idea.id, IdeaStep.state.in_(sorted(ANSWERED)))
        .correlate(Idea)
        .scalar_subquery()
    )
    rows = list(_ideas(first, period))
    answers = _first_answers([row.id for row in rows])
    for row in rows:
        answer = answers[row.id]
        cells = _cells(row, answer.label)
        yield CountedRow(IDEAS_ANSWERED.code, row.hin_id, _group(day_of(row.at), row.due_on), cells)
        if answer is IdeaState.TAKEN_UP:
            yield CountedRow(IDEAS_TAKEN_UP.code, row.hin_id, "", cells)


def _first_answers(idea_ids: Sequence[int]) -> dict[int, IdeaState]:
    rows = db.session.execute(
        select(IdeaStep.idea_id, IdeaStep.state)
        .where(IdeaStep.idea_id.in_(idea_ids), IdeaStep.state.in_(sorted(ANSWERED)))
        .order_by(IdeaStep.at.desc(), IdeaStep.id.desc())
    )
    return {row.idea_id: row.state for row in rows}


def _cells(row: Row[Any], answer: str) -> Sequence[Any]:
    return (row.title, row.asked_by, row.had_by, day_of(row.at), row.due_on, answer)


def _group(on: date, due_on: date | None) -> str:
    if due_on is None:
        return NO_DAY
    return IN_TIME if on <= due_on else LATE


def count(period: Period) -> list[Value]:
    """Return the values of all figures of a quarter, of every HIN and the nation."""
    sums: dict[tuple[str, int | None, str], int] = {}
    for row in counted(period):
        for group in {"", row.group}:
            of = {row.hin_id, None}
            for hin_id in of:
                key = (row.code, hin_id, group)
                sums[key] = sums.get(key, 0) + 1
    return [Value(code, hin, group, n) for (code, hin, group), n in sums.items()]


def rows_behind(asked: RowsQuery) -> RowsResult:
    """Return the rows behind a number."""
    return RowsResult(HEADER, rows_among(counted(asked.period), asked))


def first_day() -> date | None:
    """Return the day of the oldest row that counts."""
    moment = db.session.scalar(select(func.min(Idea.posted_at)))
    return day_of(moment) if moment else None
