"""Figures as at any day are what somebody would count by hand from the dated rows."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from statistics import median

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Actor
from portal.clock import LONDON
from portal.innovations.models import (
    Innovation,
    ProvenStatus,
    RecordStatus,
    Sharing,
    StageChange,
    StatusChange,
)
from portal.innovations.policy import can_see
from portal.pipeline.queries.flow import flow, over_quarters
from portal.pipeline.queries.records import count
from portal.pipeline.queries.stages import by_group, standing
from portal.pipeline.rules.days import quarters_until
from portal.pipeline.rules.records_query import Grouping, Move, RecordsQuery
from portal.reference.models import Term, Vocabulary
from portal.reference.rules import Quarter
from tests import makers
from tests.cast import Cast
from tests.examples import examples

START = datetime(2025, 6, 20, 22, 30, tzinfo=UTC)
"""Half past eleven of a summer's night in England: an hour later it is another day there."""
HOURS = st.integers(0, 500 * 24)
DAYS = st.integers(0, 500).map(lambda days: START.date() + timedelta(days=days))


@dataclass
class History:
    """What happened to one record: hours after the start, and what was reached."""

    statuses: list[tuple[int, RecordStatus]]
    stages: list[tuple[int, int]]
    proven: list[tuple[int, int, int | None]]
    """From which hour, for how many days, and after how many hours withdrawn."""
    sharing: Sharing
    settings: list[int]
    row: Innovation | None = field(default=None, compare=False)


histories = st.lists(
    st.builds(
        History,
        statuses=st.lists(st.tuples(HOURS, st.sampled_from(RecordStatus)), min_size=1, max_size=4),
        stages=st.lists(st.tuples(HOURS, st.integers(0, 8)), max_size=5),
        proven=st.lists(
            st.tuples(HOURS, st.integers(1, 400), st.none() | st.integers(0, 3000)), max_size=2
        ),
        sharing=st.sampled_from(Sharing),
        settings=st.lists(st.integers(0, 3), max_size=3, unique=True),
    ),
    max_size=6,
)
READERS = ("national", "hin", "ics", "innovator", "other_innovator", "administrator")


def at(hours: int) -> datetime:
    return START + timedelta(hours=hours)


def day(hours: int) -> date:
    return at(hours).astimezone(LONDON).date()


@dataclass
class HandCount:
    """The same world, counted by hand."""

    found: list[History]
    stages: list[Term]

    def live(self, history: History, on: date) -> bool:
        happened = [
            status for hours, status in self._in_order(history.statuses) if day(hours) <= on
        ]
        return bool(happened) and happened[-1] is RecordStatus.SUBMITTED

    def stage(self, history: History, on: date) -> int | None:
        happened = [n for hours, n in self._in_order(history.stages) if day(hours) <= on]
        return happened[-1] if happened else None

    def proven(self, history: History, on: date) -> bool:
        return any(
            day(hours) <= on <= day(hours) + timedelta(days=length)
            and (withdrawn is None or day(hours + withdrawn) > on)
            for hours, length, withdrawn in history.proven
        )

    def added(self, history: History, on: date) -> bool:
        came = [
            day(hours) for hours, status in history.statuses if status is RecordStatus.SUBMITTED
        ]
        return bool(came) and Quarter.of(on).first <= min(came) <= on

    def seen(self, actor: Actor) -> list[History]:
        return [h for h in self.found if h.row is not None and can_see(actor, h.row)]

    def stays(self, history: History) -> list[tuple[int, float, date]]:
        """Each stay that ended: the stage, the days, the day of the end."""
        steps: list[tuple[int, int]] = []
        for hours, stage in self._in_order(history.stages):
            if not steps or steps[-1][1] != stage:
                steps.append((hours, stage))
        return [
            (stage, (until - hours) / 24, day(until))
            for (hours, stage), (until, _) in pairwise(steps)
        ]

    @staticmethod
    def _in_order(rows: list) -> list:
        return sorted(rows, key=lambda row: row[0])  # a stable sort: ties as they were written


@pytest.fixture
def stage_terms(session: Session) -> list[Term]:
    """The stages of development in order."""
    found = select(Term).where(Term.vocabulary == Vocabulary.DEVELOPMENT_STAGE)
    return list(session.scalars(found.order_by(Term.position)))


@pytest.fixture
def care_settings(session: Session) -> list[Term]:
    """Four care settings."""
    found = select(Term).where(Term.vocabulary == Vocabulary.CARE_SETTING)
    return list(session.scalars(found.order_by(Term.position).limit(4)))


