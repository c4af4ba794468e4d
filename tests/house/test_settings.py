"""What the service is told by its environment, and what it refuses to start without."""

import json
from datetime import timedelta
from pathlib import Path
from string import ascii_lowercase

import pytest

from config import NEEDED, settings
from portal import create_app

SET = {"SERVER_NAME": "portal.example", "PRODUCTION": "1"}
SECRETS = ("SECRET_KEY", "SECURITY_PASSWORD_SALT", "TWO_FACTOR_SECRET", "AUDIT_KEY")
"""Written once more on purpose: one that the configuration forgets is missed here."""


def test_production_names_every_missing_setting_at_once(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="production does not start without") as refused:
        settings({"INSTANCE": str(tmp_path), "PRODUCTION": "1"})
    for name in (*SECRETS, "SERVER_NAME"):
        assert name in str(refused.value)
    assert set(NEEDED) == {*SECRETS, "SERVER_NAME"}


@pytest.mark.parametrize("missing", SECRETS)
def test_production_makes_up_no_secret(tmp_path: Path, missing: str) -> None:
    given = {name: ascii_lowercase * 2 for name in SECRETS if name != missing}
    with pytest.raises(ValueError, match=missing):
        settings({"INSTANCE": str(tmp_path), **SET, **given})
    assert list(tmp_path.iterdir()) == []


def test_production_starts_with_all_of_them(tmp_path: Path) -> None:
    found = settings(
        {"INSTANCE": str(tmp_path), **SET, **dict.fromkeys(SECRETS, ascii_lowercase * 2)}
    )
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
    given = {"INSTANCE": str(tmp_path), **dict.fromkeys(SECRETS, ascii_lowercase * 2)}
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
    assert settings(given)["PERMANENT_SESSION_LIFETIME"] == timedelta(days=90)
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
    secrets = dict.fromkeys(SECRETS, ascii_lowercase * 2)
    found = settings({"INSTANCE": str(tmp_path), **SET, **secrets})
    assert found["SESSION_COOKIE_NAME"] == "__Host-session"
    app = create_app({**found, "TESTING": True})
    client = app.test_client()
    answer = client.get("/account/sign-up", base_url="https://portal.example")
    cookies = answer.headers.getlist("Set-Cookie")
    ours = next(one for one in cookies if one.startswith("__Host-session="))
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(ours.split("; "))
    assert "Domain" not in ours


def test_all_wrong_settings_are_said_at_once(tmp_path: Path) -> None:
    wrong = {
        "SERVER_NAME": "https://portal.example",
        "DATABASE_URL": "mysql://x",
        "MAIL_PORT": "smtp",
        "MAIL_BACKEND": "stmp",
        "MAIL_SERVER": "smtp.example.org:587",
        "MAIL_SENDER": "portal.example.org",
        "TRUSTED_PROXIES": "-1",
        "FILES_STORE": "nowhere",
        "SECURITY_LOG": "elsewhere",
        "SESSION_IDLE": "boss=1d",
    }
    with pytest.raises(ValueError, match="the settings are wrong") as refused:
        settings({"INSTANCE": str(tmp_path), **wrong})
    for name in set(wrong) - {"SESSION_IDLE"}:
        assert name in str(refused.value)
    assert "write boss=1d as one of" in str(refused.value)


@pytest.mark.parametrize("weak", ["changeme", "x" * 64, "0123456789"])
def test_production_refuses_secrets_that_can_be_guessed(tmp_path: Path, weak: str) -> None:
    given = dict.fromkeys(SECRETS, ascii_lowercase * 2)
    with pytest.raises(ValueError, match="AUDIT_KEY can be guessed"):
        settings({"INSTANCE": str(tmp_path), **SET, **given, "AUDIT_KEY": weak})
    found = settings({"INSTANCE": str(tmp_path), **given, "AUDIT_KEY": weak})
    assert found["AUDIT_KEY"] == weak


STRONG = ("older-key-made-by-chance-0123456789", "oldest-key-made-by-chance-0123456789")


@pytest.mark.parametrize("name", ["SECRET_KEY", "TWO_FACTOR_SECRET"])
@pytest.mark.parametrize("between", [" ", ", ", ",", "\n"])
def test_older_secrets_are_named_beside_the_newest(tmp_path: Path, name: str, between: str) -> None:
    given = {"INSTANCE": str(tmp_path), **SET, **dict.fromkeys(SECRETS, ascii_lowercase * 2)}
    assert settings(given)[f"{name}_FALLBACKS"] == ()
    found = settings({**given, f"{name}_FALLBACKS": between.join(STRONG)})
    assert found[f"{name}_FALLBACKS"] == STRONG
    for wrong in (f"{STRONG[0]} {ascii_lowercase * 2}", f"{STRONG[0]} {STRONG[0]}"):
        with pytest.raises(ValueError, match=f"{name}_FALLBACKS names") as refused:
            settings({**given, f"{name}_FALLBACKS": wrong})
        assert STRONG[0] not in str(refused.value)


