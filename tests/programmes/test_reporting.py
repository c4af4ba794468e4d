"""Report, correct, plan anew: nothing is overwritten, and what was frozen stays."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from portal.clock import clock_at, now, today
from portal.db import db
from portal.errors import Conflict, Forbidden, Invalid
from portal.figures.services import freeze_figures
from portal.programmes.models import Basis, Programme, Rating
from portal.programmes.queries.aims import states_of
from portal.programmes.queries.comparing import comparisons
from portal.programmes.queries.measuring import against, rows_of, trajectories_of, values_of
from portal.programmes.services.aims import override_rating, replace_aim
from portal.programmes.services.measuring import correct_value
from portal.programmes.services.programmes import save_programme, set_lead
from portal.reference.rules import Quarter
from portal.web.paging import PER_PAGE
from tests.cast import Cast, Person
from tests.pages import PageClient
from tests.programmes import makers


@pytest.fixture
def breath(session: Session, cast: Cast) -> Programme:
    """A public programme of the national team's with one product."""
    programme = makers.programme(by=cast.national, is_public=True)
    makers.product(of=programme, by=cast.national)
    return programme


def test_a_network_reports_its_own_area_only(breath: Programme, cast: Cast) -> None:
    row = makers.value(12, of=breath, by=cast.hin)
    assert row.hin_id == cast.hin.actor.hin_id
    with pytest.raises(Forbidden):
        correct_value(value=row, new=13, why="Mistyped", by=cast.other_hin.actor)
    with pytest.raises(Forbidden):
        correct_value(value=row, new=13, why="Mistyped", by=cast.national.actor)


def test_a_value_stands_once_and_its_correction_names_it(breath: Programme, cast: Cast) -> None:
    row = makers.value(12, of=breath, by=cast.hin)
    with pytest.raises(Conflict):
        makers.value(13, of=breath, by=cast.hin)
    new = correct_value(value=row, new=15, why="A site was missing", by=cast.hin.actor)
    assert (new.corrects_id, new.corrected_why, row.value) == (row.id, "A site was missing", 12)
    assert [one.value for one in values_of(breath.id)] == [15]
    assert [one.value for one in rows_of(breath.id)] == [12, 15]
    with pytest.raises(Conflict):
        correct_value(value=row, new=16, why="Once more", by=cast.hin.actor)


def test_a_percentage_needs_its_counts(breath: Programme, cast: Cast) -> None:
    share = makers.measure("STAGE_SHARE_5", unit="percent", basis=Basis.AT_END, is_patients=False)
    with pytest.raises(Invalid, match="how many of how many"):
        makers.value(46, of=breath, by=cast.national, measured=share)
    row = makers.value(
        None, of=breath, by=cast.national, measured=share, numerator=6, denominator=13
    )
    assert round(row.value or 0, 1) == 46.2


def test_what_was_frozen_stays_and_both_are_shown(
    breath: Programme, cast: Cast, as_: Callable[[Person], PageClient]
) -> None:
    product, last = breath.products[0], Quarter.of(today()).previous
    plan = makers.trajectory(1233, of=breath, product=product, by=cast.national, quarter=last)
    row = makers.value(
        1400, of=breath, by=cast.national, quarter=last, product=product, measured=plan.measure
    )
    freeze_figures(quarter=last, by=cast.national.actor)
    with clock_at(now() + timedelta(hours=1)):
        correct_value(value=row, new=1465, why="Late returns", by=cast.national.actor)
        db.session.commit()
        rows = rows_of(breath.id, plan.measure_id)
        (compared,) = comparisons(breath.id, plan.measure_id, rows, today())
        (frozen,) = compared.frozen
        assert frozen.then is not None
        assert frozen.now is not None
        assert (frozen.then.counted, frozen.now.counted) == (1400, 1465)
        page = as_(cast.hin).get(f"/programmes/{breath.id}/measures/TESTS_DONE")
    text = page.get_data(as_text=True)
    assert "1,400 of 1,233 (114%)" in text
    assert "1,465 of 1,233 (119%)" in text
    assert "Late returns" in text


def test_what_is_counted_over_other_sites_is_not_compared(breath: Programme, cast: Cast) -> None:
    product = breath.products[0]
    cohort = "sites live from April 2019"
    plan = makers.trajectory(1233, of=breath, product=product, by=cast.national, part=cohort)
    makers.value(4790, of=breath, by=cast.national, product=product, part="all live sites")
    versions = trajectories_of(breath.id)
    (row,) = against(versions, rows_of(breath.id, plan.measure_id), today())
    assert row.counted is None
    makers.value(1465, of=breath, by=cast.national, product=product, part=cohort)
    (row,) = against(versions, rows_of(breath.id, plan.measure_id), today())
    assert row.words(is_exact=True) == "1,465 of 1,233 (119%)"


def test_a_trajectory_set_anew_keeps_the_former(breath: Programme, cast: Cast) -> None:
    product = breath.products[0]
    makers.trajectory(100, of=breath, product=product, by=cast.national)
    with pytest.raises(Conflict):
        makers.trajectory(80, of=breath, product=product, by=cast.national, why="Pandemic")
    with pytest.raises(Invalid):
        makers.trajectory(80, of=breath, product=product, by=cast.national, seen=1)
    makers.trajectory(80, of=breath, product=product, by=cast.national, seen=1, why="Pandemic")
    versions = trajectories_of(breath.id)
    assert [(one.number, one.points[0].planned) for one in versions] == [(1, 100), (2, 80)]
    (row,) = against(versions, (), today())
    assert row.planned == 80
    with pytest.raises(Forbidden):
        makers.trajectory(1, of=breath, product=product, by=cast.hin, seen=2, why="Ours")


