"""Keys are replaced one after another: what was made with an older one holds as long as that one is
set beside the newest, and everything new is made with the newest."""

import re
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from flask import Flask, g, session
from flask_security import Security
from flask_security.proxies import _security
from flask_wtf.csrf import generate_csrf, validate_csrf
from itsdangerous import BadSignature, URLSafeTimedSerializer
from passlib.totp import TOTP  # type: ignore[import-untyped]  # it has no types
from wtforms.validators import ValidationError

from portal.accounts import services
from portal.accounts.models import User
from portal.accounts.rules.factor_keys import FIRST_TAG, tag_in, tag_of
from portal.accounts.services.passwords import kept as kept_password
from portal.accounts.views import guessing
from portal.db import db
from portal.improvement.serialise import surveys
from portal.notifications import serialise as emails
from portal.notifications.models import Kind
from portal.web import kept
from portal.web.opened import FIELD, NOBODY, Opened, open_form, opened_as_sent
from tests.accounts.conftest import PASSWORD
from tests.conftest import make_app
from tests.pages import PageClient, sign_in

OLD, NEW = "only for tests", "the newest of the tests"
NAMES = ("SECRET_KEY", "TWO_FACTOR_SECRET")
Apps = SimpleNamespace
SET_UP = "/account/two-factor/set-up"
KEY = re.compile(r"<code>([A-Z2-7-]+)</code>")


@pytest.fixture(scope="module")
def others(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Flask]]:
    """The application with a newest key, first with the older one beside it and then without."""
    url = app.config["SQLALCHEMY_ENGINES"]["default"]
    newest = dict.fromkeys(NAMES, NEW)
    both = {**newest, **{f"{name}_FALLBACKS": (OLD,) for name in NAMES}}
    made = [make_app(url, tmp_path_factory.mktemp("other"), **one) for one in (both, newest)]
    for one in made:
        one.test_client_class = PageClient
    yield made
    for one in made:
        with one.app_context():
            db.engine.dispose()


@pytest.fixture
def apps(app: Flask, session: Any, others: list[Flask]) -> Iterator[Apps]:
    """The portal with the older key, with both and with the newest alone: over the same rows."""
    joined = {name: db.sessionmaker.kw[name] for name in ("bind", "join_transaction_mode")}
    with others[0].app_context():
        first = db.sessionmaker
    with others[1].app_context():
        second = db.sessionmaker
    with mock.patch.dict(first.kw, joined), mock.patch.dict(second.kw, joined):
        yield Apps(old=app, both=others[0], new=others[1])


@pytest.fixture
def somebody(cast: Any, session: Any) -> User:
    """A person with a password."""
    user: User = cast.innovator.user
    user.password = kept_password(PASSWORD)
    session.commit()
    return user


def cookie_of(client: Any, name: str) -> str:
    found = client.get_cookie(name)
    return str(found.value) if found else ""


class Cookie:
    """Of a signed-in browser."""

    def made(self, app: Flask, cast: Any) -> str:
        with app.app_context():
            return cookie_of(sign_in(app, cast.innovator), "session")

    def holds(self, app: Flask, said: str, _cast: Any) -> bool:
        client = app.test_client()
        client.set_cookie("session", said)
        return client.get("/account").status_code == 200


class Link:
    """In an email, and every other token of the library."""

    def made(self, app: Flask, _cast: Any) -> list[str]:
        return [str(one.dumps(["x"])) for one in self.serializers(app)]

    def holds(self, app: Flask, said: list[str], _cast: Any) -> bool:
        pairs = list(zip(self.serializers(app), said, strict=True))
        assert len(pairs) > 5
        return all(self.opens(one, token) for one, token in pairs)

    @staticmethod
    def serializers(app: Flask) -> list[URLSafeTimedSerializer]:
        security: Security = app.extensions["security"]
        every = sorted(vars(security).items())
        return [one for _, one in every if isinstance(one, URLSafeTimedSerializer)]

    @staticmethod
    def opens(one: URLSafeTimedSerializer, token: str) -> bool:
        try:
            return bool(one.loads(token) == ["x"])
        except BadSignature:
            return False


class FormToken:
    """Against requests that other sites forge."""

    def made(self, app: Flask, _cast: Any) -> tuple[str, str]:
        with app.test_request_context():
            return str(generate_csrf()), session["csrf_token"]

    def holds(self, app: Flask, said: tuple[str, str], _cast: Any) -> bool:
        with app.test_request_context():
            session["csrf_token"] = said[1]
            try:
                validate_csrf(said[0])
            except ValidationError:
                return False
            return True


