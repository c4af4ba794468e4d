"""The figures equal a plain count in Python, whatever happened."""

from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from portal.accounts.models import SYSTEM, Actor, OrganisationKind
from portal.db import db
from portal.figures.policy import for_reader
from portal.figures.queries import freeze_of, frozen_values, live_values
from portal.figures.rules import Value, personal_codes, sets
from portal.figures.services import freeze_figures
from portal.proof.models import Validation, ValidationState
from portal.reference.models import BankHoliday, Vocabulary
from portal.reference.queries import terms
from portal.reference.rules import Quarter
from portal.support.models import (
    Engagement,
    EngagementChange,
    EngagementState,
    InteractionKind,
    LevelChange,
    Survey,
)
from portal.support.queries import surveys
from portal.support.rules.closings import REASONS
from portal.support.services.closing import answer, close
from portal.support.services.interactions import InteractionDetails, correct, log
from tests import makers
from tests.cast import Cast, Person
from tests.conftest import isolation
from tests.examples import examples
from tests.figures import rows_behind
from tests.support.plain_count import Logged, PlainCount, SurveyReply, World

# One quarter begins and ends in winter time and in summer time, the other in summer time.
QUARTERS = [
    (Quarter(date(2026, 1, 1)), date(2026, 1, 1), date(2026, 3, 31)),
    (Quarter(date(2026, 4, 1)), date(2026, 4, 1), date(2026, 6, 30)),
]
AFTER = datetime(2026, 7, 20, 12, tzinfo=UTC)
THIRD = (Quarter(date(2026, 7, 1)), date(2026, 7, 1), date(2026, 9, 30))
LATE = datetime(2026, 8, 4, 12, tzinfo=UTC)
"""Both quarters are frozen by then."""
INTERACTIONS = {
    *("companies", "organisations", "other_organisations", "interactions", "hours"),
    *("hours_by_kind", "hours_by_support", "hours_by_person"),
}
EDGES = [
    date(2025, 12, 31),
    date(2026, 1, 1),
    date(2026, 3, 31),
    date(2026, 4, 1),
    date(2026, 6, 30),
    date(2026, 7, 1),
]
DAYS = st.one_of(st.sampled_from(EDGES), st.dates(date(2025, 12, 20), date(2026, 7, 10)))
# Around midnight in summer the day in England is not the day in UTC.
CLOCK = st.sampled_from(
    [time(0, 0), time(0, 30), time(12, 0), time(22, 59), time(23, 0), time(23, 59)]
)
MOMENTS = st.builds(lambda day, clock: datetime.combine(day, clock, UTC), DAYS, CLOCK)
LEVELS = st.lists(st.tuples(MOMENTS, st.integers(1, 4)), max_size=3)
CORRECTION = st.fixed_dictionaries(
    {
        "on": DAYS,
        "minutes": st.integers(1, 48).map(lambda n: n * 15),
        "is_void": st.booleans(),
        "late": st.booleans(),
    }
)
INTERACTION = st.fixed_dictionaries(
    {
        "on": DAYS,
        "minutes": st.integers(1, 48).map(lambda n: n * 15),
        "kind": st.sampled_from(list(InteractionKind)),
        "kinds": st.sets(st.integers(0, 3), min_size=1, max_size=3),
        "who": st.sets(st.integers(0, 4), min_size=1, max_size=5),
        "correction": st.none() | CORRECTION,
    }
)
# What an engagement went through, and whether a person did it.
STEP = st.tuples(MOMENTS, st.sampled_from(list(EngagementState)), st.booleans())
STEPS = st.lists(STEP, max_size=5) | st.builds(
    lambda start, waits: [
        (start, EngagementState.NEW, False),
        (start + timedelta(hours=waits[0]), EngagementState.ASSESSING, True),
        (start + timedelta(hours=waits[0] + waits[1]), waits[2], True),
    ],
    MOMENTS,
    st.tuples(st.integers(0, 400), st.integers(0, 400), st.sampled_from(list(EngagementState))),
)
# How an engagement stands today: its state, who leads it (nobody, one or the other), its day.
NOW = st.tuples(
    st.sampled_from(list(EngagementState)),
    st.sampled_from([None, 0, 1]),
    st.none() | st.dates(date(2026, 7, 15), date(2026, 7, 25)),
)
VALIDATION = st.fixed_dictionaries(
    {
        "of": st.integers(0, 4),
        "hin": st.integers(0, 1),
        "state": st.sampled_from(list(ValidationState)),
        "from_on": st.none() | DAYS,
        "days": st.none() | st.integers(0, 120),
        "setting": st.none() | st.integers(0, 2),
        "kinds": st.sets(st.integers(0, 3), max_size=3),
    }
)
ANSWER = st.fixed_dictionaries(
    {
        "at": MOMENTS,
        "marks": st.fixed_dictionaries({n: st.integers(1, 5) for n in ("reach", "use", "gain")}),
        "comment": st.sampled_from(["", "They knew whom to ask.", "Slow to reply."]),
    }
)
CLOSING = st.fixed_dictionaries(
    {
        "of": st.integers(0, 4),
        "at": MOMENTS,
        "reason": st.sampled_from(REASONS),
        "answer": st.none() | ANSWER,
    }
)
WORLD = st.fixed_dictionaries(
    {
        # Five engagements: which of three organisations, which of two HINs, when, its levels.
        "engagements": st.lists(
            st.tuples(st.integers(0, 2), st.integers(0, 1), MOMENTS, LEVELS, STEPS, NOW),
            min_size=5,
            max_size=5,
        ),
        "interactions": st.lists(INTERACTION, max_size=6),
        "late": st.lists(INTERACTION, max_size=2),
        "validations": st.lists(VALIDATION, max_size=5),
        # Few answers or enough for a HIN to read its own.
        "closings": st.lists(CLOSING, max_size=3) | st.lists(CLOSING, min_size=6, max_size=9),
    }
)


