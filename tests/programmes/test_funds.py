"""A fund: sites apply through their network, awards are decided, and the parts make the total."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from portal.clock import clock_at, now, today
from portal.db import db
from portal.errors import Conflict, Forbidden, Invalid
from portal.figures.rules import Period, RowsQuery
from portal.programmes.models import ApplicationState, FundRound
from portal.programmes.queries.figure_counts import count, rows_behind
from portal.programmes.rules.figures import AWARDED
from portal.programmes.rules.funds import by_network, by_theme, in_all
from portal.programmes.services.funds import change_application, decide, report_spend
from portal.reference.rules import Quarter
from tests.cast import Cast, Person
from tests.pages import PageClient
from tests.programmes import makers

As = Callable[[Person], PageClient]


@pytest.fixture
def opened(session: Session, cast: Cast) -> FundRound:
    """A round of a public programme that is open today."""
    programme = makers.programme("Pathway fund", by=cast.national, is_public=True)
    return makers.fund_round(of=programme, by=cast.national)


def test_the_parts_make_the_total(opened: FundRound, cast: Cast, as_: As) -> None:
    themes = (("Biologics", 984_000), ("FeNO", 760_000), ("Bundle", 193_000), ("Lipids", 790_335))
    for number, (theme, pounds) in enumerate(themes):
        by = (cast.hin, cast.other_hin)[number % 2]
        site, to = f"Site {number}", opened
        makers.award(site, pounds, to=to, by=by, decided_by=cast.national, theme=theme)
    makers.application("Site without", to=opened, by=cast.hin, theme="FeNO")
    rows = opened.applications
    assert in_all(rows).awarded == 2_727_335
    assert sum(one.awarded for one in by_theme(rows)) == 2_727_335
    assert sum(one.awarded for one in by_network(rows)) == 2_727_335
    assert {one.label: one.won.words for one in by_theme(rows)}["FeNO"] == "1 of 2 (50%)"
    db.session.commit()
    path = f"/programmes/{opened.programme_id}/fund"
    seen = as_(cast.innovator).get(path).get_data(as_text=True)
    assert "£2,727,335" in seen
    assert "4 of 5 (80%)" in seen
    assert "Site without" not in seen
    assert "Site without" in as_(cast.other_hin).get(path).get_data(as_text=True)


def test_awards_are_a_figure_whose_networks_make_the_total(opened: FundRound, cast: Cast) -> None:
    for by, pounds in ((cast.hin, 984_000), (cast.hin, 790_335), (cast.other_hin, 760_000)):
        makers.award(f"Site {pounds}", pounds, to=opened, by=by, decided_by=cast.national)
    makers.application("Site without", to=opened, by=cast.hin)
    period, code = Period(Quarter.of(today()), today()), opened.programme.code
    told = {(one.code, one.hin_id, one.group): one.value for one in count(period)}
    ours, theirs = cast.hin.actor.hin_id, cast.other_hin.actor.hin_id
    for group in (code, ""):
        assert [told["fund_awards", area, group] for area in (ours, theirs, None)] == [2, 1, 3]
        pounds = [told["fund_awarded", area, group] for area in (ours, theirs, None)]
        assert pounds == [1_774_335, 760_000, 2_534_335]
    found = rows_behind(RowsQuery(AWARDED, period, ours, code))
    assert [row[3] for row in found.rows] == [984_000, 790_335]
    assert not any("Site" in str(cell) for row in found.rows for cell in row)
    before = Period(period.quarter, today(), now() - timedelta(days=1))
    assert not [one for one in count(before) if one.code == "fund_awards"]


def test_sites_apply_through_their_network_while_the_round_is_open(
    opened: FundRound, cast: Cast
) -> None:
    with pytest.raises(Forbidden):
        makers.application("A site", to=opened, by=cast.national)
    opened.closes_on = now().date().replace(year=2020)
    with pytest.raises(Invalid):
        makers.application("A site", to=opened, by=cast.hin)


def test_an_application_is_decided_once(opened: FundRound, cast: Cast) -> None:
    row, by = makers.application("A site", to=opened, by=cast.hin), cast.national.actor
    with pytest.raises(Invalid):
        decide(application=row, version=1, awarded=None, why="", by=by)
    with pytest.raises(Invalid):
        decide(application=row, version=1, awarded=10_001, why="", by=by)
    with pytest.raises(Forbidden):
        decide(application=row, version=1, awarded=10, why="", by=cast.hin.actor)
    decide(application=row, version=1, awarded=None, why="Too late", by=by)
    assert row.state is ApplicationState.REFUSED
    with pytest.raises(Conflict):
        decide(application=row, version=1, awarded=10, why="", by=by)
    with pytest.raises(Conflict):
        decide(application=row, version=2, awarded=10, why="", by=by)


def test_a_network_says_what_its_own_sites_spent(opened: FundRound, cast: Cast) -> None:
    row = makers.award("A site", 900, to=opened, by=cast.hin, decided_by=cast.national)
    given = {"application": row, "version": row.version, "outcome": "Nurses are trained"}
    with pytest.raises(Forbidden):
        report_spend(spent=800, by=cast.other_hin.actor, **given)
    with pytest.raises(Invalid):
        report_spend(spent=901, by=cast.hin.actor, **given)
    report_spend(spent=800, by=cast.hin.actor, **given)
    assert in_all(opened.applications).spent == 800


def test_a_network_changes_its_application_until_it_is_decided(
    opened: FundRound, cast: Cast, as_: As
) -> None:
    row = makers.application("A site", to=opened, by=cast.hin)
    db.session.commit()
    fund = f"/programmes/{opened.programme_id}/fund"
    path, browser = f"{fund}/applications/{row.id}/change", as_(cast.hin)
    page = browser.get(fund).text
    assert path in page
    assert page.index("Applications, ") < page.index("By theme, ")
    assert "0 of 1 (0%), 1 waiting" in page
    assert path not in as_(cast.other_hin).get(fund).text
    assert f"So far: {row.theme}." in browser.get(path).text
    told = {"version": row.version, "site": "Site B", "theme": "FeNO", "asked": "9,500"}
    assert as_(cast.other_hin).post(path, data=told).status_code == 403
    assert browser.post(path, data=told).status_code == 302
    db.session.refresh(row)
    assert (row.site, row.theme, row.asked) == ("Site B", "FeNO", 9_500)
    assert browser.post(path, data=told).status_code == 409
    decide(application=row, version=row.version, awarded=9_000, why="", by=cast.national.actor)
    db.session.commit()
    assert path not in browser.get(fund).text
    with pytest.raises(Conflict, match="decided"):
        change_application(
            application=row,
            version=row.version,
            site="Site C",
            theme="FeNO",
            asked=1,
            by=cast.hin.actor,
        )


def test_a_decision_is_made_on_its_page(opened: FundRound, cast: Cast, as_: As) -> None:
    row = makers.application("A site", to=opened, by=cast.hin)
    db.session.commit()
    path = f"/programmes/{opened.programme_id}/fund/applications/{row.id}/decide"
    told = {"version": 1, "decision": "award"}
    page = as_(cast.national).post(path, data=told).get_data(as_text=True)
    assert "Enter the award" in page
    with clock_at(now()):
        assert as_(cast.national).post(path, data={**told, "awarded": "5,000"}).status_code == 302
    db.session.refresh(row)
    assert (row.state, row.awarded) == (ApplicationState.AWARDED, 5_000)


def test_a_theme_is_one_however_it_is_typed_and_stands_in_its_place(
    opened: FundRound, cast: Cast
) -> None:
    for number, theme in enumerate(("Zinc", "FeNO", "feno", "FeNO ", "École", "Fe  NO")):
        makers.award(
            f"Site {number}",
            10,
            to=opened,
            by=cast.hin,
            decided_by=cast.national,
            theme=theme,
        )
    assert [(one.label, one.awarded) for one in by_theme(opened.applications)] == [
        ("École", 10),
        ("Fe  NO", 10),
        ("FeNO", 30),
        ("Zinc", 10),
    ]