class OpenForm:
    """The hidden field that says who opened a form."""

    def made(self, app: Flask, _cast: Any) -> str:
        with app.test_request_context():
            return open_form("AForm")

    def holds(self, app: Flask, said: str, _cast: Any) -> bool:
        with app.test_request_context("/", method="POST", data={FIELD: said}):
            return opened_as_sent() is not None


class KeptForm:
    """What was typed into a form that could not be saved."""

    PAGE = "/account/sign-in"

    def made(self, app: Flask, _cast: Any) -> str:
        with app.test_request_context(self.PAGE, method="POST", data={"words": "typed"}):
            kept.keep(Opened("", "", "", "AForm", "key"), "token")
            return str(g.kept_token)

    def holds(self, app: Flask, said: str, _cast: Any) -> bool:
        with app.test_request_context(self.PAGE, headers={"Cookie": f"{kept.COOKIE}={said}"}):
            found = kept.read(NOBODY)
            return found is not None and found.fields == [("words", "typed")]


class EndOfEmails:
    """The link that ends emails of one kind."""

    def made(self, app: Flask, _cast: Any) -> str:
        with app.app_context():
            return emails.token_for(7, Kind.NEWS)

    def holds(self, app: Flask, said: str, _cast: Any) -> bool:
        with app.app_context():
            return emails.read_token(said) == (7, Kind.NEWS)


class Survey:
    """The link of a place's survey."""

    def made(self, app: Flask, _cast: Any) -> str:
        with app.app_context():
            return surveys.key_of(7)

    def holds(self, app: Flask, said: str, _cast: Any) -> bool:
        with app.app_context():
            return surveys.place_behind(said) == 7


class KnownBrowser:
    """The cookie of a browser in which somebody signed in before."""

    def made(self, app: Flask, cast: Any) -> str:
        client = app.test_client()
        email = cast.innovator.user.email
        client.post("/account/sign-in", data={"email": email, "password": PASSWORD})
        return cookie_of(client, "known")

    def holds(self, app: Flask, said: str, cast: Any) -> bool:
        with app.test_request_context("/", headers={"Cookie": f"known={said}"}):
            return guessing.is_known(guessing.account_of(cast.innovator.user.email))


KINDS = (Cookie, Link, FormToken, OpenForm, KeptForm, EndOfEmails, Survey, KnownBrowser)


@pytest.mark.parametrize("kind", KINDS)
def test_what_an_older_key_made_holds_beside_the_newest_alone(
    apps: Apps, cast: Any, somebody: User, kind: Callable[[], Any]
) -> None:
    thing = kind()
    said = thing.made(apps.old, cast)
    assert thing.holds(apps.old, said, cast)
    assert thing.holds(apps.both, said, cast)
    assert not thing.holds(apps.new, said, cast)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_new_is_made_with_the_newest(
    apps: Apps, cast: Any, somebody: User, kind: Callable[[], Any]
) -> None:
    thing = kind()
    said = thing.made(apps.both, cast)
    assert thing.holds(apps.both, said, cast)
    assert thing.holds(apps.new, said, cast)
    assert not thing.holds(apps.old, said, cast)


def test_a_browser_that_an_older_key_knows_is_marked_once(
    apps: Apps, cast: Any, somebody: User
) -> None:
    client = apps.both.test_client()
    client.set_cookie("known", KnownBrowser().made(apps.old, cast))
    client.post("/account/sign-in", data={"email": somebody.email, "password": PASSWORD})
    said = cookie_of(client, "known")
    assert KnownBrowser().holds(apps.new, said, cast)
    with apps.both.test_request_context("/", headers={"Cookie": f"known={said}"}):
        assert len(guessing._kept()["accounts"]) == 1


# Authenticator apps


def code_of(key: str, steps: int = 0) -> str:
    return str(TOTP(key=key, format="base32").generate(time.time() + 30 * steps).token)


@pytest.fixture
def app_key(apps: Apps, cast: Any, somebody: User, session: Any) -> str:
    """Somebody's authenticator app, set up with the older secret: its key."""
    with apps.old.app_context():
        browser = sign_in(apps.old, cast.innovator)
    (key,) = (one.replace("-", "") for one in KEY.findall(browser.get(SET_UP).text))
    browser.post(SET_UP, data={"code": code_of(key)})
    assert stored(session, somebody)
    return key