@pytest.mark.parametrize("weak", ["short", "x" * 41])
def test_an_older_key_that_signs_must_not_be_guessed_in_production(
    tmp_path: Path, weak: str
) -> None:
    given = {"INSTANCE": str(tmp_path), **dict.fromkeys(SECRETS, ascii_lowercase * 2)}
    with pytest.raises(ValueError, match="SECRET_KEY_FALLBACKS has one that can be guessed") as no:
        settings({**given, **SET, "SECRET_KEY_FALLBACKS": weak})
    assert weak not in str(no.value)
    assert settings({**given, "SECRET_KEY_FALLBACKS": weak})["SECRET_KEY_FALLBACKS"] == (weak,)
    replaced = settings({**given, **SET, "TWO_FACTOR_SECRET_FALLBACKS": weak})
    assert replaced["TWO_FACTOR_SECRET_FALLBACKS"] == (weak,), "or nobody could replace it"


def database_said(url: str, **other: str) -> str:
    """What is said of the address of a database in production, "" where nothing is."""
    try:
        settings(
            {**SET, **dict.fromkeys(SECRETS, ascii_lowercase * 2), "DATABASE_URL": url, **other}
        )
    except ValueError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///", "sqlite:///:memory:"])
def test_production_keeps_nothing_in_memory_alone(url: str) -> None:
    assert "SQLite holds in memory ends with it" in database_said(url)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://portal:p@ss/word@db/portal",
        "postgresql://portal:p@ssword@db/portal",
        "postgresql://portal@db:port/portal",
    ],
)
def test_a_database_that_would_be_read_otherwise_is_refused(url: str) -> None:
    said = database_said(url)
    assert "in the password write @ as %40" in said
    assert "word" not in said.replace("password", "")
    assert (
        database_said(url.replace("p@ss", "p%40ss").replace("ss/w", "ss%2Fw").replace(":port", ""))
        == ""
    )


def test_a_host_is_that_of_browsers_however_it_was_typed(tmp_path: Path) -> None:
    """They ask in small letters: every page was refused where it was typed with a capital one."""
    secrets = dict.fromkeys(SECRETS, ascii_lowercase * 2)
    named = {"SERVER_NAME": "Portal.Example", "TRUSTED_HOSTS": "Health.Example"}
    found = settings({"INSTANCE": str(tmp_path), **SET, **secrets, **named})
    assert found["SERVER_NAME"] == "portal.example"
    assert found["TRUSTED_HOSTS"] == ["portal.example", "health.example"]


@pytest.mark.parametrize("host", ["portal..example", "-portal.example", ".example", "portal_x"])
def test_what_is_no_host_is_refused(tmp_path: Path, host: str) -> None:
    with pytest.raises(ValueError, match="set SERVER_NAME to a host"):
        settings({"INSTANCE": str(tmp_path), "SERVER_NAME": host})


def test_each_missing_setting_has_a_line_and_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="flask init FILE") as refused:
        settings({"INSTANCE": str(tmp_path), "PRODUCTION": "1"})
    lines = [line.strip() for line in str(refused.value).splitlines()]
    assert [f"{name}: {why}" for name, why in NEEDED.items() if f"{name}: {why}" not in lines] == []


def test_an_older_secret_may_have_spaces_and_commas(tmp_path: Path) -> None:
    """They are between two of the list: each of its parts was taken for one, and none was right."""
    older = "a phrase that somebody chose, long ago, of many words"
    given = {"INSTANCE": str(tmp_path), **SET, **dict.fromkeys(SECRETS, ascii_lowercase * 2)}
    name = "SECRET_KEY_FALLBACKS"
    assert settings({**given, name: json.dumps([older, STRONG[0]])})[name] == (older, STRONG[0])
    with pytest.raises(ValueError, match="with a space or comma in it") as refused:
        settings({**given, name: older})
    assert "phrase" not in str(refused.value)
    for wrong in ("[", "[1]", '[""]'):
        with pytest.raises(ValueError, match=f"set {name} to keys with spaces between"):
            settings({**given, name: wrong})


@pytest.mark.parametrize("name", ["SECRET_KEY_FALLBACK", "AUDIT_KEY_FALLBACKS"])
def test_a_name_that_nothing_reads_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=f"nothing reads {name}") as refused:
        settings({"INSTANCE": str(tmp_path), name: STRONG[0]})
    assert STRONG[0] not in str(refused.value)


@pytest.mark.parametrize("host", ["mail", "mail_catcher", "our_stack_mail.internal", "::1"])
def test_a_mail_server_may_be_called_as_containers_call_each_other(
    tmp_path: Path, host: str
) -> None:
    found = settings({"INSTANCE": str(tmp_path), "MAIL_SERVER": host})
    assert found["MAIL_SERVER"] == host


@pytest.mark.parametrize("host", ["mail catcher", "_", "mail:25", "https://mail_catcher"])
def test_what_is_no_host_is_refused_as_a_mail_server(tmp_path: Path, host: str) -> None:
    with pytest.raises(ValueError, match="MAIL_SERVER"):
        settings({"INSTANCE": str(tmp_path), "MAIL_SERVER": host})
