"""Passkeys: added, named, used as second and as only factor, removed; what devices cannot do."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select, update

from portal.accounts.models import RecoveryCode, UserSession
from portal.accounts.models.factors import Passkey
from portal.clock import now
from tests.accounts.authenticator import Device, options_in
from tests.accounts.conftest import PASSWORD
from tests.accounts.test_sent_forms import opened
from tests.accounts.test_two_factor import code_of, enter_password, set_up

NEW = "/account/two-factor/passkeys/new"


def add(browser, device, name="Work laptop"):
    """Add the device's passkey as a person does; returns the page that follows."""
    credential = device.make(options_in(browser.get(NEW).text))
    return browser.post(NEW, data={"name": name, "credential": credential})


@pytest.fixture
def device() -> Device:
    """Ida's laptop."""
    return Device()


@pytest.fixture
def ida(as_, cast, knows_password, device):
    """Ida, whose laptop has a passkey: the person, her browser, her recovery codes."""
    user = knows_password(cast.innovator.user)
    browser = as_(cast.innovator)
    done = add(browser, device).text
    return user, browser, re.findall(r"<li>([0-9a-f]{4}(?:-[0-9a-f]{4}){6})</li>", done)


def sign_in_with(client, device, **data):
    """Answer what the page after the password asks."""
    page = client.get("/account/sign-in/code").text
    data = {"credential": device.use(options_in(page)), **data}
    return client.post("/account/sign-in/code", data=data)


def test_the_first_brings_recovery_codes_and_an_email(ida, last_email):
    user, browser, codes = ida
    assert len(set(codes)) == 10
    assert "Work laptop" in browser.get("/account/two-factor").text
    assert last_email(user.email).subject == "A passkey was added to your account"
    assert "added the passkey Work laptop" not in browser.get("/account").text


def test_it_is_asked_for_after_the_password(client, ida, device):
    user, _, _ = ida
    assert enter_password(client, user).location == "/account/sign-in/code"
    assert client.get("/account").status_code == 302
    assert sign_in_with(client, device).location == "/"
    assert client.get("/account").status_code == 200


def test_another_device_does_not_sign_in(client, ida):
    user, _, _ = ida
    enter_password(client, user)
    stranger = Device()
    assert "Your passkey was not accepted" in sign_in_with(client, stranger).text
    assert client.get("/account").status_code == 302


def test_the_passkey_of_somebody_else_does_not_sign_in(app, as_, client, cast, ida, knows_password):
    user, _, _ = ida
    theirs = Device()
    add(as_(cast.other_innovator), theirs)
    enter_password(client, user)
    assert "Your passkey was not accepted" in sign_in_with(client, theirs).text


@pytest.mark.parametrize(
    "wrong", ["", "{}", "null", "[]", "1", '{"id": "x"}', "\x00", "x" * 30_000, '{"rawId": 5}']
)
def test_odd_answers_are_refused(client, ida, wrong):
    user, browser, _ = ida
    enter_password(client, user)
    page = client.post("/account/sign-in/code", data={"credential": wrong})
    assert "There is a problem" in page.text
    assert "There is a problem" in browser.post(NEW, data={"name": "x", "credential": wrong}).text
    assert client.post("/account/sign-in/passkey", data={"credential": wrong}).status_code == 302
    assert client.get("/account").status_code == 302


def test_an_answer_for_another_address_is_refused(client, ida, device):
    user, _, _ = ida
    enter_password(client, user)
    device.origin = "https://portal.example.evil"
    assert "Your passkey was not accepted" in sign_in_with(client, device).text


def test_an_answer_counts_once(app, client, ida, device):
    user, _, _ = ida
    device.count = -1  # a device that does not count: it always says 0
    enter_password(client, user)
    credential = device.use(options_in(client.get("/account/sign-in/code").text))
    copy = app.test_client()
    with client.session_transaction() as cookie, copy.session_transaction() as copied:
        copied.update(cookie)
    said = {"credential": credential}
    assert client.post("/account/sign-in/code", data=said).location == "/"
    assert "not accepted" in copy.post("/account/sign-in/code", data=said).text


def test_a_copied_key_that_counts_less_is_refused(app, client, ida, device):
    user, _, _ = ida
    copy = Device(credential_id=device.credential_id, key=device.key)
    device.count = 5
    enter_password(client, user)
    assert sign_in_with(client, device).location == "/"
    other = app.test_client()
    enter_password(other, user)
    assert "not accepted" in sign_in_with(other, copy).text


def test_it_signs_in_alone_when_the_device_made_sure_who_uses_it(client, ida, device):
    page = client.get("/account/sign-in").text
    assert (
        "allowCredentials" not in str(options_in(page)) or not options_in(page)["allowCredentials"]
    )
    said = {"credential": device.use(options_in(page)), "next": "/account"}
    assert client.post("/account/sign-in/passkey", data=said).location == "/account"
    assert client.get("/account").status_code == 200


def test_it_does_not_sign_in_alone_when_the_device_did_not(client, ida, device):
    device.is_verified = False
    said = {"credential": device.use(options_in(client.get("/account/sign-in").text))}
    assert client.post("/account/sign-in/passkey", data=said).location == "/account/sign-in"
    assert "did not sign you in" in client.get("/account/sign-in").text


