"""Events of security: each with who, where from and by what; rows for administrators, lines for the
logs."""

import json
import logging
import socket
import sqlite3
from unittest import mock

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from portal.accounts.models.security import SecurityEvent, SecurityKind
from portal.accounts.services import passwords, security
from portal.accounts.session.watching import handler_for
from portal.db import Base, db
from tests import makers
from tests.accounts.conftest import PASSWORD
from tests.accounts.test_signing_in import limited  # noqa: F401  # the fixture
from tests.accounts.test_two_factor import set_up
from tests.conftest import make_app

AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Gecko/20100101 Firefox/150.0"
FROM = {"REMOTE_ADDR": "192.0.2.7"}


def events(session, kind):
    session.expire_all()
    found = select(SecurityEvent).where(SecurityEvent.kind == kind).order_by(SecurityEvent.id)
    return session.scalars(found).all()


def sign_in(client, user, password):
    return client.post(
        "/account/sign-in",
        data={"email": user.email, "password": password},
        headers={"User-Agent": AGENT},
        environ_base=FROM,
    )


@pytest.fixture
def lines(caplog):
    """The lines of the log, as they are read by machines."""
    caplog.set_level(logging.INFO, logger="portal.security")
    return lambda: [json.loads(r.message) for r in caplog.records if r.name == "portal.security"]


def test_a_sign_in_good_and_bad_is_kept_with_address_and_device(
    client, cast, session, knows_password, lines
):
    user = knows_password(cast.innovator.user)
    sign_in(client, user, "wrong")
    (bad,) = events(session, SecurityKind.SIGN_IN_FAILED)
    assert (bad.address, bad.device, bad.user_id) == ("192.0.2.7", AGENT, None)
    assert bad.detail == f"as {user.email}"
    sign_in(client, user, PASSWORD)
    (good,) = events(session, SecurityKind.SIGNED_IN)
    assert (good.address, good.device, good.user_id) == ("192.0.2.7", AGENT, user.id)
    assert [line["event"] for line in lines()] == ["sign_in_failed", "signed_in"]
    assert lines()[1] == {
        "event": "signed_in",
        "at": good.at.isoformat(timespec="milliseconds"),
        "user_id": user.id,
        "detail": "signed in",
        "address": "192.0.2.7",
        "device": AGENT,
    }


def test_what_follows_a_request_in_its_thread_does_not_come_from_its_browser(client, session):
    client.get("/", headers={"User-Agent": AGENT}, environ_overrides=FROM)
    row = security.note(SecurityKind.GRANTED, "a job's")
    assert (row.address, row.device) == ("", "command or job")