@settings(
    max_examples=examples(24),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(said=WORLD)
def test_figures_equal_a_plain_count(app: Flask, said: dict[str, Any]) -> None:
    with isolation(app), app.app_context():
        cast = Cast()
        world = _build(said, cast)
        frozen: dict[date, datetime] = {}
        for quarter, first, last in QUARTERS:
            live = live_values(quarter, AFTER.date())
            count = PlainCount(world, first, last, AFTER.date(), False, frozen)
            assert _as_dict(live) == pytest.approx(count.figures())
            _readers_see_their_own(live, cast)
            _rows_add_up(live, quarter, AFTER.date())
            _surveys_are_true(quarter, count, cast)
            freeze = freeze_figures(quarter=quarter, by=SYSTEM, at=AFTER)
            frozen[first] = AFTER
            known = PlainCount(world, first, last, AFTER.date(), True, frozen).figures()
            assert _as_dict(frozen_values(freeze)) == pytest.approx(known)
            for measure in {key[0] for key in known}:
                event(measure)
        _late_entries_count_once(world, frozen, said["late"], cast)
        db.session.rollback()


def _late_entries_count_once(
    world: World, frozen: dict[date, datetime], said: list[dict[str, Any]], cast: Cast
) -> None:
    """What is entered or corrected once both quarters are frozen counts in the third alone."""
    staff = (cast.hin, cast.other_hin)
    for details in said:
        world.interactions.append(_log(details, world.engagements, staff, at=LATE))
    _correct_late(world, staff)
    for quarter, first, last in [*QUARTERS, THIRD]:
        live = live_values(quarter, LATE.date())
        count = PlainCount(world, first, last, LATE.date(), False, frozen)
        assert _as_dict(live) == pytest.approx(count.figures())
        _rows_add_up(live, quarter, LATE.date())
    for quarter, first, last in QUARTERS:
        freeze = freeze_of(quarter)
        assert freeze is not None
        known = PlainCount(world, first, last, AFTER.date(), True, frozen).figures()
        kept = {
            key: v for key, v in _as_dict(frozen_values(freeze)).items() if key[0] in INTERACTIONS
        }
        assert kept == pytest.approx({key: v for key, v in known.items() if key[0] in INTERACTIONS})


def _correct_late(world: World, staff: tuple[Person, ...]) -> None:
    """Make the corrections that were to come after the freeze."""
    for details in world.interactions:
        again = details.said.get("correction")
        if details.correction is None and again and details.said["on"] < date(2026, 7, 1):
            _correct(details, again, LATE + timedelta(hours=1), staff)


def _correct(
    details: Logged, again: dict[str, Any], at: datetime, staff: tuple[Person, ...]
) -> None:
    person = next(person for person in staff if person.actor.hin_id == details.hin_id)
    correct(
        interaction=details.interaction,
        details=InteractionDetails(on=again["on"], minutes=again["minutes"], **details.told),
        why="It was longer",
        is_void=again["is_void"],
        by=person.actor,
        at=at,
    )
    details.correction, details.corrected_at = again, at


def _as_dict(figures: list[Value]) -> dict[tuple[str, int | None, str], float]:
    keys = [(f.code, f.hin_id, f.group) for f in figures]
    assert len(keys) == len(set(keys)), "a figure stands twice"
    return {(f.code, f.hin_id, f.group): f.value for f in figures}


def _readers_see_their_own(figures: list[Value], cast: Cast) -> None:
    """A HIN has its own and the nation's; the national team all, but no person by themselves."""
    hin = cast.hin.actor
    own = [f for f in figures if f.hin_id in {hin.hin_id, None}]
    assert for_reader(figures, hin) == own
    nobody = [f for f in figures if not (f.code in personal_codes() and f.group)]
    assert for_reader(figures, cast.national.actor) == nobody


def _rows_add_up(figures: list[Value], quarter: Quarter, on: date) -> None:
    """What stands behind a figure comes to the figure."""
    for figure in figures:
        header, rows = rows_behind(figure.code, quarter, figure.hin_id, figure.group, None, on)
        assert _worth(figure.code, header, rows) == pytest.approx(figure.value), figure


def _worth(measure: str, header: Any, rows: list[Any]) -> float:
    column = {name: [row[place] for row in rows] for place, name in enumerate(header)}
    if measure in {"companies", "organisations", "other_organisations"}:
        return len(set(column["Organisation"]))
    if measure == "interactions":
        taken = {
            n for n, as_ in zip(column["Entry"], column["Counts as"], strict=True) if "off" in as_
        }
        return len(set(column["Entry"]) - taken) - len(taken)
    if measure in {"pick_up", "decide"}:
        return median(column["Working days"])
    return sum(column["Hours"]) if measure.startswith("hours") else len(rows)


def _surveys_are_true(quarter: Quarter, count: PlainCount, cast: Cast) -> None:
    """The national team has every HIN's means; a HIN its own from five answers on, and words."""
    figures = count.figures()
    found = {one.hin.id: one for one in surveys.answers(quarter, cast.national.actor)}
    for actor in (cast.hin.actor, cast.other_hin.actor):
        number = figures.get(("surveys", actor.hin_id, ""), 0)
        means = count.survey(actor.hin_id)
        assert (found[actor.hin_id].means if number else {}) == pytest.approx(means)
        own = surveys.answers(quarter, actor)
        assert [(one.hin.id, one.count) for one in own] == ([(actor.hin_id, number)] * bool(number))
        assert [one.means for one in own] == [pytest.approx(means if number >= 5 else {})] * len(
            own
        )
        assert list(surveys.comments(quarter, actor)) == count.words(actor.hin_id)
    assert surveys.comments(quarter, cast.national.actor) == []


def _build(said: dict[str, Any], cast: Cast) -> World:
    """Make the engagements with their histories, then what came of them."""
    staff = (cast.hin, cast.other_hin)
    world = World(holidays={row.on for row in db.session.query(BankHoliday)})
    kinds = [OrganisationKind.COMPANY, OrganisationKind.COMPANY, OrganisationKind.CHARITY]
    companies = [makers.organisation(f"Company {n}", kind=kind) for n, kind in enumerate(kinds)]
    for number, (company, hin, at, levels, steps, _) in enumerate(said["engagements"]):
        record = makers.innovation(f"Innovation {number}", of=cast.innovator, opens=False)
        record.organisation = companies[company]
        row = Engagement(innovation=record, hin_id=staff[hin].actor.hin_id, opened_at=at)
        row.levels = [LevelChange(level=level, at=moment) for moment, level in levels]
        row.changes = [
            EngagementChange(state=state, at=at, by_id=staff[hin].user.id if by_person else None)
            for at, state, by_person in steps
        ]
        world.engagements.append(makers.put(row))
    for details in said["interactions"]:
        world.interactions.append(_log(details, world.engagements, staff))
    for validation in said["validations"]:
        world.validations.append(_validation(validation, world.engagements, staff))
    for closing in said["closings"]:
        world.answers += _close(closing, world.engagements, staff, cast.innovator.actor)
    for row, (*_, now) in zip(world.engagements, said["engagements"], strict=True):
        row.state, lead, row.due_on = now
        row.lead_id = None if lead is None else staff[lead].user.id
    db.session.flush()
    return world


def _log(
    said: dict[str, Any],
    rows: list[Engagement],
    staff: tuple[Person, ...],
    at: datetime = datetime(2026, 7, 12, 9, tzinfo=UTC),
) -> Logged:
    """An interaction is of one HIN: those of the other are left out of it."""
    chosen = [rows[position] for position in sorted(said["who"])]
    chosen = [row for row in chosen if row.hin_id == chosen[0].hin_id]
    person = _of(staff, chosen[0])
    kinds = [list(terms(Vocabulary.SUPPORT_KIND))[i] for i in sorted(said["kinds"])]
    told = {"kind": said["kind"], "kind_ids": [kind.id for kind in kinds], "title": "Day"}
    first = InteractionDetails(on=said["on"], minutes=said["minutes"], **told)
    made = log(engagements=chosen, details=first, by=person.actor, at=at)
    codes = [kind.code for kind in kinds]
    logged = Logged(chosen[0].hin_id, person.user.id, chosen, said, codes, made, told, at)
    again = said["correction"] if said["on"] < date(2026, 7, 1) and at < LATE else None
    if again and not again["late"]:
        _correct(logged, again, AFTER - timedelta(days=1), staff)
    return logged


def _validation(
    said: dict[str, Any], rows: list[Engagement], staff: tuple[Person, ...]
) -> Validation:
    settings_, kinds = (
        list(terms(Vocabulary.CARE_SETTING)),
        list(terms(Vocabulary.SUPPORT_KIND)),
    )
    begun, days = said["from_on"], said["days"]
    row = Validation(
        innovation=rows[said["of"]].innovation,
        hin_id=staff[said["hin"]].actor.hin_id,
        state=said["state"],
        question="Does it help?",
        from_on=begun,
        to_on=None if begun is None or days is None else begun + timedelta(days=days),
        care_setting=None if said["setting"] is None else settings_[said["setting"]],
        kinds=[kinds[i] for i in said["kinds"]],
    )
    return makers.put(row)


def _close(
    said: dict[str, Any], rows: list[Engagement], staff: tuple[Person, ...], owner: Actor
) -> list[SurveyReply]:
    """Close support through the service, which asks the owner; return what they answered."""
    row = rows[said["of"]]
    row.state = EngagementState.ENGAGING
    db.session.flush()
    made = close(
        engagement=row,
        version=row.version,
        reason=said["reason"],
        summary="We wrote up the evidence.",
        next_step="Ask for an introduction.",
        by=_of(staff, row).actor,
        at=said["at"],
    )
    told = said["answer"]
    if told is None:
        return []
    survey = db.session.query(Survey).filter_by(closing_id=made.id).one()
    comment = told["comment"]
    answer(
        survey=survey,
        scores=told["marks"],
        comment=comment,
        may_be_read=bool(comment),
        by=owner,
        at=told["at"],
    )
    return [SurveyReply(row.hin_id, told["at"], told["marks"], comment)]


def _of(staff: tuple[Person, ...], row: Engagement) -> Person:
    return next(person for person in staff if person.actor.hin_id == row.hin_id)


def test_every_measure_has_its_definition() -> None:
    figures = [figure for one in sets() for figure in one.figures]
    assert all(f.label and f.definition and f.source and f.unit for f in figures)
