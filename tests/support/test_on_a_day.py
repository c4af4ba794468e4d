"""State, level, triage and overdue on a day: the rule and its SQL are one rule."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clock import begin_of, end_of, today
from portal.reference.queries import is_past_due
from portal.support.models import Engagement, EngagementChange, EngagementState, LevelChange
from portal.support.queries import engagement_of
from portal.support.queries import on_day as queries
from portal.support.rules import on_day as rules
from portal.wording import is_overdue
from tests import makers
from tests.cast import Cast
from tests.examples import examples

DAYS = [date(2024, 3, 29) + timedelta(days=n) for n in range(5)]
"""The clocks go forward on 31 March 2024: a day of 23 hours lies among them."""
moments = st.sampled_from(DAYS).flatmap(
    lambda day: st.sampled_from(
        [begin_of(day), end_of(day) - timedelta(microseconds=1), begin_of(day) + timedelta(hours=9)]
    )
)
states = st.lists(st.tuples(moments, st.sampled_from(list(EngagementState))), max_size=4)
levels = st.lists(st.tuples(moments, st.integers(1, 4)), max_size=3)


@pytest.fixture
def engagement(session: Session, cast: Cast) -> Engagement:
    """An engagement without a past."""
    record = makers.innovation(of=cast.innovator)
    row = engagement_of(record.id, makers.hin().id) or makers.put(
        Engagement(innovation_id=record.id, hin=makers.hin())
    )
    for change in [*row.changes, *row.levels]:
        session.delete(change)
    session.flush()
    session.refresh(row)
    return row


@settings(
    max_examples=examples(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(states=states, levels=levels)
def test_the_rule_and_its_sql_agree_on_every_day(
    session: Session, engagement: Engagement, states: list[Any], levels: list[Any]
) -> None:
    with session.begin_nested() as attempt:
        one = engagement.id
        changes = [
            makers.put(EngagementChange(engagement_id=one, at=at, state=state))
            for at, state in states
        ]
        held = [
            makers.put(LevelChange(engagement_id=one, at=at, level=level)) for at, level in levels
        ]
        for day in DAYS:
            by = queries.level_by(Engagement.id, day, Engagement)
            asked = (
                queries.state_on(day),
                queries.is_live_on(day),
                queries.is_in_triage_on(day),
                queries.level_on(day),
                by,
            )
            found = session.execute(select(*asked).where(Engagement.id == one)).one()
            level = rules.level_on(held, day)
            assert (found[0], bool(found[1]), bool(found[2]), found[3], found[4]) == (
                rules.state_on(changes, day),
                rules.is_live_on(changes, day),
                rules.is_in_triage_on(changes, day),
                level,
                level,
            )
        attempt.rollback()


@pytest.mark.parametrize("state", EngagementState)
@pytest.mark.parametrize("days", [-1, 0, 1, None])
def test_overdue_is_one_rule(
    session: Session, engagement: Engagement, state: EngagementState, days: int | None
) -> None:
    due = None if days is None else today() + timedelta(days=days)
    engagement.state, engagement.due_on = state, due
    engagement.undated = None if due else engagement.undated
    session.flush()
    asked = (
        queries.is_overdue_on(today()),
        is_past_due(Engagement.due_on, today()),
        queries.is_in_triage_on(None),
    )
    found = session.execute(select(*asked).where(Engagement.id == engagement.id)).one()
    assert [bool(one) for one in found] == [
        rules.is_engagement_overdue(state, due, today()),
        is_overdue(due, today()),
        state in rules.TRIAGE,
    ]
    assert None not in found
