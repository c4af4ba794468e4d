"""Who guesses at passwords is slowed down; whose account it is comes in."""

import threading
from datetime import UTC, datetime
from string import ascii_lowercase

import pytest
from flask import Flask

from config import SECRETS, settings
from portal.accounts.services import create_user
from portal.accounts.views import guessing
from portal.clock import clock_at
from portal.db import db
from portal.web.limit_storage import AttemptCount, DatabaseStorage, forget_passed
from portal.web.limits import limiter
from tests.accounts.conftest import PASSWORD
from tests.conftest import make_app
from tests.postgres import fresh_database
from tests.tables import fill

SIGN_IN = "/account/sign-in"
OWNER = "ida@example.org"


@pytest.fixture
def counting(database_url, tmp_path):
    """A portal that counts attempts in its database, which other tests turn off."""
    with fresh_database(database_url, tmp_path / "counting.db") as url:
        app = make_app(url, tmp_path, RATELIMIT_ENABLED=True, RATELIMIT_STORAGE_URI="database://")
        with app.app_context():
            fill()
            create_user(email=OWNER, name="Ida", password=PASSWORD)
            db.session.commit()
        yield app
        limiter.enabled = False
        with app.app_context():
            db.engine.dispose()


WRONG = "guess"


def tries(client, email=OWNER, password=WRONG, place="10.0.0.1", path=SIGN_IN, **data) -> int:
    return client.post(
        path,
        data={"email": email, "password": password, **data},
        environ_overrides={"REMOTE_ADDR": place},
    ).status_code


def test_thirty_wrong_tries_from_anywhere_do_not_shut_the_owner_out(counting: Flask) -> None:
    stranger = counting.test_client()
    got = [tries(stranger, place=f"10.0.{n}.1") for n in range(30)]
    assert got == [200] * 30
    assert tries(counting.test_client(), password=PASSWORD, place="10.9.9.9") == 302


def test_one_address_has_ten_tries_at_an_account(counting: Flask) -> None:
    stranger = counting.test_client()
    assert [tries(stranger) for _ in range(12)] == [200] * 10 + [429] * 2
    assert tries(stranger, "somebody.else@example.org") == 200
    assert tries(counting.test_client()) == 429, "a browser without cookies is no new one"


def test_an_account_that_there_is_not_is_limited_alike(counting: Flask) -> None:
    stranger = counting.test_client()
    got = [tries(stranger, "nobody@example.org") for _ in range(11)]
    assert got == [200] * 10 + [429]


def test_one_address_alone_does_not_use_up_what_all_have_together(counting: Flask) -> None:
    stranger = counting.test_client()
    for _ in range(30):
        tries(stranger)
    with counting.app_context():
        counts = sorted(count for (count,) in db.session.query(AttemptCount.count))
    # What is refused for this account from this place counts nowhere else.
    from_anywhere, by_place, here = [10, 10], [10, 10], [30]
    assert counts == from_anywhere + by_place + here


def test_guesses_from_many_addresses_meet_a_ceiling_and_a_known_browser_passes(
    counting: Flask,
) -> None:
    known = counting.test_client()
    assert tries(known, password=PASSWORD, place="10.8.0.1") == 302
    known.post("/account/sign-out")
    stranger = counting.test_client()
    got = [tries(stranger, place=f"10.1.{n // 200}.{n % 200}") for n in range(120)]
    assert got.count(200) == 99, "one of the hundred was the owner's own"
    assert set(got[-20:]) == {429}
    assert tries(counting.test_client(), password=PASSWORD, place="10.9.9.9") == 429
    assert tries(known, password=PASSWORD, place="10.1.0.1") == 302


def test_a_known_browser_has_an_allowance_and_not_a_licence(counting: Flask) -> None:
    known = counting.test_client()
    tries(known, password=PASSWORD)
    known.post("/account/sign-out")
    got = [tries(known, place=f"10.0.{n}.1") for n in range(12)]
    assert got == [200] * 10 + [429] * 2
    assert tries(known, "somebody.else@example.org", place="10.0.99.1") == 200


def test_the_cookie_of_a_known_browser_cannot_be_made_up(counting: Flask) -> None:
    known = counting.test_client()
    tries(known, password=PASSWORD)
    cookie = known.get_cookie("known")
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site) == (True, "Lax")
    assert cookie.max_age == 180 * 24 * 3600
    assert OWNER not in cookie.value
    with counting.test_request_context(headers={"Cookie": f"known={cookie.value}"}):
        assert guessing.is_known(guessing.account_of(OWNER))
        assert not guessing.is_known(guessing.account_of("other@example.org"))
    with counting.test_request_context(headers={"Cookie": f"known={cookie.value[:-3]}abc"}):
        assert not guessing.is_known(guessing.account_of(OWNER))


