"""The figures of the yearly return: live and frozen, of a network and England, with their rows."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.clock import clock_at, end_of
from portal.db import db
from portal.figures.queries import freeze_of, frozen_values
from portal.figures.rules import Period, RowsQuery, Value
from portal.figures.services import freeze_figures
from portal.impact.figures import FIGURES
from portal.impact.models import CompanyReturn
from portal.impact.rules.figures import (
    ANSWERED,
    ASKED,
    DEFINITIONS,
    INVESTMENT,
    JOBS_CREATED,
    JOBS_SAFEGUARDED,
    RATE,
)
from portal.impact.services.answering import accept, ask_back
from portal.impact.services.campaigns import take_in
from portal.reference.rules import Quarter
from tests.cast import Cast, Person
from tests.impact import makers
from tests.pages import PageClient
from tests.statements import Statements

As = Callable[[Person], PageClient]
QUARTER = Quarter.named("2026-27-Q2")
"""The campaign closes on 15 July 2026."""
TODAY = date(2026, 7, 20)


@pytest.fixture
def answered(asked: CompanyReturn, cast: Cast) -> CompanyReturn:
    """Two companies were asked, and the one that two networks supported answered."""
    makers.supported(cast.other_innovator, (cast.other_hin, 30), name="Theirs")
    take_in(campaign=asked.campaign)
    makers.handed_in(asked, cast.innovator)
    db.session.commit()
    return asked


def _found(values: list[Value], hin_id: int | None) -> dict[tuple[str, str], float]:
    codes = {figure.code for figure in DEFINITIONS}
    return {
        (one.code, one.group): one.value
        for one in values
        if one.hin_id == hin_id and one.code in codes
    }


def _expected(part: float, asked: int) -> dict[tuple[str, str], float]:
    """Of 2.5 and 1 jobs and £41,000, half is owed to the support."""
    return {
        (JOBS_CREATED.code, ""): 1.25 * part,
        (JOBS_SAFEGUARDED.code, ""): 0.5 * part,
        (INVESTMENT.code, "grant"): 20_000 * part,
        (INVESTMENT.code, "sales"): 500 * part,
        (INVESTMENT.code, ""): 20_500 * part,
        (ASKED.code, ""): asked,
        (ANSWERED.code, ""): 1,
        (RATE.code, ""): 100 / asked,
    }


def test_england_counts_each_company_once_and_networks_share(
    answered: CompanyReturn, cast: Cast
) -> None:
    values = list(FIGURES.count(Period(QUARTER, TODAY)))
    assert _found(values, None) == _expected(1, 2)
    assert _found(values, cast.hin.actor.hin_id) == _expected(0.75, 1)
    assert _found(values, cast.other_hin.actor.hin_id) == _expected(0.25, 2)
    assert list(FIGURES.count(Period(QUARTER.previous, TODAY))) == []


def test_the_rows_behind_add_up_to_the_figure(answered: CompanyReturn, cast: Cast) -> None:
    period = Period(QUARTER, TODAY)
    values = list(FIGURES.count(period))
    for hin_id in (None, cast.hin.actor.hin_id, cast.other_hin.actor.hin_id):
        told = _found(values, hin_id)
        for figure, group in (
            *((one, "") for one in (JOBS_CREATED, JOBS_SAFEGUARDED, INVESTMENT)),
            (INVESTMENT, "grant"),
        ):
            rows = FIGURES.rows(RowsQuery(figure, period, hin_id, group)).rows
            assert sum(row[-1] for row in rows) == pytest.approx(told[figure.code, group], abs=0.01)
        for figure in (ASKED, ANSWERED):
            rows = FIGURES.rows(RowsQuery(figure, period, hin_id, "")).rows
            assert len(rows) == told[figure.code, ""]


def test_a_frozen_quarter_stays_as_it_was_with_its_rows(
    answered: CompanyReturn, cast: Cast
) -> None:
    moment = end_of(QUARTER.last) + timedelta(days=3)
    with clock_at(moment):
        freeze_figures(quarter=QUARTER, by=cast.national.actor)
        freeze = freeze_of(QUARTER)
        assert freeze is not None
        before = _found(frozen_values(freeze), None)
    answered.campaign.closes_on = date(2026, 12, 31)
    with clock_at(moment + timedelta(days=2)):
        ask_back(row=answered, version=answered.version, words="Sure?", by=cast.hin.actor)
        makers.handed_in(answered, cast.innovator, replace(makers.PUBLISHED, jobs_created=40.0))
    answered.campaign.closes_on = QUARTER.last
    db.session.flush()
    assert _found(frozen_values(freeze), None) == before == _expected(1, 2)
    live = Period(QUARTER, moment.date())
    assert _found(list(FIGURES.count(live)), None)[JOBS_CREATED.code, ""] == 20
    then = Period(QUARTER, moment.date(), freeze.frozen_at)
    assert _found(list(FIGURES.count(then)), None) == before
    rows = FIGURES.rows(RowsQuery(JOBS_CREATED, then, None, "")).rows
    assert [row[-1] for row in rows] == [1.25]


def test_freezing_first_tells_what_is_not_checked(answered: CompanyReturn, cast: Cast) -> None:
    (gap,) = FIGURES.gaps(Period(QUARTER, TODAY))
    assert gap.words == "1 answer of a company is not checked"
    accept(row=answered, version=answered.version, by=cast.hin.actor)
    assert FIGURES.gaps(Period(QUARTER, TODAY))[0].count == 0


def test_staff_read_figures_and_open_rows(
    answered: CompanyReturn, cast: Cast, as_: As, session: Session
) -> None:
    with clock_at(datetime.combine(TODAY, makers.NOW.timetz())):
        page = as_(cast.hin).get("/figures").text
        assert "Yearly company return" in page
        rows = as_(cast.hin).get(f"/figures/{JOBS_CREATED.code}?quarter={QUARTER.code}").text
        assert "Brightwell Health" in rows
        assert "Northgate" not in rows
        public = as_(cast.innovator).get("/impact").text
    assert "20,500" not in public  # one answer is too few for the public


def test_each_year_stands_with_its_own_totals_however_many_there_are(
    answered: CompanyReturn, cast: Cast, as_: As, session: Session, statements: Statements
) -> None:
    accept(row=answered, version=answered.version, by=cast.hin.actor)
    for year in range(2022, 2025):
        day = date(year + 1, 6, 1)
        makers.campaign(cast.national, year, opens_on=day, closes_on=day + timedelta(days=30))
    db.session.commit()
    with clock_at(datetime.combine(TODAY, makers.NOW.timetz())):
        browser = as_(cast.hin)
        browser.get("/impact")
        session.expire_all()
        with statements.at_most(12):
            page = browser.get("/impact").text
    assert page.count("Company return 20") == 4
    assert page.count("£20,500") == page.split("Company return 2024/25")[0].count("£20,500") > 0
    assert page.count("Companies that let us publish their answer (1)") == 1


def test_the_public_reads_totals_of_enough_answers_and_names_only_with_consent(
    answered: CompanyReturn,
    cast: Cast,
    as_: As,
    client: PageClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("portal.impact.queries.overview.FEWEST", 1)
    accept(row=answered, version=answered.version, by=cast.hin.actor)
    db.session.commit()
    assert "£20,500" in as_(cast.hin).get("/impact").text
    assert "£20,500" not in client.get("/impact").text  # it is open
    with clock_at(datetime.combine(TODAY, makers.NOW.timetz())):
        shown = client.get("/impact").text
        assert "£20,500" in shown
        assert "1 of 2 (50%)" in shown
        assert "Brightwell Health" in shown
        answered.may_publish = False
        db.session.commit()
        hidden = client.get("/impact").text
    assert "Brightwell Health" not in hidden
    assert "£20,500" in hidden
