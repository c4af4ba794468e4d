"""Requests that name another host get nothing, and what the machine keeps is its owner's alone."""

import logging
import stat
from pathlib import Path
from string import ascii_lowercase

import pytest
from flask import Flask, request
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from config import SECRETS, settings
from portal.db import db
from tests.conftest import make_app
from tests.tables import fill

STRONG = dict.fromkeys(SECRETS, ascii_lowercase * 2)
PRODUCTION = {"PRODUCTION": "1", "SERVER_NAME": "portal.example", **STRONG}


@pytest.fixture
def served(tmp_path: Path):
    """A portal that knows its own name, behind one proxy."""
    app = make_app(
        f"sqlite:///{tmp_path / 'portal.db'}",
        tmp_path,
        SERVER_NAME="portal.example",
        TRUSTED_HOSTS=["portal.example", "10.0.0.5"],
        TRUSTED_PROXIES=1,
    )
    with app.app_context():
        fill()
    yield app
    with app.app_context():
        db.engine.dispose()


def test_another_host_is_refused_with_a_page(served: Flask) -> None:
    client = served.test_client()
    assert client.get("/account/sign-in", base_url="https://portal.example").status_code == 200
    assert client.get("/healthz", base_url="http://10.0.0.5").status_code == 200
    for host in ("evil.example", "portal.example.evil.example", "x.portal.example", "[::1]"):
        answer = client.get("/account/sign-in", base_url=f"https://{host}")
        assert answer.status_code == 400
        assert "evil" not in answer.text


def test_a_forwarded_host_changes_nothing(served: Flask) -> None:
    told = []
    served.before_request(lambda: told.append((request.host, request.remote_addr)))
    answer = served.test_client().get(
        "/account/sign-in",
        base_url="https://portal.example",
        headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-For": "192.0.2.7"},
    )
    assert told == [("portal.example", "192.0.2.7")]
    assert "evil" not in answer.text


def test_production_trusts_its_own_name(tmp_path: Path) -> None:
    given = {"INSTANCE": str(tmp_path), **PRODUCTION}
    assert settings(given)["TRUSTED_HOSTS"] == ["portal.example"]
    more = settings({**given, "SERVER_NAME": "portal.example:8443", "TRUSTED_HOSTS": "10.0.0.5"})
    assert more["TRUSTED_HOSTS"] == ["portal.example", "10.0.0.5"]
    assert settings({"INSTANCE": str(tmp_path)})["TRUSTED_HOSTS"] is None


def test_the_subdomains_are_asked_over_https_too(served: Flask) -> None:
    answer = served.test_client().get("/healthz", base_url="https://portal.example")
    assert "includeSubDomains" in answer.headers["Strict-Transport-Security"]


def test_databases_are_readable_by_their_owner_alone(served: Flask, tmp_path: Path) -> None:
    with served.app_context():
        db.session.execute(text("CREATE TABLE one (a INTEGER)"))
        db.session.commit()
    found = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob("*.db*")}
    assert {"portal.db", "jobs.db"} <= set(found)
    assert set(found.values()) == {0o600}, found


def test_a_database_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    path.touch(0o644)
    app = make_app(f"sqlite:///{path}", tmp_path)
    with app.app_context():
        db.session.execute(text("SELECT 1"))
        db.engine.dispose()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_no_parameter_of_a_statement_is_told(served: Flask, caplog) -> None:
    with served.app_context(), caplog.at_level(logging.INFO, logger="sqlalchemy.engine"):
        row = text("INSERT INTO attempt_count VALUES (:key, 1, '2026-01-01')")
        asked = {"key": "a secret address"}
        db.session.execute(row, asked)
        with pytest.raises(IntegrityError) as refused:
            db.session.execute(row, asked)
        db.session.rollback()
    assert "secret" not in str(refused.value)
    assert "secret" not in caplog.text


# Whom to tell


def test_whom_to_tell_of_a_vulnerability_is_where_tools_look(served: Flask) -> None:
    client = served.test_client()
    address = "/.well-known/security.txt"
    served.config["DISCLOSURE_CONTACT"] = ""
    assert client.get(address, base_url="https://portal.example").status_code == 302
    served.config["DISCLOSURE_CONTACT"] = "mailto:security@portal.example"
    served.config["DISCLOSURE_EXPIRES"] = "2027-06-30T00:00:00Z"
    answer = client.get(address, base_url="https://portal.example")
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    assert answer.text.splitlines()[:3] == [
        "Contact: mailto:security@portal.example",
        "Expires: 2027-06-30T00:00:00Z",
        "Preferred-Languages: en",
    ]


@pytest.mark.parametrize("said", ["", "soon", "2027-06-30", "2027-06-30T00:00:00"])
def test_a_contact_needs_a_day_until_when_it_holds(tmp_path: Path, said: str) -> None:
    given = {"INSTANCE": str(tmp_path), "DISCLOSURE_CONTACT": "mailto:a@b.example"}
    with pytest.raises(ValueError, match="DISCLOSURE_EXPIRES"):
        settings({**given, "DISCLOSURE_EXPIRES": said})
    assert settings({**given, "DISCLOSURE_EXPIRES": "2027-06-30T00:00:00Z"})
