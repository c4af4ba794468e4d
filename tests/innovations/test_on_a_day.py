"""In use, stage, on the pipeline and proven on a day: the rule and its SQL are one rule."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from portal.clock import begin_of, end_of, today
from portal.innovations.models import (
    Innovation,
    ProvenStatus,
    RecordStatus,
    StageChange,
    StatusChange,
    Use,
)
from portal.innovations.queries import on_day as queries
from portal.innovations.rules import on_day as rules
from portal.reference.models import Vocabulary
from tests import makers
from tests.cast import Cast
from tests.examples import examples

DAYS = [date(2024, 3, 29) + timedelta(days=n) for n in range(6)]
"""The clocks go forward on 31 March 2024: a day of 23 hours lies among them."""
days = st.sampled_from(DAYS)
maybe_days = st.none() | days
moments = st.one_of(
    st.builds(end_of, days),
    st.builds(begin_of, days),
    st.builds(lambda day: end_of(day) - timedelta(microseconds=1), days),
    st.builds(lambda day, hours: begin_of(day) + timedelta(hours=hours), days, st.integers(0, 23)),
)
uses = st.fixed_dictionaries({"from_on": days, "until_on": maybe_days, "is_trial": st.booleans()})
proofs = st.fixed_dictionaries(
    {"verified_at": moments, "valid_until": days, "withdrawn_at": st.none() | moments}
)
stages = st.fixed_dictionaries({"at": moments, "code": st.sampled_from(["IDEA", "READY"])})
statuses = st.fixed_dictionaries({"at": moments, "status": st.sampled_from(RecordStatus)})
histories = st.fixed_dictionaries(
    {
        "uses": st.lists(uses, max_size=3),
        "proofs": st.lists(proofs, max_size=3),
        "stages": st.lists(stages, max_size=3),
        "statuses": st.lists(statuses, max_size=3),
    }
)


@pytest.fixture
def record(session: Session, cast: Cast) -> Innovation:
    """A record without a past."""
    row = makers.innovation(of=cast.innovator)
    for model in (StageChange, StatusChange):
        for dated in session.scalars(select(model).where(model.innovation_id == row.id)):
            session.delete(dated)
    session.flush()
    return row


@settings(
    max_examples=examples(80),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(history=histories)
def test_the_rule_and_its_sql_agree_on_every_day(
    session: Session, cast: Cast, record: Innovation, history: dict[str, Any]
) -> None:
    with session.begin_nested() as attempt:
        rows = _told(cast, record, history)
        for day in DAYS:
            found = session.execute(
                select(*(sql for sql, _ in _facts(rows, day))).where(Innovation.id == record.id)
            ).one()
            expected = [rule for _, rule in _facts(rows, day)]
            assert list(found) == expected, day
            for sql, rule in (
                (queries.use_is_in_use_on(day), rules.is_in_use_on),
                (queries.use_is_on_trial_on(day), rules.is_on_trial_on),
                (queries.is_running_on(day), rules.is_running_on),
            ):
                ids = select(Use.id).where(Use.innovation_id == record.id, sql)
                assert set(session.scalars(ids)) == {u.id for u in rows["uses"] if rule(u, day)}
            stands = select(ProvenStatus.id).where(queries.stands_on(day))
            expected_ids = {p.id for p in rows["proofs"] if rules.stands_on(p, day)}
            assert set(session.scalars(stands)) == expected_ids
        attempt.rollback()


def _facts(rows: dict[str, list[Any]], day: date) -> list[tuple[ColumnElement[Any], Any]]:
    return [
        (queries.is_in_use_on(day), bool(rules.uses_on(rows["uses"], day))),
        (queries.is_on_trial_on(day), bool(rules.trials_on(rows["uses"], day))),
        (queries.is_proven_on(day), rules.is_proven_on(rows["proofs"], day)),
        (queries.is_live_on(day), rules.is_live_on(rows["statuses"], day)),
        (queries.stage_id_on(day), rules.stage_id_on(rows["stages"], day)),
    ]


def _told(cast: Cast, record: Innovation, history: dict[str, Any]) -> dict[str, list[Any]]:
    known = {c: makers.term(Vocabulary.DEVELOPMENT_STAGE, c) for c in ("IDEA", "READY")}
    trust = cast.other_ics.organisation
    verified = {"hin_id": makers.hin().id, "verified_by_id": cast.hin.user.id, "findings": []}
    return {
        "uses": [
            makers.put(Use(innovation_id=record.id, organisation=trust, **values))
            for values in history["uses"]
        ],
        "proofs": [
            makers.put(ProvenStatus(innovation_id=record.id, **verified, **values))
            for values in history["proofs"]
        ],
        "stages": [
            makers.put(
                StageChange(innovation_id=record.id, at=row["at"], stage_id=known[row["code"]].id)
            )
            for row in history["stages"]
        ],
        "statuses": [
            makers.put(StatusChange(innovation_id=record.id, **values))
            for values in history["statuses"]
        ],
    }


def test_a_trial_is_never_use_and_its_last_day_still_counts() -> None:
    on = date(2026, 5, 1)
    trial = Use(from_on=on, until_on=on, is_trial=True)
    use = Use(from_on=on, until_on=on, is_trial=False)
    assert (rules.is_in_use_on(trial, on), rules.is_on_trial_on(trial, on)) == (False, True)
    assert (rules.is_in_use_on(use, on), rules.is_on_trial_on(use, on)) == (True, False)
    assert not rules.is_running_on(use, on + timedelta(days=1))
    assert not rules.is_running_on(use, on - timedelta(days=1))


def test_a_day_that_is_not_over_is_told_by_the_columns(
    session: Session, cast: Cast, record: Innovation
) -> None:
    record.is_proven_until = today()
    session.flush()
    for day in (None, today()):
        facts = (queries.is_live_on(day), queries.is_proven_on(day), queries.stage_id_on(day))
        found = session.execute(select(*facts).where(Innovation.id == record.id)).one()
        assert tuple(found) == (True, True, record.stage_id)
    later = today() + timedelta(days=1)
    is_proven = select(queries.is_proven_on(later)).where(Innovation.id == record.id)
    assert session.scalar(is_proven) is False or session.scalar(is_proven) == 0
    record.is_proven_until = None
    session.flush()
    # Never NULL: "not proven" can be asked for as it stands.
    ids = select(Innovation.id).where(~queries.is_proven_on(None))
    assert record.id in set(session.scalars(ids))


def test_a_day_ends_at_midnight_in_england() -> None:
    assert end_of(date(2026, 7, 1)) == datetime.fromisoformat("2026-07-01T23:00:00+00:00")
    assert end_of(date(2026, 1, 1)) == datetime.fromisoformat("2026-01-02T00:00:00+00:00")
    assert begin_of(date(2026, 7, 1)) == end_of(date(2026, 6, 30))
