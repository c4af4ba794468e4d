"""Every company supported in the year is asked once, written to, and reminded."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts.models import OrganisationKind
from portal.clock import clock_at
from portal.db import db
from portal.errors import Conflict, Forbidden, Invalid
from portal.figures.rules import Period
from portal.impact.models import CompanyReturn, ReturnCampaign, ReturnState
from portal.impact.services.campaigns import send_link, take_in
from portal.impact.tasks import ask_companies
from portal.notifications.models import Email
from portal.support.queries.figures import count
from portal.support.queries.supported import companies_supported
from portal.support.rules.figures import COMPANIES
from tests.cast import Cast
from tests.impact import makers


def _run() -> None:
    ask_companies(lambda *_: None)


def test_a_company_is_asked_once_whichever_networks_supported_it(
    asked: CompanyReturn, cast: Cast
) -> None:
    assert {one.hin_id: one.minutes for one in asked.networks} == {
        cast.hin.actor.hin_id: 90,
        cast.other_hin.actor.hin_id: 30,
    }
    assert db.session.scalar(select(func.count()).select_from(CompanyReturn)) == 1
    makers.supported(cast.innovator, (cast.hin, 30), name="Another product")
    makers.supported(cast.other_innovator, (cast.other_hin, 45), on=date(2026, 3, 31), name="New")
    assert take_in(campaign=asked.campaign) == 1
    assert take_in(campaign=asked.campaign) == 0
    db.session.expire_all()
    assert sorted(one.minutes for one in asked.networks) == [30, 120]


def test_the_companies_are_those_that_support_counts(session: Session, cast: Cast) -> None:
    makers.supported(cast.innovator, (cast.hin, 90), on=date(2025, 4, 1), name="First day")
    makers.supported(cast.innovator, (cast.hin, 15), on=date(2026, 3, 31), name="Last day")
    makers.supported(cast.other_innovator, (cast.hin, 90), on=date(2026, 4, 1), name="After")
    charity = cast.other_innovator.organisation
    row = makers.campaign(cast.national)
    found = companies_supported(row.quarters)
    by_figure = [
        value.value
        for quarter in row.quarters
        for value in count(Period(quarter, makers.NOW.date()))
        if (value.code, value.hin_id, value.group) == (COMPANIES.code, None, "")
    ]
    assert found == {cast.innovator.organisation.id: {cast.hin.actor.hin_id: 105}}
    assert by_figure == [1.0, 1.0]
    makers.supported(cast.other_innovator, (cast.hin, 20), name="In the year")
    charity.kind = OrganisationKind.CHARITY
    db.session.flush()
    assert charity.id not in companies_supported(row.quarters)


def test_days_come_after_the_year_and_a_year_has_one_return(session: Session, cast: Cast) -> None:
    with pytest.raises(Forbidden):
        makers.campaign(cast.hin)
    with pytest.raises(Invalid, match="after the year"):
        makers.campaign(cast.national, opens_on=date(2026, 3, 31))
    with pytest.raises(Invalid, match="on or after"):
        makers.campaign(cast.national, closes_on=date(2026, 4, 2))
    makers.campaign(cast.national)
    with pytest.raises(Conflict, match="set up already"):
        makers.campaign(cast.national)
    assert db.session.scalars(select(ReturnCampaign)).one().label == "2025/26"


def test_companies_are_written_to_once_and_reminded_twice_until_they_answer(
    asked: CompanyReturn, cast: Cast
) -> None:
    _run()
    _run()
    first = makers.links_sent()
    assert len(first) == 1
    assert asked.asked_at is not None
    assert [key.key_hash in link for key in asked.keys for link in first] == [False]  # a hash alone
    for days, sent in ((10, 1), (17, 2), (18, 2), (33, 2)):
        with clock_at(makers.NOW + timedelta(days=days)):
            _run()
        assert (days, len(makers.links_sent())) == (days, sent)


def test_reminders_stop_after_two(asked: CompanyReturn) -> None:
    asked.campaign.closes_on = date(2026, 12, 31)
    for days in range(0, 120, 16):
        with clock_at(makers.NOW + timedelta(days=days)):
            _run()
    assert len(makers.links_sent()) == 3
    assert asked.reminders == 2


def test_nobody_is_written_to_before_the_day_or_after_an_answer(
    asked: CompanyReturn, cast: Cast
) -> None:
    with clock_at(makers.NOW - timedelta(days=20)):
        _run()
    makers.handed_in(asked, cast.innovator)
    _run()
    assert db.session.scalars(select(Email)).all() == []
    assert asked.state is ReturnState.HANDED_IN


def test_a_company_without_people_waits_for_a_network_to_send_the_link(
    asked: CompanyReturn, cast: Cast
) -> None:
    cast.innovator.user.active = cast.colleague.user.active = False
    db.session.flush()
    _run()
    assert (asked.asked_at, makers.links_sent()) == (None, [])
    with pytest.raises(Forbidden):
        send_link(row=asked, email="x@example.org", by=cast.national.actor)
    send_link(row=asked, email="finance@example.org", by=cast.hin.actor)
    assert db.session.scalars(select(Email.address)).all() == ["finance@example.org"]
    assert asked.asked_at is not None
