"""What a record says of where it is in use, and the dated rows behind it, are one."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clock import today
from portal.db import db
from portal.errors import Conflict, Invalid
from portal.innovations.models import Adoption, AdoptionSource, AdoptionState, Use
from portal.innovations.queries import adoption as queries
from portal.innovations.queries.on_day import use_is_in_use_on, use_is_on_trial_on
from portal.innovations.rules import adoption as rules
from portal.innovations.services.adoption import NewStage, record_stages
from portal.innovations.services.uses import confirm_use
from portal.reference.models import Site, SiteKind, Vocabulary
from tests import makers
from tests.cast import Cast
from tests.examples import examples

DAY = date(2025, 1, 1)


def site(code: str = "RX1", **values: object) -> Site:
    ics = makers.ics("QWU")
    row = Site(code=code, kind=SiteKind.TRUST, name=f"Trust {code}", **values)
    row.commissioner_ics_id = row.geography_ics_id = ics.id
    return makers.put(row)


def rows(innovation_id: int) -> list[Adoption]:
    return list(queries.rows_of(innovation_id))


def test_a_line_that_an_innovator_adds_is_a_claim_until_somebody_confirms(cast: Cast) -> None:
    record = makers.innovation(of=cast.innovator)
    place = site()
    line = Use(directory_site=place, from_on=DAY)
    record.uses.append(line)
    db.session.flush()
    (claim,) = rows(record.id)
    assert (claim.source, claim.state) == (AdoptionSource.INNOVATOR, AdoptionState.STAGE_5)
    assert line.begins_id == claim.id
    assert rules.positions(rows(record.id), today()) == {}
    assert rules.waiting(rows(record.id), today()) == [claim]

    stage = NewStage(place.id, AdoptionState.STAGE_5, DAY, confirms=claim)
    (said,) = record_stages(innovation=record, stages=[stage], by=cast.hin.actor)
    assert rules.positions(rows(record.id), today()) == {place.id: said}
    assert rules.waiting(rows(record.id), today()) == []
    assert line.confirmed_by_id == cast.hin.organisation.id
    assert line.from_on == DAY


def test_a_line_that_changes_is_corrected_and_one_taken_out_is_unknown_again(cast: Cast) -> None:
    record = makers.innovation(of=cast.innovator)
    line = Use(directory_site=site(), from_on=DAY)
    record.uses.append(line)
    db.session.flush()
    line.from_on, line.until_on = DAY + timedelta(days=30), DAY + timedelta(days=60)
    db.session.flush()
    standing = rules.standing(rows(record.id))
    assert [(row.state, row.on) for row in standing] == [
        (AdoptionState.STAGE_5, DAY + timedelta(days=30)),
        (AdoptionState.STOPPED, DAY + timedelta(days=61)),
    ]
    record.uses.remove(line)
    db.session.flush()
    states = {row.state for row in rules.standing(rows(record.id))}
    assert states == {AdoptionState.STAGE_0}
    assert rules.spells(rows(record.id)) == []


def test_the_outcome_of_an_introduction_is_a_row_of_the_site(cast: Cast) -> None:
    record = makers.innovation(of=cast.innovator)
    said = {"innovation": record, "organisation": cast.ics.organisation, "site": ""}
    line = confirm_use(**said, from_on=DAY, is_trial=True, by=cast.ics.actor)
    later = DAY + timedelta(days=90)
    confirm_use(**said, from_on=later, is_trial=False, by=cast.ics.actor, use=line)
    trial, use = rows(record.id)
    assert (trial.state, trial.on) == (AdoptionState.STAGE_4, DAY)
    assert (use.state, use.on) == (AdoptionState.STAGE_5, later)
    assert {trial.source, use.source} == {AdoptionSource.SITE}
    assert line.begins_id == use.id


def test_what_a_network_records_is_on_the_record_and_ends_there(cast: Cast) -> None:
    record = makers.innovation(of=cast.innovator)
    place = site()

    def say(state: AdoptionState, on: date, **more: object) -> None:
        stage = NewStage(place.id, state, on, **more)
        record_stages(innovation=record, stages=[stage], by=cast.hin.actor)

    say(AdoptionState.STAGE_2, DAY)
    assert list(db.session.scalars(select(Use))) == []
    say(AdoptionState.STAGE_6, DAY + timedelta(days=10))
    (line,) = db.session.scalars(select(Use))
    assert (line.from_on, line.is_trial) == (DAY + timedelta(days=10), False)
    with pytest.raises(Invalid):
        say(AdoptionState.STOPPED, DAY + timedelta(days=20))
    reason = makers.term(Vocabulary.ADOPTION_REASON, "NO_MONEY").id
    say(AdoptionState.STOPPED, DAY + timedelta(days=20), reason_id=reason)
    assert line.until_on == DAY + timedelta(days=19)
    with pytest.raises(Invalid):
        say(AdoptionState.STAGE_5, today() + timedelta(days=1))


def test_a_row_is_corrected_once_and_with_words(cast: Cast) -> None:
    record = makers.innovation(of=cast.innovator)
    place = site()
    first = NewStage(place.id, AdoptionState.STAGE_5, DAY)
    (row,) = record_stages(innovation=record, stages=[first], by=cast.hin.actor)
    mended = NewStage(place.id, AdoptionState.STAGE_2, DAY, corrects=row)
    with pytest.raises(Invalid):
        record_stages(innovation=record, stages=[mended], by=cast.hin.actor)
    mended = NewStage(place.id, AdoptionState.STAGE_2, DAY, corrects=row, note="Another trust")
    record_stages(innovation=record, stages=[mended], by=cast.hin.actor)
    assert list(db.session.scalars(select(Use))) == []
    with pytest.raises(Conflict):
        record_stages(innovation=record, stages=[mended], by=cast.hin.actor)
    at = rules.positions(rows(record.id), today(), known=row.at)
    assert at == {}


HISTORY = st.lists(
    st.tuples(
        st.integers(0, 3),  # site
        st.sampled_from(["", "", "Ward 1"]),
        st.sampled_from(list(AdoptionState)),
        st.integers(0, 40),  # day
        st.sampled_from([AdoptionSource.HIN, AdoptionSource.SITE, AdoptionSource.INNOVATOR]),
        st.integers(0, 5),  # what it corrects, of those that stand at the site
    ),
    min_size=1,
    max_size=14,
)


def recount(said: list[dict[str, object]], on: date, known: datetime | None) -> dict[int, str]:
    """Where each site stands, by going through the days in plain Python."""
    there = [one for one in said if known is None or one["at"] < known]
    gone = {one["corrects"] for one in there}
    found: dict[int, str] = {}
    for one in sorted(there, key=lambda each: (each["on"], each["id"])):
        if one["id"] in gone or one["source"] == "innovator" or one["on"] > on:
            continue
        found[one["site"], one["unit"]] = one["state"]
    best: dict[int, str] = {}
    order = [str(state) for state in rules.ORDER]
    for (number, _), state in found.items():
        if number not in best or order.index(state) > order.index(best[number]):
            best[number] = state
    return best


@settings(
    max_examples=examples(30),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(history=HISTORY, day=st.integers(0, 45), known=st.integers(0, 15))
def test_python_and_sql_tell_the_same_as_a_plain_recount(
    session: Session, cast: Cast, history: list[tuple[object, ...]], day: int, known: int
) -> None:
    nested = session.begin_nested()
    record = makers.innovation(of=cast.innovator, opens=False)
    sites = [
        session.scalar(select(Site).where(Site.code == f"RP{n}")) or site(f"RP{n}")
        for n in range(4)
    ]
    begun = datetime.fromisoformat("2025-06-01T09:00:00+00:00")
    said: list[dict[str, object]] = []
    for number, (which, unit, state, ago, source, corrects) in enumerate(history):
        gone = {one["corrects"] for one in said}
        mine = [
            o
            for o in said
            if o["site"] == sites[which].id and o["unit"] == unit and o["id"] not in gone
        ]
        of = mine[corrects] if corrects < len(mine) and number % 2 else None
        row = Adoption(
            innovation_id=record.id,
            site_id=sites[which].id,
            unit=unit,
            state=state,
            on=DAY + timedelta(days=ago),
            at=begun + timedelta(hours=number),
            source=source,
            corrects_id=of["id"] if of else None,
        )
        makers.put(row)
        said.append(
            {"id": row.id, "site": row.site_id, "unit": unit, "state": str(state), "on": row.on}
            | {"at": row.at, "source": str(source.value), "corrects": of["id"] if of else None}
        )
    on, moment = DAY + timedelta(days=day), begun + timedelta(hours=known)
    every = rows(record.id)
    for when in (None, moment):
        plain = recount(said, on, when)
        assert {k: str(r.state) for k, r in rules.positions(every, on, when).items()} == plain
        found = queries.positions_on(on, when, Adoption.innovation_id == record.id)
        ranks = {site_id: rank for _, site_id, rank in session.execute(select(found))}
        assert ranks == {k: rules.RANK[AdoptionState(state)] for k, state in plain.items()}
    nested.rollback()


@settings(
    max_examples=examples(20),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    history=st.lists(
        st.tuples(st.sampled_from(list(AdoptionState)), st.integers(0, 40)), max_size=10
    )
)
def test_lines_of_use_tell_of_every_day_what_the_rows_tell(
    session: Session, cast: Cast, history: list[tuple[AdoptionState, int]]
) -> None:
    nested = session.begin_nested()
    record = makers.innovation(of=cast.innovator, opens=False)
    place = session.scalar(select(Site).where(Site.code == "RL1")) or site("RL1")
    reason = makers.term(Vocabulary.ADOPTION_REASON, "OTHER").id
    for state, ago in history:
        stage = NewStage(place.id, state, DAY + timedelta(days=ago), reason_id=reason)
        record_stages(innovation=record, stages=[stage], by=cast.hin.actor)
    for ago in range(0, 42, 3):
        on = DAY + timedelta(days=ago)
        found = rules.positions(rows(record.id), on)
        level = rules.state_of(found, place.id).level
        mine = select(Use.id).where(Use.innovation_id == record.id)
        assert bool(session.scalars(mine.where(use_is_in_use_on(on))).all()) == (level >= 5)
        assert bool(session.scalars(mine.where(use_is_on_trial_on(on))).all()) == (level == 4)
    nested.rollback()
