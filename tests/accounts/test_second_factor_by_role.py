"""Roles that ask for a second factor: days of grace, then only the page that sets it up opens."""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from unittest import mock

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.accounts.models import Membership, Role, User, UserSession
from portal.accounts.rules import factor_due_at
from portal.clock import now
from portal.db import db
from tests import makers
from tests.accounts.conftest import PASSWORD
from tests.accounts.test_sent_forms import opened
from tests.accounts.test_two_factor import code_of, set_up
from tests.house.conftest import PROGRAMS, Walk, rows, walk  # noqa: F401  # the fixture

OPEN = ("accounts.two_factor", "accounts.set_up_two_factor", "accounts.add_passkey")
OF_MACHINES = {"pages.healthz", "pages.readyz", "metrics.metrics"}
"""They ask nobody who they are."""
GRACE = timedelta(days=7)


def as_in_production(app: Flask) -> AbstractContextManager[object]:
    """Staff and administrators need a second factor."""
    return mock.patch.dict(
        app.config,
        SECOND_FACTOR_ROLES=("administrator", "national", "hin", "ics"),
        SECOND_FACTOR_GRACE=GRACE,
    )


@pytest.fixture
def required(app: Flask) -> Iterator[None]:
    """As in production: staff and administrators need a second factor."""
    with as_in_production(app):
        yield


def signed_in_for(session, person, days):
    """Say that somebody was first asked for a second factor so many days ago."""
    long_ago = now() - timedelta(days=400)
    session.execute(update(Membership).values(requested_at=long_ago, decided_at=None))
    person.user.factor_asked_at = now() - timedelta(days=days)
    session.commit()


STAFF = ("ics", "hin", "national", "administrator")


@pytest.mark.parametrize("who", STAFF)
def test_within_the_days_of_grace_home_says_how_many_are_left(required, as_, cast, session, who):
    person = getattr(cast, who)
    signed_in_for(session, person, 4)
    page = as_(person).get("/home").text
    assert "Set up two-factor sign-in: 3 days left" in page
    assert 'href="/account/two-factor"' in page


@pytest.mark.parametrize("who", STAFF)
def test_after_them_only_its_page_opens_until_it_is_set_up(required, as_, cast, session, who):
    person = getattr(cast, who)
    signed_in_for(session, person, 8)
    browser = as_(person)
    for path in ("/home", "/account", "/innovations", "/exchange-no-such-page", "/privacy"):
        answer = browser.get(path)
        assert answer.location == "/account/two-factor" or answer.status_code == 404, path
    assert "Set it up to go on" in browser.get("/account/two-factor").text
    set_up(browser)
    assert browser.get("/home").status_code == 200
    assert "Set it up" not in browser.get("/account/two-factor").text


def test_one_can_always_sign_out(required, as_, cast, session):
    signed_in_for(session, cast.hin, 8)
    assert as_(cast.hin).post("/account/sign-out").location == "/account/sign-in"


def test_who_was_signed_in_by_a_service_that_asked_for_one_needs_none_here(
    required, as_, cast, session
):
    signed_in_for(session, cast.hin, 8)
    browser = as_(cast.hin)
    session.execute(update(UserSession).values(factor_elsewhere=True))
    session.commit()
    assert browser.get("/home").status_code == 200
    assert as_(cast.hin).get("/home").location == "/account/two-factor"


def test_an_innovator_is_asked_for_nothing(required, as_, cast, session):
    signed_in_for(session, cast.innovator, 100)
    browser = as_(cast.innovator)
    assert browser.get("/account").status_code == 200
    assert "two-factor sign-in:" not in browser.get("/home").text


def test_somebody_of_two_roles_is_asked_whomever_they_act_as(required, as_, cast, session):
    makers.membership(cast.innovator.user, cast.hin.organisation, Role.HIN)
    signed_in_for(session, cast.innovator, 8)
    assert as_(cast.innovator).get("/account").location == "/account/two-factor"