def test_no_page_names_passkeys_to_somebody_who_has_not_given_the_password(client, ida):
    user, _, _ = ida
    client.post("/account/sign-in", data={"email": user.email, "password": "wrong"})
    assert not options_in(client.get("/account/sign-in").text).get("allowCredentials")
    assert client.get("/account/sign-in/code").status_code == 302


def test_it_is_renamed(ida, session):
    _, browser, _ = ida
    number = session.scalars(select(Passkey.id)).one()
    url = f"/account/two-factor/passkeys/{number}/name"
    assert "Enter a name for the passkey" in browser.post(url, data={"name": " "}).text
    browser.post(url, data={"name": "Blue key"})
    assert "Blue key" in browser.get("/account/two-factor").text


@pytest.mark.parametrize("by", ["passkey", "recovery code"])
def test_removing_it_asks_for_a_factor_not_the_password(client, ida, device, session, by):
    user, browser, codes = ida
    number = session.scalars(select(Passkey.id)).one()
    url = f"/account/two-factor/passkeys/{number}/remove"
    page = browser.get(url).text
    assert "There is a problem" in browser.post(url, data={"code": PASSWORD}).text
    page = browser.get(url).text
    said = {"credential": device.use(options_in(page))} if by == "passkey" else {"code": codes[0]}
    assert browser.post(url, data=said).location == "/account/two-factor"
    assert enter_password(client, user).location == "/"
    assert session.scalars(select(RecoveryCode)).all() == []


def test_nobody_changes_the_passkey_of_somebody_else(as_, cast, ida, session):
    number = session.scalars(select(Passkey.id)).one()
    other = as_(cast.other_innovator)
    for page in ("name", "remove"):
        assert other.get(f"/account/two-factor/passkeys/{number}/{page}").status_code == 404


def test_beside_an_app_either_is_enough_and_the_codes_stay(as_, app, cast, ida, device):
    user, browser, _ = ida
    page = browser.get("/account/two-factor/set-up").text
    key = re.search(r"<code>([A-Z2-7-]+)</code>", page).group(1).replace("-", "")
    done = browser.post("/account/two-factor/set-up", data={"code": code_of(key)})
    assert done.location == "/account/two-factor"
    for said in ({"code": code_of(key, 1)}, None):
        client = app.test_client()
        enter_password(client, user)
        answer = (
            client.post("/account/sign-in/code", data=said)
            if said
            else sign_in_with(client, device)
        )
        assert answer.location == "/"


def test_a_passkey_is_added_once(ida, device):
    _, browser, _ = ida
    assert "in use already" in add(browser, device).text


PROTECTED = ["/account/two-factor/set-up", NEW, "/account/two-factor/recovery-codes"]


@pytest.mark.parametrize("path", PROTECTED)
def test_changes_of_security_ask_for_a_proof_after_a_quarter_of_an_hour(
    as_, cast, session, knows_password, path
):
    knows_password(cast.hin.user)
    browser = as_(cast.hin)
    set_up(browser) if path.endswith("codes") else None
    session.execute(update(UserSession).values(proved_at=now() - timedelta(minutes=16)))
    session.commit()
    asked = browser.get(path)
    assert asked.location.startswith("/account/prove?next=")
    wrong = browser.post(asked.location, data={"password": "wrong", "next": path})
    assert "Enter your correct password" in wrong.text
    assert "Enter your password or a code" in browser.post(asked.location, data={}).text
    done = browser.post(asked.location, data={"password": PASSWORD, "next": path})
    assert done.location == path
    assert browser.get(path).status_code == 200


def test_a_proof_by_passkey_gives_the_browser_a_new_token(app, ida, device, session):
    _, browser, _ = ida
    copy = app.test_client()
    with browser.session_transaction() as cookie, copy.session_transaction() as stolen:
        stolen.update(cookie)
    said = {"credential": device.use(options_in(browser.get("/account/prove").text))}
    assert browser.post("/account/prove", data=said).location == "/account"
    assert browser.get("/account").status_code == 200
    assert copy.get("/account").status_code == 302


def test_what_was_typed_before_a_proof_was_asked_for_stands_in_the_form_again(
    as_, cast, session, knows_password
):
    knows_password(cast.administrator.user)
    browser = as_(cast.administrator)
    url = f"/admin/people/{cast.innovator.user.id}/memberships/new"
    key = opened(browser.get(url).text)
    session.execute(update(UserSession).values(proved_at=now() - timedelta(minutes=16)))
    session.commit()
    data = {"opened": key, "organisation": "Northgate Devices", "role": "innovator"}
    asked = browser.post(url, data=data)
    assert asked.location.startswith("/account/prove?next=")
    back = parse_qs(urlsplit(asked.location).query)["next"][0]
    done = browser.post(asked.location, data={"password": PASSWORD, "next": back})
    page = browser.get(done.location).text
    assert "We asked you to confirm that it is you." in page
    assert 'value="Northgate Devices"' in page
    again = {"opened": opened(page), "organisation": "Northgate Devices", "role": "innovator"}
    assert "has been added" in browser.get(browser.post(url, data=again).location).text


def test_somebody_without_password_and_factor_is_told_to_sign_in_again(as_, cast, session):
    cast.hin.user.password = None
    browser = as_(cast.hin)
    page = browser.get("/account/prove").text
    assert "You have no password here" in page
    assert browser.post("/account/prove", data={"password": "x"}).status_code == 200
    assert "There is a problem" in browser.post("/account/prove", data={"code": "123456"}).text