def test_over_https_the_cookie_is_of_this_host_alone(counting: Flask) -> None:
    counting.config["SESSION_COOKIE_SECURE"] = True
    browser = counting.test_client()
    answer = browser.post(
        SIGN_IN, data={"email": OWNER, "password": PASSWORD}, base_url="https://localhost"
    )
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if "known" in c)
    assert cookie.startswith("__Host-known=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize("path", ["/account/password/forgotten", "/account/sign-up"])
def test_nobody_uses_up_anothers_emails(counting: Flask, path: str) -> None:
    stranger, name = counting.test_client(), {"name": "Nia"}
    got = [tries(stranger, password=PASSWORD, path=path, **name) for _ in range(12)]
    assert got == [302] * 10 + [429] * 2
    owner = counting.test_client()
    assert tries(owner, password=PASSWORD, path=path, place="10.9.9.9", **name) == 302


def test_codes_are_limited_by_account_and_place(counting: Flask) -> None:
    with counting.app_context():
        from portal.accounts.queries import user_by_email

        user = user_by_email(OWNER)
        assert user is not None
        user.tf_totp_secret, user.tf_primary_method = "x", "authenticator"
        number, known = user.id, user.fs_uniquifier
        db.session.commit()

    def code(place: str) -> int:
        client = counting.test_client()
        with client.session_transaction() as cookie:
            cookie["sign_in"] = {
                "user": number,
                "known": known,
                "at": 4102444800,
                "next": None,
            }
        return client.post(
            "/account/sign-in/code",
            data={"code": "abc"},
            environ_overrides={"REMOTE_ADDR": place},
        ).status_code

    assert [code("10.0.0.1") for _ in range(11)] == [200] * 10 + [429]
    assert code("10.0.0.2") == 200


# Where attempts are counted


def test_counts_are_shared_and_none_is_lost_between_workers(counting: Flask) -> None:
    def count() -> None:
        for _ in range(20):
            with counting.app_context():
                DatabaseStorage().incr("a key", 60)

    workers = [threading.Thread(target=count) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with counting.app_context():
        assert DatabaseStorage().get("a key") == 80


def test_a_window_that_has_passed_counts_anew(counting: Flask) -> None:
    storage = DatabaseStorage()
    with counting.app_context():
        with clock_at(datetime(2026, 3, 2, 10, 0, 0, tzinfo=UTC)):
            assert [storage.incr("a key", 60) for _ in range(3)] == [1, 2, 3]
            assert storage.get_expiry("a key") == 1772445660.0
        with clock_at(datetime(2026, 3, 2, 10, 1, 1, tzinfo=UTC)):
            assert storage.get("a key") == 0
            assert storage.incr("a key", 60) == 1
        with clock_at(datetime(2026, 3, 2, 10, 3, 0, tzinfo=UTC)):
            assert forget_passed() == 1
        assert storage.check()
        storage.incr("a key", 60)
        storage.clear("a key")
        assert (storage.get("a key"), storage.reset()) == (0, 0)


def test_no_address_is_kept_with_the_counts(counting: Flask) -> None:
    tries(counting.test_client())
    with counting.app_context():
        keys = db.session.query(AttemptCount.key).all()
    assert keys
    assert all(len(key) == 64 for (key,) in keys)


STRONG = dict.fromkeys(SECRETS, ascii_lowercase * 2)
PRODUCTION = {"PRODUCTION": "1", "SERVER_NAME": "portal.example", **STRONG}


def test_production_counts_for_all_workers_together(tmp_path) -> None:
    given = {"INSTANCE": str(tmp_path), **PRODUCTION}
    assert settings(given)["RATELIMIT_STORAGE_URI"] == "database://"
    for more in ({}, {"WEB_CONCURRENCY": "2"}):
        with pytest.raises(ValueError, match="LIMITS_URL"):
            settings({**given, "LIMITS_URL": "memory://", **more})
    alone = {**given, "LIMITS_URL": "memory://", "WEB_CONCURRENCY": "1"}
    assert settings(alone)["RATELIMIT_STORAGE_URI"] == "memory://"
