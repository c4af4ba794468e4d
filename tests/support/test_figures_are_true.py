"""The figures equal a plain count in Python, whatever happened."""

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from statistics import median

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from portal.accounts.models import SYSTEM
from portal.db import db
from portal.reference.models import BankHoliday, Vocabulary
from portal.reference.queries import terms
from portal.reference.rules import LONDON, Quarter, working_days_between
from portal.support.models import (
    Engagement,
    EngagementChange,
    EngagementState,
    InteractionKind,
    LevelChange,
)
from portal.support.queries.figures import frozen_figures, live_figures
from portal.support.rules.figures import DEFINITIONS, Figure, Measure
from portal.support.services.figures import freeze_figures
from portal.support.services.interactions import Contact, correct, log
from tests import makers
from tests.cast import Cast
from tests.conftest import isolation

QUARTER = Quarter(date(2026, 4, 1))
AFTER = datetime(2026, 7, 20, 12, tzinfo=UTC)
EDGES = [
    date(2026, 3, 31),
    date(2026, 4, 1),
    date(2026, 4, 2),
    date(2026, 6, 30),
    date(2026, 7, 1),
]
DAYS = st.one_of(st.sampled_from(EDGES), st.dates(date(2026, 3, 20), date(2026, 7, 10)))
# Around midnight in summer the day in England is not the day in UTC.
CLOCK = st.sampled_from(
    [time(0, 0), time(0, 30), time(12, 0), time(22, 59), time(23, 0), time(23, 59)]
)
MOMENTS = st.builds(lambda day, clock: datetime.combine(day, clock, UTC), DAYS, CLOCK)
LEVELS = st.lists(st.tuples(MOMENTS, st.integers(1, 4)), max_size=3)
CONTACT = st.fixed_dictionaries(
    {
        "on": DAYS,
        "quarters": st.integers(1, 48),
        "kind": st.sampled_from(list(InteractionKind)),
        "kinds": st.sets(st.integers(0, 3), min_size=1, max_size=3),
        "who": st.sets(st.integers(0, 4), min_size=1, max_size=5),
        "correction": st.none()
        | st.fixed_dictionaries(
            {
                "on": DAYS,
                "quarters": st.integers(1, 48),
                "is_void": st.booleans(),
                "late": st.booleans(),
            }
        ),
    }
)
STEPS = st.lists(st.tuples(MOMENTS, st.sampled_from(["in", "up", "out", "by itself"])), max_size=5)
# How an engagement stands today: its state, who leads it (nobody, one or the other), its day.
NOW = st.tuples(
    st.sampled_from(list(EngagementState)),
    st.sampled_from([None, 0, 1]),
    st.none() | st.dates(date(2026, 7, 15), date(2026, 7, 25)),
)
WORLD = st.fixed_dictionaries(
    {
        # Five engagements: which of three organisations, which of two HINs, when, its levels.
        "engagements": st.lists(
            st.tuples(st.integers(0, 2), st.integers(0, 1), MOMENTS, LEVELS, STEPS, NOW),
            min_size=5,
            max_size=5,
        ),
        "contacts": st.lists(CONTACT, max_size=6),
    }
)
STATES = {
    "in": EngagementState.NEW,
    "up": EngagementState.ASSESSING,
    "out": EngagementState.ENGAGING,
    "by itself": EngagementState.CLOSED,
}


