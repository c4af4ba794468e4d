"""Signing in and out."""

import re
from unittest import mock

import pytest

from portal.accounts.models import User
from portal.accounts.session import SESSION_KEY
from portal.db import db
from portal.web.limits import limiter
from tests import makers
from tests.accounts.conftest import PASSWORD
from tests.conftest import make_app
from tests.tables import fill

SIGN_IN = "/account/sign-in"


def sign_in(client, email, password=PASSWORD, **data):
    return client.post(SIGN_IN, data={"email": email, "password": password, **data})


def without_token(page: str) -> str:
    """A page without what differs every time it is opened."""
    plain = re.sub(r'name="(csrf_token|opened)" value="[^"]*"', "", page)
    return re.sub(r'data-options="[^"]*"', "", plain)


def is_signed_in(client) -> bool:
    return client.get("/account").status_code == 200


def test_somebody_with_the_right_password_is_let_in(client, cast, knows_password):
    user = knows_password(cast.innovator.user)
    answer = sign_in(client, user.email)
    assert (answer.status_code, answer.location) == (302, "/")
    assert is_signed_in(client)


def test_the_case_of_the_address_does_not_matter(client, cast, knows_password):
    user = knows_password(cast.innovator.user)
    sign_in(client, user.email.upper())
    assert is_signed_in(client)


def test_they_come_back_to_the_page_they_wanted(client, cast, knows_password):
    user = knows_password(cast.innovator.user)
    wanted = client.get("/account/sessions")
    assert wanted.location == "/account/sign-in?next=/account/sessions"
    assert sign_in(client, user.email, next="/account/sessions").location == "/account/sessions"


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_nobody_is_sent_to_another_site(client, cast, knows_password, target):
    user = knows_password(cast.innovator.user)
    assert sign_in(client, user.email, next=target).location == "/"


def test_a_known_and_an_unknown_address_get_the_same_answer(client, cast, knows_password):
    user = knows_password(cast.innovator.user)
    known = without_token(sign_in(client, user.email, "wrong password").text)
    unknown = without_token(sign_in(client, "nobody@example.org", "wrong password").text)
    assert known.replace(user.email, "") == unknown.replace("nobody@example.org", "")
    assert "Enter a correct email address and password" in known
    assert not is_signed_in(client)


def test_a_closed_account_gets_the_same_answer_as_a_wrong_password(
    client, cast, knows_password, session
):
    user = knows_password(cast.innovator.user)
    user.active = False
    session.commit()
    assert "Enter a correct email address and password" in sign_in(client, user.email).text
    assert not is_signed_in(client)


def test_a_demo_sign_in_is_refused_in_production(app, client, cast, knows_password, session):
    user = knows_password(cast.innovator.user)
    user.is_demo = True
    session.commit()
    with mock.patch.dict(app.config, PRODUCTION=True):
        assert "Enter a correct email address and password" in sign_in(client, user.email).text
    sign_in(client, user.email)
    assert is_signed_in(client)
    with mock.patch.dict(app.config, PRODUCTION=True):
        assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("", "Enter your password"),
        ("nul\x00byte in the middle", "must not have hidden control characters"),
        ("x" * 10_000, "Password must be 200 characters or fewer"),
    ],
)
def test_odd_passwords_get_a_clear_error_and_the_address_is_kept(
    client, session, password, message
):
    page = sign_in(client, "ida@example.org", password).text
    assert message in page
    assert 'value="ida@example.org"' in page


@pytest.mark.parametrize("email", ["a\x00b@example.org", "x" * 10_000 + "@example.org", "’; --"])
def test_odd_addresses_get_a_clear_error(client, session, email):
    answer = sign_in(client, email)
    assert answer.status_code == 200
    assert "There is a problem" in answer.text


def test_a_cookie_copied_before_sign_out_is_dead_after_it(app, client, cast, knows_password):
    user = knows_password(cast.innovator.user)
    sign_in(client, user.email)
    thief = app.test_client()
    with client.session_transaction() as cookie:
        copied = dict(cookie)
    with thief.session_transaction() as cookie:
        cookie.update(copied)
    assert is_signed_in(thief)
    assert client.post("/account/sign-out").location == SIGN_IN
    assert not is_signed_in(client)
    assert not is_signed_in(thief)


def test_signing_in_takes_nothing_over_from_the_cookie_before(client, cast, knows_password):
    user = knows_password(cast.innovator.user)
    with client.session_transaction() as cookie:
        cookie[SESSION_KEY] = "planted"
        cookie["planted"] = "by somebody else"
    sign_in(client, user.email)
    with client.session_transaction() as cookie:
        assert cookie[SESSION_KEY] != "planted"
        assert "planted" not in cookie


def test_a_token_in_the_address_or_a_header_signs_nobody_in(app, client, cast, session):
    with app.test_request_context():
        token = session.get(User, cast.innovator.user.id).get_auth_token()
    assert client.get(f"/account?auth_token={token}").status_code == 302
    assert client.get("/account", headers={"Authentication-Token": token}).status_code == 302


@pytest.fixture
def limited(tmp_path):
    """A stranger's browser on a portal that counts tries, which other tests turn off."""
    app = make_app(f"sqlite:///{tmp_path / 'limited.db'}", tmp_path, RATELIMIT_ENABLED=True)
    with app.app_context():
        fill()
    yield app.test_client()
    limiter.reset()
    limiter.enabled = False
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("page", ["/account/sign-up", "/account/password/forgotten"])
def test_emails_that_strangers_cause_are_limited(limited, page):
    data = {"email": "ida@example.org", "name": "Ida", "password": "short"}
    assert [limited.post(page, data=data).status_code for _ in range(11)][-1] == 429


def test_somebody_who_acts_for_nobody_is_asked_for_their_organisation(
    client, session, knows_password
):
    user = knows_password(makers.user("New Comer"))
    assert sign_in(client, user.email).location == "/account/join"
