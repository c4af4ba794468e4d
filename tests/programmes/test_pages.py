"""Find a programme, set one up, and report by its forms."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from itertools import product

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clock import today
from portal.db import db
from portal.programmes.models import Programme, ProgrammeKind, ProgrammeValue, Trajectory
from portal.programmes.policy import can_see
from portal.programmes.queries import standing_is, visible_to
from portal.programmes.rules.years import Standing, standing_on
from portal.reference.models import Hin
from portal.reference.rules import Quarter
from portal.web.format import nhs_date
from tests.cast import Cast, Person
from tests.pages import PageClient
from tests.programmes import makers
from tests.statements import Statements

As = Callable[[Person], PageClient]


def test_those_that_run_come_first_and_can_be_filtered(
    session: Session, cast: Cast, as_: As
) -> None:
    year = today().year
    makers.programme("Long over", by=cast.national, from_year=year - 5, to_year=year - 4)
    makers.programme("At work", by=cast.national, kind=ProgrammeKind.REGIONAL)
    page = as_(cast.ics).get("/programmes").get_data(as_text=True)
    assert page.index("At work") < page.index("Long over")
    over = as_(cast.ics).get("/programmes?now=ended").get_data(as_text=True)
    assert "Long over" in over
    assert "At work" not in over
    found = as_(cast.ics).get("/programmes?kind=regional&q=work").get_data(as_text=True)
    assert "At work" in found
    assert "Long over" not in found
    assert "No programme fits" in as_(cast.innovator).get("/programmes").get_data(as_text=True)


def test_the_national_team_sets_one_up_by_its_forms(session: Session, cast: Cast, as_: As) -> None:
    makers.measure()
    browser = as_(cast.national)
    facts = {
        "version": 0,
        "name": "Breath tests",
        "kind": "national_programme",
        "from_year": today().year,
        "spreads": "A test of breath",
        "is_public": "y",
    }
    path = browser.post("/programmes/new", data=facts).location
    breathwell = {"name": "Breathwell", "role": "spread"}
    assert browser.post(f"{path}/products/new", data=breathwell).location == path
    code = Quarter.of(today()).code
    programme = db.session.scalars(select(Programme)).one()
    plan = {
        "measure": "TESTS_DONE",
        "product": programme.products[0].id,
        "plan": f"{code} HI-WM 120\n{code} HI-MAN 80",
        "seen": "0",
    }
    bad = browser.post(f"{path}/trajectories/new", data={**plan, "plan": f"{code} Mars 12"})
    assert f"Line 1, “{code} Mars 12”: there is no network “Mars”" in bad.text
    assert "HI-MAN: " in bad.text  # the codes stand beside
    bad = browser.post(f"{path}/trajectories/new", data={**plan, "plan": f"{code} HI-WM many"})
    assert "“many” must be a number of 0 or more" in bad.text
    assert browser.post(f"{path}/trajectories/new", data=plan).status_code == 302
    value = {
        "measure": "TESTS_DONE",
        "product": programme.products[0].id,
        "quarter": code,
        "value": "60",
        "quality": "final",
    }
    assert as_(cast.hin).post(f"{path}/values/new", data=value).status_code == 302
    text = as_(cast.other_hin).get(f"{path}/measures/TESTS_DONE").get_data(as_text=True)
    assert "60 of 120 (50%)" in text
    assert "Not for judging networks" in text
    assert "60 of 200 (30%)" in text
    assert f"{code}, planned 200" in text
    assert "an outline what was planned" in text
    assert "1 of 2" in text  # networks that reported: the sum of England lacks the other


def test_a_number_is_asked_for_beside_its_field(session: Session, cast: Cast, as_: As) -> None:
    makers.measure()
    programme = makers.programme(by=cast.national)
    makers.product(of=programme, by=cast.national)
    value = {
        "measure": "TESTS_DONE",
        "product": 0,
        "quarter": Quarter.of(today()).code,
        "value": "",
        "quality": "final",
        "note": "Kept",
    }
    page = as_(cast.hin).post(f"/programmes/{programme.id}/values/new", data=value)
    assert "Enter the number" in page.get_data(as_text=True)
    assert "Kept" in page.get_data(as_text=True)
    assert db.session.scalars(select(ProgrammeValue)).all() == []


@pytest.mark.parametrize("form", ["values", "trajectories", "aims"])
def test_measures_are_offered_by_group_those_of_the_programme_first(
    session: Session, cast: Cast, as_: As, form: str
) -> None:
    makers.measure("STAFF_TRAINED", group="impact", unit="people")
    makers.measure("SITES_LIVE", group="adoption", unit="sites")
    makers.measure("TESTS_DONE", group="activity")
    makers.measure("CALLS", group="activity", unit="calls")
    programme = makers.programme(by=cast.national)
    product = makers.product(of=programme, by=cast.national)
    makers.trajectory(120, of=programme, product=product, by=cast.national)
    page = as_(cast.national).get(f"/programmes/{programme.id}/{form}/new").text
    offered = page.split('<select class="nhsuk-select', 1)[1].split("</select>")[0]
    groups = re.findall(r'<optgroup label="([^"]+)"', offered)
    assert groups == ["Used in this programme", "Activity", "Adoption", "Impact"]
    labels = [words.strip() for words in re.findall(r"<option[^>]*>([^<]+)", offered)[1:]]
    assert labels == [
        *("Tests done (tests)", "Calls (calls)", "Sites live (sites)", "Staff trained (people)")
    ]


def test_a_plan_comes_back_as_lines_to_be_set_anew(session: Session, cast: Cast, as_: As) -> None:
    programme = makers.programme(by=cast.national)
    one = makers.product(of=programme, by=cast.national)
    row = makers.trajectory(
        120, of=programme, product=one, by=cast.national, hin_id=cast.hin.actor.hin_id
    )
    path = f"/programmes/{programme.id}/trajectories/{row.id}/replace"
    page = as_(cast.national).get(path).get_data(as_text=True)
    assert f"{Quarter.of(today()).code} HI-WM 120" in page
    assert db.session.scalars(select(Trajectory.number)).all() == [1]
    quarter, browser = Quarter.of(today()).code, as_(cast.national)
    anew = {"plan": f"{quarter.replace('-Q', ' Q')}; england; 1,100", "seen": "1"}
    assert "Enter why it is set anew" in browser.post(path, data=anew).text
    assert browser.post(path, data={**anew, "why": "More sites"}).status_code == 302
    late = browser.post(path, data={**anew, "why": "Fewer sites", "plan": f"{quarter} England 1"})
    assert late.status_code == 409
    assert "See the newest version" in late.text
    assert re.search(r'<input[^>]*name="seen"[^>]*value="2"', late.text)
    shown = browser.get(f"/programmes/{programme.id}/measures/{row.measure.code}").text
    assert "Version 2, from" in shown
    assert "when it was set anew: More sites." in shown
    assert f"Version 1, {nhs_date(today())} to {nhs_date(today())}" in shown
    assert f"{db.session.get_one(Hin, cast.hin.actor.hin_id).name} 120" in shown


def test_a_trajectory_that_is_there_is_set_anew_on_its_own_page(
    session: Session, cast: Cast, as_: As
) -> None:
    programme = makers.programme(by=cast.national)
    one = makers.product(of=programme, by=cast.national)
    row = makers.trajectory(120, of=programme, product=one, by=cast.national)
    plan = f"{Quarter.of(today()).code} England 90"
    told = {"measure": row.measure.code, "product": one.id, "plan": plan, "seen": "0"}
    page = as_(cast.national).post(f"/programmes/{programme.id}/trajectories/new", data=told)
    assert "This has a trajectory already" in page.text
    anew = f"/programmes/{programme.id}/trajectories/{row.id}/replace"
    assert f'<a href="{anew}">This has a trajectory already' in page.text
    assert plan in page.text


def test_a_long_list_costs_no_statement_for_each_row(
    session: Session, cast: Cast, as_: As, statements: Statements
) -> None:
    programme = makers.programme(by=cast.national, is_public=True)
    browser = as_(cast.ics)
    paths = [f"/programmes/{programme.id}/figures", f"/programmes/{programme.id}", "/programmes"]
    counts = []
    for _ in range(2):
        one = makers.product(f"Product {len(counts)}", of=programme, by=cast.national)
        makers.value(12, of=programme, by=cast.hin, product=one)
        makers.programme(f"Another {len(counts)}", by=cast.national, is_public=True)
        db.session.commit()
        statements.ran.clear()
        for path in paths:
            assert browser.get(path).status_code == 200
        counts.append(len(statements.ran))
    assert counts[0] == counts[1]


def test_the_list_and_the_page_agree_on_what_runs(session: Session) -> None:
    years, begins, ends = (None, 2020, 2022), (None, date(2020, 5, 1)), (None, date(2022, 2, 1))
    made = [
        Programme(
            code=f"P{number}",
            name="One",
            kind=ProgrammeKind.REGIONAL,
            from_year=first,
            to_year=last,
            begins_on=begin,
            ends_on=end,
        )
        for number, (first, last, begin, end) in enumerate(product(years, years, begins, ends))
    ]
    session.add_all(made)
    session.flush()
    edges = [date(2020, 3, 31), date(2020, 5, 1), date(2021, 4, 1), date(2022, 2, 1)]
    for day in [near + timedelta(days) for near in edges for days in (0, 1)]:
        for standing in Standing:
            found = set(session.scalars(select(Programme.id).where(standing_is(standing, day))))
            assert found == {row.id for row in made if standing_on(row, day) is standing}


def test_the_list_and_the_page_agree_on_who_reads(session: Session, cast: Cast) -> None:
    rows = [
        makers.programme("For all", by=cast.national, is_public=True),
        makers.programme("For few", by=cast.national),
    ]
    for actor in cast.every_actor():
        listed = set(db.session.scalars(select(Programme.id).where(visible_to(actor))))
        assert listed == {row.id for row in rows if can_see(actor, row)}


def test_every_wrong_line_of_a_plan_is_said_and_a_quarter_may_be_written_as_pages_write_it(
    session: Session, cast: Cast, as_: As
) -> None:
    programme = makers.programme(by=cast.national)
    one = makers.product(of=programme, by=cast.national)
    browser, path = as_(cast.national), f"/programmes/{programme.id}/trajectories/new"
    plan = "soon England 4\nQ1 2026/27 Mars 4\n2026-27-Q2 England 12,5"
    told = {"measure": makers.measure().code, "product": one.id, "seen": "0"}
    page = browser.post(path, data={**told, "plan": plan}).text
    for words in ("Line 1, “soon", "Line 2, “Q1 2026/27 Mars", "Line 3, “2026-27-Q2"):
        assert words in page
    many = browser.post(path, data={**told, "plan": "soon\n" * 12}).text
    assert "Line 10, " in many
    assert "2 more lines are wrong" in many
    right = {**told, "plan": "Q1 2026/27 England 1,200\n2026/27 Q2, HI-WM, 3"}
    assert browser.post(path, data=right).status_code == 302
    points = session.scalars(select(Trajectory)).one().points
    assert [(one.quarter_on, one.planned) for one in points] == [
        (date(2026, 4, 1), 1200),
        (date(2026, 7, 1), 3),
    ]