@settings(
    max_examples=40,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(world=WORLD)
def test_figures_equal_a_plain_count(app: Flask, world: dict) -> None:
    with isolation(app), app.app_context():
        rows = _build(world)
        expected = _count(rows, world, as_of=None)
        assert _as_dict(live_figures(QUARTER, AFTER.date())) == pytest.approx(expected)
        freeze = freeze_figures(quarter=QUARTER, by=SYSTEM, at=AFTER)
        known = _count(rows, world, as_of=AFTER)
        assert _as_dict(frozen_figures(freeze)) == pytest.approx(known)
        db.session.rollback()


def _as_dict(figures: list[Figure]) -> dict[tuple[str, int | None, str], float]:
    keys = [(f.measure.value, f.hin_id, f.group) for f in figures]
    assert len(keys) == len(set(keys)), "a figure stands twice"
    return {(f.measure.value, f.hin_id, f.group): f.value for f in figures}


def _build(world: dict) -> list[Engagement]:
    """Make the engagements with their histories, then log and correct the contacts."""
    cast = Cast()
    staff = (cast.hin, cast.other_hin)
    LOGGERS.update({person.actor.hin_id: str(person.user.id) for person in staff})
    companies = [makers.organisation(f"Company {number}") for number in range(3)]
    found = []
    for number, (company, hin, at, levels, steps, now) in enumerate(world["engagements"]):
        record = makers.innovation(f"Innovation {number}", of=cast.innovator, hin=None)
        record.organisation = companies[company]
        row = Engagement(innovation=record, hin_id=staff[hin].actor.hin_id, opened_at=at)
        row.state, lead, row.due_on = now
        row.lead_id = None if lead is None else staff[lead].user.id
        row.levels = [LevelChange(level=level, at=moment) for moment, level in levels]
        row.changes = [
            EngagementChange(
                state=STATES[step],
                at=moment,
                by_id=None if step in {"in", "by itself"} else staff[hin].user.id,
            )
            for moment, step in steps
        ]
        found.append(makers.put(row))
    for contact in world["contacts"]:
        _log(contact, found, staff)
    return found


def _log(said: dict, found: list[Engagement], staff: tuple) -> None:
    """A contact is of one HIN: those of the other are left out of it."""
    hin, chosen = _chosen(said, found)
    person = next(p for p in staff if p.actor.hin_id == hin)
    kinds = [term.id for term in terms(Vocabulary.SUPPORT_KIND)]
    told = {"kind": said["kind"], "kind_ids": [kinds[i] for i in said["kinds"]], "title": "Day"}
    first = Contact(on=said["on"], quarters=said["quarters"], **told)
    at = datetime(2026, 7, 12, 9, tzinfo=UTC)
    event = log(engagements=chosen, contact=first, by=person.actor, at=at)
    again = said["correction"]
    if again and Quarter.of(said["on"]) != Quarter.of(AFTER.date()):
        second = Contact(on=again["on"], quarters=again["quarters"], **told)
        moment = AFTER + timedelta(days=1) if again["late"] else AFTER - timedelta(days=1)
        correct(
            event=event,
            contact=second,
            why="It was longer",
            is_void=again["is_void"],
            by=person.actor,
            at=moment,
        )


def _count(rows: list[Engagement], world: dict, *, as_of: datetime | None) -> dict:
    """Count everything again with loops: no SQL, nothing of the product's counting."""
    companies, events = defaultdict(set), defaultdict(set)
    hours: dict = defaultdict(float)
    for number, said in enumerate(world["contacts"]):
        valid = _standing(said, as_of)
        if valid is None or not QUARTER.first <= valid["on"] <= QUARTER.last:
            continue
        hin, chosen = _chosen(said, rows)
        for who in (hin, None):
            _add_shares(who, chosen, said["kind"].value, valid, companies, hours)
            events[who, said["kind"].value].add(number)
            events[who, ""].add(number)
            for kind in said["kinds"]:
                hours["hours_by_support", who, CODES[kind]] += valid["quarters"] / 4
            hours["hours_by_person", who, ""] += valid["quarters"] / 4
        hours["hours_by_person", hin, LOGGERS[hin]] += valid["quarters"] / 4
    figures = {("companies", *key): float(len(found)) for key, found in companies.items()}
    figures |= {("interactions", *key): float(len(found)) for key, found in events.items()}
    figures |= {key: value for key, value in hours.items() if value}
    today = _people(rows) if as_of is not None else {}
    return figures | _opened(rows) | _partners(rows) | _waits(rows) | today


def _people(rows: list[Engagement]) -> dict:
    """Who leads how many, and how many of these are overdue, on the day of freezing."""
    found: dict = defaultdict(float)
    ended = {EngagementState.UNSUITABLE, EngagementState.CLOSED}
    for row in (row for row in rows if row.state not in ended):
        late = row.due_on is not None and row.due_on < AFTER.date()
        for measure in ["load", *(["overdue"] if late else [])]:
            for key in ((row.hin_id, str(row.lead_id or "nobody")), (row.hin_id, ""), (None, "")):
                found[measure, *key] += 1
    return dict(found)


LOGGERS: dict[int, str] = {}
"""Who logs for each HIN, in the world at hand."""
CODES = ("SIGNPOSTING", "CLINICAL_ADVICE", "EVIDENCE", "INTRODUCTIONS")


def _chosen(said: dict, rows: list[Engagement]) -> tuple[int, list[Engagement]]:
    found = [rows[position] for position in sorted(said["who"])]
    return found[0].hin_id, [row for row in found if row.hin_id == found[0].hin_id]


def _add_shares(who, chosen, kind, valid, companies, hours) -> None:
    each, left = divmod(valid["quarters"], len(chosen))
    for position, row in enumerate(chosen):
        share = (each + (1 if position < left else 0)) / 4
        for group in (str(_level(row, valid["on"])), ""):
            companies[who, group].add(row.innovation.organisation_id)
            hours["hours", who, group] += share
        hours["hours_by_kind", who, kind] += share


def _standing(said: dict, as_of: datetime | None) -> dict | None:
    again = said["correction"]
    if again is None or Quarter.of(said["on"]) == Quarter.of(AFTER.date()):
        return said
    if as_of is not None and again["late"]:
        return said
    return None if again["is_void"] else again


def _day(at: datetime) -> date:
    return at.astimezone(LONDON).date()


def _level(row: Engagement, on: date) -> int:
    held = [(change.at, change.id, change.level) for change in row.levels if _day(change.at) <= on]
    return max(held)[2] if held else 1


def _opened(rows: list[Engagement]) -> dict:
    hits = [r for r in rows if QUARTER.first <= _day(r.opened_at) <= QUARTER.last]
    return _tally("engagements", [row.hin_id for row in hits])


def _partners(rows: list[Engagement]) -> dict:
    hits = []
    for row in rows:
        reached = [_day(change.at) for change in row.levels if change.level == 4]
        if reached and QUARTER.first <= min(reached) <= QUARTER.last:
            hits.append(row.hin_id)
    return _tally("partnerships", hits)


def _tally(measure: str, hins: list[int]) -> dict:
    found: dict = defaultdict(float)
    for hin in hins:
        found[measure, hin, ""] += 1
        found[measure, None, ""] += 1
    return dict(found)


def _waits(rows: list[Engagement]) -> dict:
    holidays = {row.on for row in db.session.query(BankHoliday)}
    days: dict = defaultdict(list)
    for row in rows:
        steps = sorted(row.changes, key=lambda change: (change.at, change.id))
        for before, after in pairwise(steps):
            pair = (before.state, after.state)
            names = {
                (EngagementState.NEW, EngagementState.ASSESSING): "pick_up",
                (EngagementState.ASSESSING, EngagementState.ENGAGING): "decide",
            }
            if pair not in names or not QUARTER.first <= _day(after.at) <= QUARTER.last:
                continue
            length = working_days_between(_day(before.at), _day(after.at), holidays)
            for who in (row.hin_id, None):
                days[names[pair], who, ""].append(length)
    return {key: median(found) for key, found in days.items()}


def test_every_measure_has_its_definition() -> None:
    assert list(DEFINITIONS) == list(Measure)
    assert all(d.name and d.wording and d.source for d in DEFINITIONS.values())
