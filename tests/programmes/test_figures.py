"""The figures of programmes: patients, achievement and programmes, live and frozen, to the rows."""

from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy.orm import Session

from portal.clock import clock_at, now, today
from portal.figures.rules import Period, RowsQuery, Value
from portal.figures.services import freeze_figures
from portal.programmes.charts import over_quarters
from portal.programmes.models import Programme
from portal.programmes.queries.figure_counts import count, gaps, rows_behind
from portal.programmes.rules.figures import PATIENTS
from portal.programmes.rules.values import Planned
from portal.programmes.services.measuring import correct_value, set_counting_rule
from portal.reference.rules import Quarter
from tests.cast import Cast, Person
from tests.pages import PageClient
from tests.programmes import makers

As = Callable[[Person], PageClient]


def _told(period: Period) -> dict[tuple[str, int | None, str], float]:
    return {(one.code, one.hin_id, one.group): one.value for one in count(period)}


def _counted(cast: Cast) -> Programme:
    programme = makers.programme(by=cast.national, is_public=True)
    product = makers.product(of=programme, by=cast.national)
    set_counting_rule(
        programme=programme,
        product=product,
        measure=makers.measure(),
        patients=1,
        counted=2,
        words="Two tests are one person.",
        valid_from=today() - timedelta(days=400),
        by=cast.national.actor,
    )
    return programme


def test_patients_follow_the_counting_rule_and_add_up(session: Session, cast: Cast) -> None:
    programme = _counted(cast)
    product, quarter = programme.products[0], Quarter.of(today())
    ours, theirs = cast.hin.actor.hin_id, cast.other_hin.actor.hin_id
    makers.value(40, of=programme, by=cast.hin, product=product)
    makers.value(60, of=programme, by=cast.other_hin, product=product)
    makers.value(1000, of=programme, by=cast.hin, product=product, part="other sites")
    told = _told(Period(quarter, today()))
    for group in (programme.code, ""):
        assert told[PATIENTS.code, ours, group] == 20
        assert told[PATIENTS.code, theirs, group] == 30
        assert told[PATIENTS.code, None, group] == 50
    rows = rows_behind(RowsQuery(PATIENTS, Period(quarter, today()), None, programme.code))
    assert sum(row[5] for row in rows.rows) == 50
    assert {row[0] for row in rows.rows} == {programme.name}
    assert len(rows_behind(RowsQuery(PATIENTS, Period(quarter, today()), ours, "")).rows) == 1


def test_what_is_stated_as_patients_is_not_reckoned_again(session: Session, cast: Cast) -> None:
    programme = _counted(cast)
    product = programme.products[0]
    stated = makers.measure("PATIENTS_BENEFITTING", unit="patients")
    makers.value(40, of=programme, by=cast.hin, product=product)
    makers.value(33, of=programme, by=cast.hin, product=product, measured=stated)
    told = _told(Period(Quarter.of(today()), today()))
    assert told[PATIENTS.code, cast.hin.actor.hin_id, programme.code] == 33
    assert told[PATIENTS.code, None, ""] == 33


def test_the_achievement_of_england_is_worked_out_from_counts(session: Session, cast: Cast) -> None:
    programme = makers.programme(by=cast.national)
    product, quarter = makers.product(of=programme, by=cast.national), Quarter.of(today())
    ours, theirs = cast.hin.actor.hin_id, cast.other_hin.actor.hin_id
    plan = makers.trajectory(10, of=programme, product=product, by=cast.national, hin_id=ours)
    plan.points.append(type(plan.points[0])(hin_id=theirs, quarter_on=quarter.first, planned=90))
    makers.value(10, of=programme, by=cast.hin, product=product)
    assert [gap.count for gap in gaps(Period(quarter, today()))] == [1]
    makers.value(45, of=programme, by=cast.other_hin, product=product)
    told = _told(Period(quarter, today()))
    achieved = [
        told["programme_achievement", area, programme.code] for area in (ours, theirs, None)
    ]
    assert [round(one) for one in achieved] == [100, 50, 55]


def test_a_frozen_quarter_keeps_its_patients(session: Session, cast: Cast, as_: As) -> None:
    programme = _counted(cast)
    product, last = programme.products[0], Quarter.of(today()).previous
    row = makers.value(40, of=programme, by=cast.hin, product=product, quarter=last)
    frozen = freeze_figures(quarter=last, by=cast.national.actor)
    with clock_at(now() + timedelta(hours=1)):
        correct_value(value=row, new=100, why="Late", by=cast.hin.actor)
        told = _told(Period(last, today()))
        assert told[PATIENTS.code, None, ""] == 50
        known: list[Value] = count(Period(last, today(), frozen.frozen_at))
        assert [one.value for one in known if (one.code, one.group) == (PATIENTS.code, "")] == [
            20,
            20,
        ]
        page = as_(cast.national).get(f"/figures?quarter={last.code}").get_data(as_text=True)
    assert "Patients benefitting, by programme" in page


def test_programmes_count_for_england_and_for_who_leads_them(session: Session, cast: Cast) -> None:
    makers.programme("One", by=cast.national, lead_hin_id=cast.hin.actor.hin_id)
    makers.programme("Two", by=cast.national)
    makers.programme("Over", by=cast.national, from_year=2015, to_year=2016)
    told = _told(Period(Quarter.of(today()), today()))
    kind = "national_programme"
    assert told["programmes_running", None, kind] == 2
    assert told["programmes_running", cast.hin.actor.hin_id, ""] == 1


def test_words_in_place_of_a_number_stand_where_a_phone_shows_them() -> None:
    rows = [Planned(date(2026, 4, 1), None, 20, 30), Planned(date(2026, 7, 1), None, 40, None)]
    drawn = over_quarters("England", rows, is_exact=True)
    assert drawn is not None
    assert [(bar.label, bar.words) for bar in drawn.rows] == [
        ("2026-27-Q1, planned 20", "30"),
        ("2026-27-Q2, planned 40: not reported", ""),
    ]