def test_the_days_begin_with_the_first_sign_in(
    required, app, client, cast, session, knows_password
):
    user = knows_password(cast.hin.user)
    session.execute(update(Membership).values(requested_at=now() - timedelta(days=400)))
    session.commit()
    client.post("/account/sign-in", data={"email": user.email, "password": PASSWORD})
    session.expire_all()
    first = session.scalars(select(User.factor_asked_at).where(User.id == user.id)).one()
    assert first is not None
    assert client.get("/account").status_code == 200
    user.factor_asked_at = first - timedelta(days=3)
    session.commit()
    again = app.test_client()
    again.post("/account/sign-in", data={"email": user.email, "password": PASSWORD})
    session.expire_all()
    assert user.factor_asked_at == first - timedelta(days=3)


def test_turning_it_off_begins_no_new_days(required, as_, cast, session):
    signed_in_for(session, cast.hin, 8)
    browser = as_(cast.hin)
    _, codes = set_up(browser)
    assert browser.get("/home").status_code == 200
    browser.post("/account/two-factor/turn-off", data={"code": codes[0]})
    assert browser.get("/home").location == "/account/two-factor"


def test_what_was_typed_when_the_days_were_over_is_kept(required, as_, cast, session):
    browser = as_(cast.hin)
    key = opened(browser.get("/account/name").text)
    signed_in_for(session, cast.hin, 8)
    answer = browser.post("/account/name", data={"opened": key, "name": "Hana Typed"})
    assert answer.location == "/account/two-factor"
    assert "What you typed is kept" in browser.get("/account/two-factor").text
    page = browser.get("/account/two-factor/set-up").text
    key = re.search(r"<code>([A-Z2-7-]+)</code>", page).group(1).replace("-", "")
    done = browser.post("/account/two-factor/set-up", data={"code": code_of(key)}).text
    assert 'href="/account/name?kept=1"' in done
    assert 'value="Hana Typed"' in browser.get("/account/name?kept=1").text


def test_the_days_count_from_the_later_of_sign_in_and_role() -> None:
    asked, role = now(), now() - timedelta(days=30)
    required = ("hin",)
    assert factor_due_at(asked, {Role.HIN: role}, required, GRACE) == asked + GRACE
    assert factor_due_at(role, {Role.HIN: asked}, required, GRACE) == asked + GRACE
    assert factor_due_at(asked, {Role.INNOVATOR: role}, required, GRACE) is None
    assert factor_due_at(asked, {}, required, GRACE) is None


def test_every_route_is_closed_to_somebody_whose_days_are_over(
    walk: Walk,  # noqa: F811  # the fixture
) -> None:
    """All routes of the table of access, each as somebody whose role asks for a second factor."""
    with as_in_production(walk.app), walk.taken_back():
        with walk.app.app_context():
            long_ago = now() - timedelta(days=8)
            db.session.execute(update(User).values(factor_asked_at=long_ago))
            db.session.execute(update(Membership).values(requested_at=long_ago, decided_at=None))
            db.session.execute(update(UserSession).values(proved_at=now()))
            db.session.commit()
        adapter = walk.app.url_map.bind("localhost")
        opened = {}
        for number, row in enumerate(rows()):
            path = row["path"].format(**walk.names)
            endpoint, _ = adapter.match(path.split("?")[0], row["method"])
            if endpoint.startswith("api."):
                continue  # a cookie is nobody's there, see below for tokens
            answer = walk.open(STAFF[number % len(STAFF)], row["method"], row["path"])
            if answer.location != "/account/two-factor":
                opened[endpoint] = answer.status_code
        by_token = {
            walk.ask(STAFF[number % len(STAFF)], row["method"], row["path"]).status_code
            for number, row in enumerate(rows(PROGRAMS))
        }
    assert by_token == {403}
    known = {*OPEN, *OF_MACHINES, "accounts.sign_out", "accounts.prove", "accounts.rename_passkey"}
    assert set(opened) <= known
    assert opened["accounts.two_factor"] == 200