def stored(session: Any, user: User) -> str:
    """What the database holds now."""
    session.expire_all()
    return str(session.get(User, user.id).tf_totp_secret)


def enters(app: Flask, user: User, code: str) -> bool:
    """Sign in with password and code; whether the code was right."""
    client = app.test_client()
    client.post("/account/sign-in", data={"email": user.email, "password": PASSWORD})
    answer = client.post("/account/sign-in/code", data={"code": code})
    return bool(answer.location == "/")


def test_an_app_of_an_older_secret_is_encrypted_anew_at_the_next_code(
    apps: Apps, app_key: str, somebody: User, session: Any
) -> None:
    assert tag_in(stored(session, somebody)) == tag_of(OLD)
    assert not enters(apps.new, somebody, code_of(app_key, 1))
    assert enters(apps.both, somebody, code_of(app_key, 1))
    assert tag_in(stored(session, somebody)) == tag_of(NEW)
    with apps.new.app_context():
        pretty = _security.totp_factory.get_totp_pretty_key(stored(session, somebody))
    assert pretty.replace("-", "") == app_key


def test_a_wrong_code_changes_nothing(
    apps: Apps, app_key: str, somebody: User, session: Any
) -> None:
    before = stored(session, somebody)
    assert not enters(apps.both, somebody, "000000")
    assert stored(session, somebody) == before


def with_first_tag(session: Any, user: User) -> None:
    """Store the secret as releases did that knew one secret alone."""
    user.tf_totp_secret = stored(session, user).replace(tag_of(OLD), FIRST_TAG)
    session.commit()


def test_what_is_stored_without_a_tag_of_its_own_is_of_the_oldest_secret(
    apps: Apps, app_key: str, somebody: User, session: Any
) -> None:
    with_first_tag(session, somebody)
    assert enters(apps.both, somebody, code_of(app_key, 1))
    assert tag_in(stored(session, somebody)) == tag_of(NEW)


def test_one_command_encrypts_all_that_is_sure(
    apps: Apps, app_key: str, somebody: User, session: Any
) -> None:
    with_first_tag(session, somebody)
    unsure, lost = "1 of an older release may be of any", "1 are of a secret that is not set"
    for app, words, left, tag in (
        (apps.both, "0 of 1", unsure, FIRST_TAG),
        (apps.old, "1 of 1", "", tag_of(OLD)),
        (apps.new, "0 of 1", lost, tag_of(OLD)),
        (apps.both, "1 of 1", "", tag_of(NEW)),
        (apps.both, "0 of 1", "", tag_of(NEW)),
    ):
        with app.app_context():  # or it would run in that of the test's own session
            done = app.test_cli_runner().invoke(args=["accounts", "renew-secrets"])
        assert words in done.output
        assert ("older ones may go" in done.output) is not bool(left)
        assert (left in done.output, done.exit_code) == (True, int(bool(left)))
        assert tag_in(stored(session, somebody)) == tag
    assert enters(apps.new, somebody, code_of(app_key, 1))


def test_a_secret_that_changed_meanwhile_stays(
    apps: Apps, app_key: str, somebody: User, session: Any
) -> None:
    read = stored(session, somebody)
    somebody.tf_totp_secret = None
    session.commit()
    with apps.both.app_context():
        assert services.renew_sure(stored=[(somebody.id, read)]) == 0


def test_recovery_codes_need_no_key(apps: Apps, app_key: str, somebody: User, session: Any) -> None:
    codes = services.new_recovery_codes(user=somebody)
    session.commit()
    client = apps.new.test_client()
    client.post("/account/sign-in", data={"email": somebody.email, "password": PASSWORD})
    answer = client.post("/account/sign-in/recovery-code", data={"code": codes[0]})
    assert answer.location == "/"


def test_an_app_that_is_being_set_up_goes_on_while_its_secret_is_known(
    apps: Apps, cast: Any
) -> None:
    with apps.old.app_context():
        browser = sign_in(apps.old, cast.innovator)
    shown = KEY.findall(browser.get(SET_UP).text)
    with browser.session_transaction() as cookie:
        secret = cookie["totp"]
    for app, goes_on in ((apps.both, True), (apps.new, False)):
        with app.app_context():
            other = sign_in(app, cast.innovator)
        with other.session_transaction() as cookie:
            cookie["totp"] = secret
        found = KEY.findall(other.get(SET_UP).text)
        assert len(found) == 1
        assert (found == shown) is goes_on
