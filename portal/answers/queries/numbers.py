"""Count the answers to a challenge, and those of a quarter for the figures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, select

from portal.accounts.models import Organisation
from portal.answers.models import Answer, AnswerChange, AnswerState, Assessment
from portal.answers.rules.figures import (
    ANSWERS_DECIDED,
    ANSWERS_GIVEN,
    CALLS_CLOSED,
    CALLS_OPEN,
    IN_TIME,
    LATE,
    NO_DAY,
)
from portal.challenges.models import Call, Challenge
from portal.challenges.services.calls import Numbers
from portal.clock import day_of, today
from portal.db import db
from portal.figures.rules import (
    CountedRow,
    Period,
    RowsQuery,
    RowsResult,
    Value,
    rows_among,
    with_nation,
)
from portal.innovations.models import Innovation
from portal.introductions.rules import IN_USE
from portal.reference.queries import hin_of_ics
from portal.reference.queries.networks import leads_on


@dataclass(frozen=True, slots=True)
class AnswerNumbers:
    """What became of the answers to a challenge, as numbers."""

    answered: int
    assessed: int
    invited: int
    declined: int
    met: int
    chosen: int

    @property
    def published(self) -> Numbers:
        """Return what a result is published with."""
        return Numbers(self.answered, self.assessed, self.met, self.chosen)


def numbers_of(answers: Sequence[Answer]) -> AnswerNumbers:
    """Return the numbers of the answers that arrived and were not withdrawn."""
    ids = [one.id for one in answers]
    scored = select(func.count(func.distinct(Assessment.answer_id)))
    assessed = db.session.scalar(scored.where(Assessment.answer_id.in_(ids))) or 0
    met = [one.introduction for one in answers if one.introduction is not None]
    return AnswerNumbers(
        answered=len(ids),
        assessed=assessed,
        invited=sum(one.state is AnswerState.INVITED for one in answers),
        declined=sum(one.state is AnswerState.DECLINED for one in answers),
        met=sum(one.met_on is not None or one.outcome in IN_USE for one in met),
        chosen=sum(one.outcome in IN_USE for one in met),
    )


# Figures -------------------------------------------------------------------------------------


HEADER = ("Challenge", "Stated by", "Record", "From or on", "Until")


def _hin_id(row: Any, leading: dict[int, int | None]) -> int | None:
    """Return whose a challenge counts as: the HIN that states it or leads in the ICS."""
    if row.hin_id is not None or row.ics_id is None:
        return int(row.hin_id) if row.hin_id is not None else None
    if row.ics_id not in leading:
        found = hin_of_ics(row.ics_id)
        leading[row.ics_id] = found.id if found else None
    return leading[row.ics_id]


def counted(period: Period) -> list[CountedRow]:
    """Return every row that a figure of the quarter counts."""
    leading: dict[int, int | None] = {ics: hin.id for ics, hin in leads_on(today()).items()}
    return [*_calls(period, leading), *_given(period, leading), *_decided(period, leading)]


def _known(moment: datetime | None, period: Period) -> bool:
    return moment is not None and (period.as_of is None or moment <= period.as_of)


def _calls(period: Period, leading: dict[int, int | None]) -> Iterable[CountedRow]:
    first, last = period.quarter.first, period.quarter.last
    rows = db.session.execute(
        select(
            *(Challenge.title, Organisation.name, Organisation.hin_id, Organisation.ics_id),
            *(Call.opens_on, Call.closes_on, Call.published_at, Call.result_at),
        )
        .join(Call, Call.challenge_id == Challenge.id)
        .join(Organisation, Organisation.id == Challenge.organisation_id)
        .where(Call.published_at.is_not(None), Call.opens_on <= last, Call.closes_on >= first)
        .order_by(Call.closes_on, Call.id)
    )
    for row in rows:
        last_day = _last_day(row, period)
        if not _known(row.published_at, period) or last_day < first:
            continue
        cells = (row.title, row.name, "", row.opens_on, last_day)
        hin_id = _hin_id(row, leading)
        yield CountedRow(CALLS_OPEN.code, hin_id, "", cells)
        if last_day <= min(last, period.today):
            yield CountedRow(CALLS_CLOSED.code, hin_id, "", cells)


def _last_day(row: Any, period: Period) -> date:
    """Return the last day of a call: the day of its result where it was cancelled before."""
    closes_on: date = row.closes_on
    return min(closes_on, day_of(row.result_at)) if _known(row.result_at, period) else closes_on


def _answers(column: Any, period: Period) -> Iterable[Row[Any]]:
    """Yield the answers of which a moment lies in the quarter, with what a line says of them."""
    begins_at, ends_at = period.quarter.begins_at, period.quarter.ends_at
    return db.session.execute(
        select(
            *(Challenge.title, Organisation.name, Organisation.hin_id, Organisation.ics_id),
            *(Innovation.name.label("record"), Answer.due_on, column.label("at")),
        )
        .join(Answer.challenge)
        .join(Organisation, Organisation.id == Challenge.organisation_id)
        .join(Answer.innovation)
        .where(column >= begins_at, column < ends_at)
        .order_by(column, Answer.id)
    )


def _given(period: Period, leading: dict[int, int | None]) -> Iterable[CountedRow]:
    first = (
        select(func.min(AnswerChange.at))
        .where(AnswerChange.answer_id == Answer.id, AnswerChange.state == AnswerState.SUBMITTED)
        .correlate(Answer)
        .scalar_subquery()
    )
    for row in _answers(first, period):
        if _known(row.at, period):
            cells = (row.title, row.name, row.record, day_of(row.at), row.due_on)
            yield CountedRow(ANSWERS_GIVEN.code, _hin_id(row, leading), "", cells)


def _decided(period: Period, leading: dict[int, int | None]) -> Iterable[CountedRow]:
    for row in _answers(Answer.decided_at, period):
        if _known(row.at, period):
            group = _group(day_of(row.at), row.due_on)
            cells = (row.title, row.name, row.record, day_of(row.at), row.due_on)
            yield CountedRow(ANSWERS_DECIDED.code, _hin_id(row, leading), group, cells)


def _group(on: date, due_on: date | None) -> str:
    if due_on is None:
        return NO_DAY
    return IN_TIME if on <= due_on else LATE


def count(period: Period) -> list[Value]:
    """Return the values of all figures of a quarter, of every HIN and the nation."""
    sums: dict[tuple[str, int | None, str], int] = {}
    for row in counted(period):
        for group in {"", row.group}:
            key = (row.code, row.hin_id, group)
            sums[key] = sums.get(key, 0) + 1
    mine = [Value(code, hin, group, n) for (code, hin, group), n in sums.items() if hin is not None]
    alone = {(code, group): n for (code, hin, group), n in sums.items() if hin is None}
    return _with_the_nations(with_nation(mine), alone)


def _with_the_nations(values: list[Value], alone: dict[tuple[str, str], int]) -> list[Value]:
    """Add what no HIN has, the nation's own challenges, to the nation's numbers."""
    nation = {(one.code, one.group): one.value for one in values if one.hin_id is None}
    for key, number in alone.items():
        nation[key] = nation.get(key, 0) + number
    theirs = [one for one in values if one.hin_id is not None]
    return theirs + [Value(code, None, group, n) for (code, group), n in nation.items()]


def rows_behind(asked: RowsQuery) -> RowsResult:
    """Return the rows behind a number."""
    return RowsResult(HEADER, rows_among(counted(asked.period), asked))


def first_day() -> date | None:
    """Return the day of the oldest row that counts."""
    call = db.session.scalar(select(func.min(Call.opens_on)).where(Call.published_at.is_not(None)))
    moment = db.session.scalar(select(func.min(AnswerChange.at)))
    days = [one for one in (call, day_of(moment) if moment else None) if one is not None]
    return min(days, default=None)