def build(cast: Cast, history: History, stages: list[Term], care_settings: list[Term]) -> None:
    """Write a history's rows; the current columns say what the newest rows say."""
    statuses = HandCount._in_order(history.statuses)
    reached = HandCount._in_order(history.stages)
    submitted = [hours for hours, status in statuses if status is RecordStatus.SUBMITTED]
    history.row = row = makers.put(
        Innovation(
            name="Any",
            organisation=cast.innovator.organisation,
            owner=cast.innovator.user,
            status=statuses[-1][1],
            sharing=history.sharing,
            submitted_at=at(submitted[0]) if submitted else None,
            stage=stages[reached[-1][1]] if reached else None,
            hin=makers.hin(),
            terms=[care_settings[n] for n in history.settings],
        )
    )
    for hours, status in statuses:
        makers.put(StatusChange(innovation_id=row.id, status=status, at=at(hours)))
    for hours, stage in reached:
        makers.put(StageChange(innovation_id=row.id, stage=stages[stage], at=at(hours)))
    for hours, length, withdrawn in history.proven:
        makers.put(
            ProvenStatus(
                innovation_id=row.id,
                hin=makers.hin(),
                verified_by=cast.hin.user,
                verified_at=at(hours),
                valid_until=day(hours) + timedelta(days=length),
                findings=[],
                withdrawn_at=None if withdrawn is None else at(hours + withdrawn),
            )
        )


@settings(
    max_examples=examples(40),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(found=histories, on=DAYS, back=st.integers(1, 300), reader=st.sampled_from(READERS))
def test_any_day_is_counted_as_by_hand(
    session: Session,
    cast: Cast,
    stage_terms: list[Term],
    care_settings: list[Term],
    found: list[History],
    on: date,
    back: int,
    reader: str,
) -> None:
    actor = getattr(cast, reader).actor
    nested = session.begin_nested()
    try:
        for history in found:
            build(cast, history, stage_terms, care_settings)
        told = HandCount(found, stage_terms)
        check_standing(told, actor, on)
        check_groups(told, actor, on, care_settings)
        check_flow(told, actor, on - timedelta(days=back), on)
        check_quarters(told, on)
    finally:
        nested.rollback()
        session.expire_all()


def check_standing(told: HandCount, actor: Actor, on: date) -> None:
    live = [h for h in told.found if told.live(h, on)]
    seen = [h for h in told.seen(actor) if told.live(h, on)]
    counted = standing(actor, on)
    totals = Counter(told.stage(h, on) for h in live)
    readable = Counter(told.stage(h, on) for h in seen)
    for number, row in enumerate(counted.stages):
        stage = number if number < len(told.stages) else None
        assert (row.total, row.readable) == (totals[stage], readable[stage])
        if row.readable:
            assert count(actor, RecordsQuery(on=on, stage=row.stage.code)) == row.readable
    assert counted.total == len(live)
    assert counted.readable == len(seen) == count(actor, RecordsQuery(on=on))
    assert counted.proven == sum(told.proven(h, on) for h in seen)
    assert counted.proven == count(actor, RecordsQuery(on=on, proven=True))
    assert counted.added == sum(told.added(h, on) for h in seen)
    assert counted.added == count(actor, RecordsQuery(on=on, added=True))
    assert counted.stale == count(actor, RecordsQuery(on=on, stale=True))


def check_groups(told: HandCount, actor: Actor, on: date, care_settings: list[Term]) -> None:
    seen = [h for h in told.seen(actor) if told.live(h, on)]
    expected = Counter(
        (care_settings[n].code if n is not None else "none", told.stage(h, on))
        for h in seen
        for n in (h.settings or [None])
    )
    codes = {stage.code: n for n, stage in enumerate(told.stages)} | {"none": None}
    rows = by_group(actor, Grouping.CARE_SETTING, on)
    counted = {(row.value, codes[stage]): n for row in rows for stage, n in row.counts.items()}
    assert counted == expected
    for row in rows:
        assert count(actor, RecordsQuery(on=on, care_setting=row.value)) == row.total


def check_flow(told: HandCount, actor: Actor, since: date, on: date) -> None:
    counted = flow(actor, since, on)
    expected = Counter(
        moved(told.live(h, since), told.live(h, on), told.stage(h, since), told.stage(h, on))
        for h in told.seen(actor)
    )
    for move, number in counted.by_move().items():
        assert number == expected[move]
        assert number == count(actor, RecordsQuery(on=on, since=since, move=move))
    ended = [
        (stage, days)
        for history in told.seen(actor)
        for stage, days, end in told.stays(history)
        if since < end <= on
    ]
    for number, stage in enumerate(told.stages):
        days = [length for n, length in ended if n == number]
        found = counted.medians.get(stage.id)
        assert (found.stays if found else 0) == len(days)
        if found:
            assert found.days == pytest.approx(median(days), abs=0.001)


def moved(was: bool, is_: bool, before: int | None, after: int | None) -> Move | None:
    if not was or not is_:
        return Move.ENTERED if is_ else Move.ARCHIVED if was else None
    first, last = (-1 if stage is None else stage for stage in (before, after))
    if first == last:
        return Move.STAYED
    return Move.ADVANCED if last > first else Move.STEPPED_BACK


def check_quarters(told: HandCount, on: date) -> None:
    for counted in over_quarters(quarters_until(on, 4), on):
        expected = Counter(
            told.stages[stage].id
            for h in told.found
            if told.live(h, counted.on) and (stage := told.stage(h, counted.on)) is not None
        )
        assert {key: n for key, n in counted.by_stage.items() if n} == expected
