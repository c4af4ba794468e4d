"""What the service is told by its environment, and what it refuses to start without."""

from datetime import timedelta
from pathlib import Path

import pytest

from config import NEEDED, settings
from portal import create_app

SET = {"SERVER_NAME": "portal.example", "PRODUCTION": "1"}
SECRETS = ("SECRET_KEY", "SECURITY_PASSWORD_SALT", "TWO_FACTOR_SECRET", "AUDIT_KEY")


def test_production_names_every_missing_setting_at_once(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="production does not start without") as refused:
        settings({"INSTANCE": str(tmp_path), "PRODUCTION": "1"})
    for name in (*SECRETS, "SERVER_NAME"):
        assert name in str(refused.value)
    assert set(NEEDED) == {*SECRETS, "SERVER_NAME"}


@pytest.mark.parametrize("missing", SECRETS)
def test_production_makes_up_no_secret(tmp_path: Path, missing: str) -> None:
    given = {name: "x" * 40 for name in SECRETS if name != missing}
    with pytest.raises(ValueError, match=missing):
        settings({"INSTANCE": str(tmp_path), **SET, **given})
    assert list(tmp_path.iterdir()) == []


def test_production_starts_with_all_of_them(tmp_path: Path) -> None:
    found = settings({"INSTANCE": str(tmp_path), **SET, **dict.fromkeys(SECRETS, "x" * 40)})
    assert found["PRODUCTION"]
    assert list(tmp_path.iterdir()) == []


def test_elsewhere_secrets_are_made_once_and_kept(tmp_path: Path) -> None:
    first, again = (settings({"INSTANCE": str(tmp_path)}) for _ in range(2))
    assert [first[name] for name in SECRETS] == [again[name] for name in SECRETS]


def test_emails_come_from_the_service_by_name(tmp_path: Path) -> None:
    given = {"INSTANCE": str(tmp_path), "SERVICE_NAME": "Exchange", "MAIL_SENDER": "a@nhs.example"}
    assert settings(given)["MAIL_DEFAULT_SENDER"] == "Exchange <a@nhs.example>"
    named = {**given, "MAIL_SENDER": "The team <a@nhs.example>"}
    assert settings(named)["MAIL_DEFAULT_SENDER"] == "The team <a@nhs.example>"


@pytest.mark.parametrize("wrong", ["s3://", "s4://x", "", "/srv/files"])
def test_a_store_that_there_is_not_is_refused(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(ValueError, match="FILES_STORE"):
        settings({"INSTANCE": str(tmp_path), "FILES_STORE": wrong})


def test_production_asks_staff_for_a_second_factor_unless_told_otherwise(tmp_path: Path) -> None:
    given = {"INSTANCE": str(tmp_path), **dict.fromkeys(SECRETS, "x" * 40)}
    staff = ("administrator", "national", "hin", "ics")
    assert settings({**given, **SET})["SECOND_FACTOR_ROLES"] == staff
    assert settings(given)["SECOND_FACTOR_ROLES"] == ()
    assert settings({**given, **SET, "SECOND_FACTOR_ROLES": "none"})["SECOND_FACTOR_ROLES"] == ()
    asked = settings({**given, "SECOND_FACTOR_ROLES": "administrator, hin"})
    assert asked["SECOND_FACTOR_ROLES"] == ("administrator", "hin")
    with pytest.raises(ValueError, match="SECOND_FACTOR_ROLES"):
        settings({**given, "SECOND_FACTOR_ROLES": "boss"})


def test_how_long_a_browser_stays_signed_in_is_a_setting(tmp_path: Path) -> None:
    given = {"INSTANCE": str(tmp_path), "SESSION_IDLE": "administrator=20m"}
    assert settings(given)["SESSION_IDLE"] == {
        "administrator": timedelta(minutes=20),
        "staff": timedelta(days=1),
        "innovator": timedelta(days=14),
    }
    for wrong in ("administrator", "boss=1d", "staff=0d", "staff=1w"):
        with pytest.raises(ValueError, match="write"):
            settings({**given, "SESSION_LONGEST": wrong})


@pytest.mark.parametrize("wrong", ["", "syslog", "syslog:", "syslog:host", "/var/log/x"])
def test_a_place_for_security_events_that_there_is_not_is_refused(
    tmp_path: Path, wrong: str
) -> None:
    with pytest.raises(ValueError, match="SECURITY_LOG"):
        settings({"INSTANCE": str(tmp_path), "SECURITY_LOG": wrong})


def test_cookies_are_bound_to_the_host_over_https(tmp_path: Path) -> None:
    secrets = dict.fromkeys(SECRETS, "x" * 40)
    found = settings({"INSTANCE": str(tmp_path), **SET, **secrets})
    assert found["SESSION_COOKIE_NAME"] == "__Host-session"
    app = create_app({**found, "TESTING": True})
    client = app.test_client()
    answer = client.get("/account/sign-up", base_url="https://portal.example")
    cookies = answer.headers.getlist("Set-Cookie")
    ours = next(one for one in cookies if one.startswith("__Host-session="))
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(ours.split("; "))
    assert "Domain" not in ours
