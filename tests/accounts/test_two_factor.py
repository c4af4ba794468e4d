"""Two-factor sign-in: setting up, signing in with a code, recovery codes, turning off."""

import re
import time
from unittest import mock

import pytest
from flask_security.proxies import _security
from passlib.totp import TOTP
from sqlalchemy import select

from portal.accounts.models import RecoveryCode, User
from portal.accounts.services import reset_password
from portal.accounts.services.passwords import kept
from portal.db import db
from tests.accounts.conftest import PASSWORD


def code_of(key: str, steps: int = 0) -> str:
    """What an authenticator app with this key shows, some half-minutes from now."""
    return TOTP(key=key, format="base32").generate(time.time() + 30 * steps).token


def set_up(browser) -> tuple[str, list[str]]:
    """Turn it on as a person does; returns the app's key and the recovery codes."""
    page = browser.get("/account/two-factor/set-up").text
    key = re.search(r"<code>([A-Z2-7-]+)</code>", page).group(1).replace("-", "")
    done = browser.post("/account/two-factor/set-up", data={"code": code_of(key)}).text
    return key, re.findall(r"<li>([0-9a-f]{4}(?:-[0-9a-f]{4}){6})</li>", done)


def enter_password(client, user):
    return client.post("/account/sign-in", data={"email": user.email, "password": PASSWORD})


@pytest.fixture
def protected(as_, cast, knows_password):
    """Ida with two-factor sign-in: the person, the app's key, the recovery codes."""
    user = knows_password(cast.innovator.user)
    key, codes = set_up(as_(cast.innovator))
    return user, key, codes


def test_it_is_set_up_with_a_picture_a_key_and_ten_recovery_codes(as_, cast):
    browser = as_(cast.innovator)
    assert '<svg class="app-qr"' in browser.get("/account/two-factor/set-up").text
    _, codes = set_up(browser)
    assert len(set(codes)) == 10
    assert "<strong>on</strong>" in browser.get("/account/two-factor").text


def test_a_wrong_code_sets_nothing_up(as_, cast):
    browser = as_(cast.innovator)
    browser.get("/account/two-factor/set-up")
    page = browser.post("/account/two-factor/set-up", data={"code": "000000"})
    assert "Enter the code that your app shows now" in page.text
    assert "<strong>off</strong>" in browser.get("/account/two-factor").text


def test_the_password_alone_no_longer_signs_in(client, protected):
    user, key, _ = protected
    assert enter_password(client, user).location == "/account/sign-in/code"
    assert client.get("/account").status_code == 302
    answer = client.post("/account/sign-in/code", data={"code": code_of(key, 1)})
    assert answer.location == "/"
    assert client.get("/account").status_code == 200


def test_a_code_works_once(app, client, protected):
    user, key, _ = protected
    code = code_of(key, 1)
    enter_password(client, user)
    client.post("/account/sign-in/code", data={"code": code})
    other = app.test_client()
    enter_password(other, user)
    assert "Each code works once" in other.post("/account/sign-in/code", data={"code": code}).text


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "１２３４５６", "\x00", "9" * 10_000])
def test_odd_codes_are_refused(client, protected, code):
    user, _, _ = protected
    enter_password(client, user)
    assert "There is a problem" in client.post("/account/sign-in/code", data={"code": code}).text


def test_the_code_must_come_soon_after_the_password(client, protected):
    user, key, _ = protected
    enter_password(client, user)
    with mock.patch("portal.accounts.views.signing_in.time.time", return_value=time.time() + 601):
        answer = client.post("/account/sign-in/code", data={"code": code_of(key, 1)})
    assert answer.location == "/account/sign-in"


def test_a_recovery_code_signs_in_once(app, client, protected):
    user, _, codes = protected
    enter_password(client, user)
    answer = client.post("/account/sign-in/recovery-code", data={"code": codes[3].upper()})
    assert answer.location == "/"
    other = app.test_client()
    enter_password(other, user)
    again = other.post("/account/sign-in/recovery-code", data={"code": codes[3]})
    assert "Enter a recovery code that you have not used before" in again.text


def test_new_recovery_codes_replace_the_old(app, as_, cast, protected):
    user, _, old = protected
    page = as_(cast.innovator).post("/account/two-factor/recovery-codes")
    assert old[0] not in page.text
    client = app.test_client()
    enter_password(client, user)
    answer = client.post("/account/sign-in/recovery-code", data={"code": old[0]})
    assert answer.status_code == 200


@pytest.mark.parametrize("given", ["app", "recovery code"])
def test_turning_it_off_asks_for_it(as_, client, cast, protected, given):
    user, key, codes = protected
    browser, url = as_(cast.innovator), "/account/two-factor/turn-off"
    for wrong in ({"password": PASSWORD}, {"code": PASSWORD}, {"code": ""}, {"code": "123456"}):
        assert "There is a problem" in browser.post(url, data=wrong).text
    assert enter_password(client, user).location == "/account/sign-in/code"
    code = code_of(key, 1) if given == "app" else codes[0]
    assert browser.post(url, data={"code": code}).location == "/account/two-factor"
    assert enter_password(client, user).location == "/"


def test_a_password_reset_ends_a_sign_in_that_waits_for_its_code(app, client, protected):
    user, key, _ = protected
    enter_password(client, user)
    with app.test_request_context():
        reset_password(user=user, stored=kept("another tractor harbour"), known=user.fs_uniquifier)
        db.session.commit()
    answer = client.post("/account/sign-in/code", data={"code": code_of(key, 1)})
    assert answer.location == "/account/sign-in"
    assert client.get("/account").status_code == 302


def test_secrets_and_recovery_codes_are_not_readable_in_the_database(session, protected):
    user, key, codes = protected
    session.expire_all()
    stored = session.get(User, user.id)
    assert key not in stored.tf_totp_secret
    hashes = set(session.scalars(select(RecoveryCode.code_hash)))
    assert len(hashes) == 10
    assert not set(codes) & hashes
    assert _security.totp_factory.get_totp_pretty_key(stored.tf_totp_secret).replace("-", "") == key


def test_recovery_codes_outlive_a_lost_two_factor_secret(app, client, protected, monkeypatch):
    user, key, codes = protected
    with app.app_context():
        stranger = _security.totp_factory._totp.using(secrets={"1": "another secret"})
        monkeypatch.setattr(_security.totp_factory, "_totp", stranger)
    enter_password(client, user)
    refused = client.post("/account/sign-in/code", data={"code": code_of(key, 1)})
    assert "Enter the code that your app shows now" in refused.text
    typed = codes[0].replace("-", " ")
    answer = client.post("/account/sign-in/recovery-code", data={"code": typed})
    assert answer.location == "/"
    assert "You have 9 recovery codes left" in client.get("/account").text