@pytest.mark.parametrize("password", [PASSWORD, "wrong"])
def test_others_save_while_a_password_is_hashed(tmp_path, monkeypatch, password):
    """On SQLite, where one process writes at a time."""
    path = tmp_path / "portal.db"
    app = make_app(f"sqlite:///{path}", tmp_path)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        ida = makers.user("Ida Brown")
        ida.password = passwords.kept(PASSWORD)
        db.session.commit()
        email = ida.email
    real, met = passwords.verify_and_update_password, []

    def while_another_saves(typed, user):
        other = sqlite3.connect(path, timeout=0, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE user SET name = 'Ida White'")
        other.execute("COMMIT")
        other.close()
        met.append(user.email)
        return real(typed, user)

    monkeypatch.setattr(passwords, "verify_and_update_password", while_another_saves)
    client = app.test_client()
    answer = client.post("/account/sign-in", data={"email": email, "password": password})
    assert answer.status_code == (302 if password == PASSWORD else 200)
    assert met == [email]
    with app.app_context():
        kinds = db.session.scalars(select(SecurityEvent.kind)).all()
        assert kinds[-1:] == [
            SecurityKind.SIGNED_IN if password == PASSWORD else SecurityKind.SIGN_IN_FAILED
        ]
        db.engine.dispose()


def test_factors_and_proofs_are_kept(as_, cast, session, knows_password):
    knows_password(cast.innovator.user)
    browser = as_(cast.innovator)
    set_up(browser)
    details = [row.detail for row in events(session, SecurityKind.FACTOR)]
    assert details == ["turned on two-factor sign-in", "made new recovery codes"]
    browser.post("/account/prove", data={"password": "wrong"})
    (refused,) = events(session, SecurityKind.CONFIRM_FAILED)
    assert (refused.detail, refused.user_id) == ("wrong password", cast.innovator.user.id)


def test_refused_pages_and_downloads_are_kept(as_, cast, session):
    browser = as_(cast.hin)
    assert browser.get("/admin/people").status_code == 403
    (refused,) = events(session, SecurityKind.REFUSED)
    assert (refused.detail, refused.user_id) == ("GET /admin/people", cast.hin.user.id)
    assert browser.get("/innovations/download.csv?q=heart").status_code == 200
    (taken,) = events(session, SecurityKind.DOWNLOADED)
    assert taken.detail == "GET /innovations/download.csv"


def test_a_stranger_who_is_sent_to_sign_in_is_no_event(client, session):
    client.get("/admin/people")
    assert events(session, SecurityKind.REFUSED) == []


def test_too_many_tries_are_one_row_a_minute_and_a_line_each(limited, lines):  # noqa: F811  # the fixture
    for _ in range(14):
        limited.post("/account/password/forgotten", data={"email": "x@example.org"})
    with limited.application.app_context():
        kept = select(SecurityEvent).where(SecurityEvent.kind == SecurityKind.SLOWED_DOWN)
        assert len(db.session.scalars(kept).all()) == 1
    slowed = [line for line in lines() if line["event"] == "slowed_down"]
    assert len(slowed) == 4
    assert slowed[0]["detail"] == "POST /account/password/forgotten"


def test_rights_that_change_are_kept(as_, cast, session):
    url = f"/admin/people/{cast.innovator.user.id}/memberships/new"
    data = {"organisation": "Northgate Devices", "role": "innovator"}
    as_(cast.administrator).post(url, data=data)
    (granted,) = events(session, SecurityKind.GRANTED)
    assert granted.detail.startswith("added Ida Brown as innovator (organisation ")
    assert granted.user_id == cast.administrator.user.id


def test_what_is_taken_back_leaves_neither_row_nor_line(cast, session, lines):
    security.note(SecurityKind.GRANTED, "never", user=cast.hin.user.id)
    session.rollback()
    session.commit()
    assert lines() == []


def test_a_savepoint_sends_and_loses_nothing(cast, session, lines):
    security.note(SecurityKind.GRANTED, "outside", user=cast.hin.user.id)
    with session.begin_nested():
        pass
    assert lines() == []
    session.begin_nested().rollback()
    session.commit()
    assert [line["detail"] for line in lines()] == ["outside"]


def test_a_page_does_not_fail_where_the_event_cannot_be_written(as_, cast, session, lines):
    browser = as_(cast.hin)
    locked = OperationalError("INSERT", {}, Exception("database is locked"))
    with mock.patch.object(type(db.session), "commit", side_effect=locked):
        assert browser.get("/admin/people").status_code == 403
    assert [line["event"] for line in lines()] == ["refused"]
    assert events(session, SecurityKind.REFUSED) == []


def test_what_was_typed_begins_no_line_of_the_log(cast, session, lines):
    security.note(SecurityKind.SIGN_IN_FAILED, 'x\n{"event": "signed_in"}')
    session.commit()
    (line,) = lines()
    assert line["event"] == "sign_in_failed"


def test_administrators_search_and_take_the_list_and_nobody_else(
    as_, client, cast, session, knows_password
):
    user = knows_password(cast.innovator.user)
    sign_in(client, user, "wrong")
    browser = as_(cast.administrator)
    page = browser.get("/admin/security?kind=sign_in_failed&q=192.0.2").text
    assert "Sign-in refused" in page
    assert "Firefox on Windows" in page
    assert "No events found" in browser.get("/admin/security?q=203.0.113").text
    lines = browser.get("/admin/security.csv?kind=sign_in_failed").get_data().decode("utf-8-sig")
    assert lines.splitlines()[0] == "When,Event,Person,Detail,Network address,Device"
    assert "192.0.2.7" in lines
    assert as_(cast.national).get("/admin/security").status_code == 403


def test_the_list_takes_few_statements(as_, cast, session, statements):
    for number in range(30):
        security.note(SecurityKind.REFUSED, f"GET /{number}", user=cast.hin.user.id)
    session.commit()
    browser = as_(cast.administrator)
    with statements.at_most(8):
        browser.get("/admin/security")


def test_lines_go_to_syslog(app, cast, session):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as received:
        received.bind(("127.0.0.1", 0))
        received.settimeout(5)
        handler = handler_for(f"syslog:127.0.0.1:{received.getsockname()[1]}")
        security.logger.addHandler(handler)
        security.note(SecurityKind.REFUSED, "GET /admin", user=cast.hin.user.id)
        session.commit()
        said = received.recv(2000).decode().rstrip("\x00")
        security.logger.removeHandler(handler)
        handler.close()
    assert json.loads(said[said.index("{") :])["detail"] == "GET /admin"


def test_lines_go_to_standard_output(capsys):
    handler = handler_for("stdout")
    handler.emit(logging.makeLogRecord({"msg": '{"event": "refused"}'}))
    assert json.loads(capsys.readouterr().out)["event"] == "refused"
    assert handler_for("none") is None