def test_others_read_a_networks_few_patients_as_a_star(
    breath: Programme, cast: Cast, as_: Callable[[Person], PageClient]
) -> None:
    makers.value(3, of=breath, by=cast.hin)
    db.session.commit()
    paths = [f"/programmes/{breath.id}/{page}" for page in ("figures", "measures/TESTS_DONE")]
    paths.append(f"/programmes/{breath.id}/figures/download.csv")
    for path in paths:
        assert "3 tests" not in as_(cast.other_hin).get(path).get_data(as_text=True)
        assert "*" in as_(cast.ics).get(path).get_data(as_text=True)
    assert "3 tests" in as_(cast.hin).get(paths[0]).get_data(as_text=True)
    assert "3 tests" in as_(cast.national).get(paths[0]).get_data(as_text=True)


def test_strangers_read_nothing_of_a_network(
    breath: Programme, cast: Cast, as_: Callable[[Person], PageClient]
) -> None:
    makers.value(77, of=breath, by=cast.hin)
    db.session.commit()
    page = as_(cast.innovator).get(f"/programmes/{breath.id}/figures").get_data(as_text=True)
    assert "No value is reported" in page


def test_an_aim_is_replaced_and_the_old_one_stays(breath: Programme, cast: Cast) -> None:
    old = makers.aim("80% of sites", of=breath, by=cast.national, target=80.0, unit="percent")
    new = replace_aim(
        aim=old, version=1, why="Too much", words="60% of sites", by=cast.national.actor
    )
    assert old.replaced_by is new
    assert (old.replaced_on, old.target) == (today(), 80.0)
    with pytest.raises(Conflict):
        replace_aim(aim=old, version=1, why="Again", words="50%", by=cast.national.actor)


def test_the_rule_rates_and_a_rating_by_hand_keeps_what_the_rule_said(
    breath: Programme, cast: Cast
) -> None:
    live = makers.measure("SITES_LIVE", unit="sites", basis=Basis.AT_END, is_patients=False)
    aim = makers.aim(
        "50 sites", of=breath, by=cast.national, measure=live, target=50.0, unit="sites"
    )
    makers.value(55, of=breath, by=cast.national, measured=live)
    (state,) = states_of(breath.id, today())
    assert state.rating is Rating.MET
    override_rating(
        aim=aim, version=1, rating=Rating.AMBER, why="Some stopped", by=cast.national.actor
    )
    (state,) = states_of(breath.id, today())
    assert state.rating is Rating.AMBER
    assert state.override is not None
    assert state.override.by_rule is Rating.MET
    with pytest.raises(Conflict):
        override_rating(aim=aim, version=1, rating=None, why="Late", by=cast.national.actor)
    override_rating(aim=aim, version=2, rating=None, why="They began again", by=cast.national.actor)
    (state,) = states_of(breath.id, today())
    assert state.rating is Rating.MET
    with pytest.raises(Forbidden):
        override_rating(aim=aim, version=3, rating=None, why="No", by=cast.hin.actor)


def test_two_who_change_a_programme_are_told_apart(breath: Programme, cast: Cast) -> None:
    values = {"name": "Breath", "kind": breath.kind, "from_year": 2024}
    save_programme(
        programme=breath, settings=(), by=cast.national.actor, version=breath.version, **values
    )
    with pytest.raises(Conflict):
        save_programme(programme=breath, settings=(), by=cast.national.actor, version=1, **values)


def test_a_programme_is_never_part_of_itself(breath: Programme, cast: Cast) -> None:
    part = makers.programme("A part", by=cast.national, parent_id=breath.id)
    with pytest.raises(Invalid):
        save_programme(
            programme=breath,
            settings=(),
            by=cast.national.actor,
            version=breath.version,
            parent_id=part.id,
        )


def test_a_network_names_its_lead_person_who_passes_it_on(breath: Programme, cast: Cast) -> None:
    hin_id = cast.hin.actor.hin_id or 0
    by = cast.hin.actor
    set_lead(programme=breath, hin_id=hin_id, user_id=cast.hin.user.id, seen=None, by=by)
    with pytest.raises(Conflict):
        set_lead(programme=breath, hin_id=hin_id, user_id=None, seen=None, by=by)
    with pytest.raises(Invalid):
        set_lead(programme=breath, hin_id=hin_id, user_id=cast.ics.user.id, seen=1, by=by)
    with pytest.raises(Forbidden):
        set_lead(programme=breath, hin_id=hin_id, user_id=None, seen=None, by=cast.other_hin.actor)


def test_many_values_come_in_pages_the_newest_and_englands_first(
    breath: Programme, cast: Cast, as_: Callable[[Person], PageClient]
) -> None:
    quarter = Quarter.of(today()).previous
    for number in range(PER_PAGE):
        makers.value(1000 + number, of=breath, by=cast.hin, quarter=quarter)
        makers.value(2000 + number, of=breath, by=cast.national, quarter=quarter)
        quarter = quarter.previous
    db.session.commit()
    first, second = (
        as_(cast.hin).get(f"/programmes/{breath.id}/figures?page={page}").get_data(as_text=True)
        for page in (1, 2)
    )
    assert f"{2 * PER_PAGE} values, the newest first" in " ".join(first.split())
    shown = [number for number in range(1000, 3000) if f"{number:,} tests" in first]
    assert len(shown) == PER_PAGE
    assert first.index("2,000 tests") < first.index("1,000 tests") < first.index("2,001 tests")
    assert "1,019 tests" not in first
    assert "1,019 tests" in second
