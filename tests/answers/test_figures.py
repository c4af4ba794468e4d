"""The figures of calls and answers: each number is that of its rows, and counts what it says."""

from datetime import timedelta

from sqlalchemy.orm import Session

from portal.answers.figures import FIGURES
from portal.answers.models import DeclineReason
from portal.answers.rules.figures import (
    ANSWERS_DECIDED,
    ANSWERS_GIVEN,
    CALLS_CLOSED,
    CALLS_OPEN,
    IN_TIME,
    LATE,
)
from portal.answers.services import deciding, results
from portal.challenges.models import CallResult
from portal.clock import today
from portal.db import db
from portal.figures.rules import Period, RowsQuery
from portal.reference.rules import Quarter
from tests import makers as rows
from tests.answers import makers
from tests.cast import Cast


def test_figures_count_calls_and_answers_and_each_is_its_rows(session: Session, cast: Cast) -> None:
    _plant(cast)
    period = Period(Quarter.of(today()), today())
    values = {(one.code, one.hin_id, one.group): one.value for one in FIGURES.count(period)}
    hin = cast.hin.actor.hin_id
    assert values[CALLS_OPEN.code, None, ""] == 3
    assert values[CALLS_CLOSED.code, None, ""] == 1
    assert values[ANSWERS_GIVEN.code, hin, ""] == 4
    assert values[ANSWERS_DECIDED.code, None, ""] == 3
    assert values[ANSWERS_DECIDED.code, None, IN_TIME] == 2
    assert values[ANSWERS_DECIDED.code, None, LATE] == 1
    for figure in FIGURES.figures:
        for (code, of, group), value in values.items():
            if code == figure.code:
                behind = FIGURES.rows(RowsQuery(figure, period, of, group)).rows
                assert len(behind) == value, (code, of, group)
    later = Period(Quarter.of(today() + timedelta(days=400)), today())
    assert list(FIGURES.count(later)) == []


def _plant(cast: Cast) -> None:
    """Three calls, one cancelled today; answers decided in time, late, and given back unopened."""
    opened = makers.published(makers.stated(cast, "Open"), cast.ics)
    record = rows.innovation(of=cast.innovator)
    makers.sent(opened.challenge, record, cast.innovator)
    cancelled = makers.published(makers.stated(cast, "Cancelled"), cast.ics)
    makers.sent(cancelled.challenge, record, cast.innovator)
    told = {"words": "No money.", "version": cancelled.version, "by": cast.ics.actor}
    results.publish(call=cancelled, result=CallResult.CANCELLED, **told)
    makers.published(makers.stated(cast, "Without answers"), cast.ics)
    for title, days in (("In time", 0), ("Late", 1)):
        answer = makers.sent(makers.stated(cast, title), record, cast.innovator)
        makers.passed_on(answer, cast.hin)
        if days:
            answer.due_on = today() - timedelta(days=days)
            db.session.flush()
        deciding.decline(
            answer=answer,
            version=answer.version,
            reason=DeclineReason.COST,
            words="Too much.",
            by=cast.ics.actor,
        )
