"""Events of security: each with who, where from and by what; rows for administrators, lines for the
logs."""

import json
import logging
import re
import socket
import sqlite3
from datetime import timedelta
from io import BytesIO
from unittest import mock

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask_security.confirmable import generate_confirmation_token
from flask_security.recoverable import generate_reset_password_token
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError, OperationalError

from portal.accounts.models import Invitation, Organisation, Role, UserSession
from portal.accounts.models.security import SecurityEvent, SecurityKind
from portal.accounts.rules import hashed as token_hash
from portal.accounts.services import open_session, passwords, security
from portal.accounts.session import watching
from portal.accounts.session.watching import handler_for
from portal.clock import now
from portal.db import db, migrations
from tests import makers
from tests.accounts.conftest import PASSWORD
from tests.accounts.test_signing_in import limited  # noqa: F401  # the fixture
from tests.accounts.test_two_factor import set_up
from tests.conftest import make_app
from tests.pages import client_with
from tests.postgres import fresh_database
from tests.tables import fill

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


def while_another_saves(monkeypatch, path):
    """Let another process save in the middle of every hash; returns how often that was."""
    met = []

    def between(real):
        def hashing(*given):
            other = sqlite3.connect(path, timeout=0, isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            other.execute("UPDATE organisation SET website = 'https://saved.example'")
            other.execute("COMMIT")
            other.close()
            met.append(real.__name__)
            return real(*given)

        return hashing

    for name in ("verify_and_update_password", "hash_password"):
        monkeypatch.setattr(passwords, name, between(getattr(passwords, name)))
    return met


NEW = "ladder copper meadow"


@pytest.mark.parametrize("page", ["confirm", "reset", "invitation", "sign_up", "change"])
def test_others_save_while_a_page_hashes_a_password(tmp_path, monkeypatch, page):
    """On SQLite, where one process writes at a time: each page hashes first and writes then."""
    path = tmp_path / "portal.db"
    app = make_app(f"sqlite:///{path}", tmp_path)
    with app.app_context():
        fill()
        ida = makers.user("Ida Brown", confirmed_at=None if page == "confirm" else now())
        ida.password = passwords.kept(PASSWORD)
        maker = makers.organisation("Ivy's")
        makers.put(
            Invitation(
                organisation=maker,
                email="ivy@example.org",
                role=Role.INNOVATOR,
                token_hash=token_hash("invited"),
                expires_at=now() + timedelta(days=1),
            )
        )
        db.session.commit()
        with app.test_request_context():
            tokens = generate_confirmation_token(ida), generate_reset_password_token(ida)
        open_session(user=ida, token="t", membership=makers.membership(ida, maker))
        db.session.commit()
        known = client_with(app, ida.fs_uniquifier, "t")
    browser = known if page == "change" else app.test_client()
    twice = {"password": NEW, "again": NEW}
    path_of, data = {
        "confirm": (f"/account/confirm/{tokens[0]}", {"password": PASSWORD}),
        "reset": (f"/account/password/reset/{tokens[1]}", twice),
        "invitation": ("/account/invitations/invited", {"name": "Ivy", **twice}),
        "sign_up": ("/account/sign-up", {"name": "Ivo", "email": "ivo@example.org", **twice}),
        "change": ("/account/password", {"current": PASSWORD, **twice}),
    }[page]
    met = while_another_saves(monkeypatch, path)
    answer = browser.post(path_of, data=data)
    assert answer.status_code == 302, answer.text[:3_000]
    assert met
    with app.app_context():
        assert db.session.scalar(select(Organisation.website)) == "https://saved.example"
        db.engine.dispose()


@pytest.mark.parametrize("password", [PASSWORD, "wrong"])
def test_others_save_while_a_password_is_hashed(tmp_path, monkeypatch, password):
    """On SQLite, where one process writes at a time."""
    path = tmp_path / "portal.db"
    app = make_app(f"sqlite:///{path}", tmp_path)
    with app.app_context():
        fill()
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


KEPT = "SELECT count(*) FROM security_event"


@pytest.mark.parametrize("made_by", ["models", "migrations"])
def test_the_database_lets_events_be_deleted_by_age_alone(database_url, tmp_path, made_by):
    changes = [
        "UPDATE security_event SET detail = 'nothing'",
        "UPDATE security_event SET address = 'elsewhere', words_erased_at = at",
        "DELETE FROM security_event WHERE detail = 'new'",
    ]
    on_sqlite = database_url.startswith("sqlite")
    replace = "INSERT OR REPLACE INTO security_event SELECT * FROM security_event"
    changes.append(replace if on_sqlite else "TRUNCATE security_event")
    with fresh_database(database_url, tmp_path / "guarded.db") as url:
        app = make_app(url, tmp_path)
        with app.app_context():
            fill() if made_by == "models" else migrations.upgrade()
            security.note(SecurityKind.SIGNED_IN, "new")
            security.note(SecurityKind.SIGNED_IN, "old").at -= timedelta(days=181)
            db.session.commit()
            for change in changes:
                with pytest.raises(DatabaseError, match="append-only"):
                    db.session.execute(text(change))
                db.session.rollback()
            db.session.execute(text("UPDATE security_event SET detail = '', words_erased_at = at"))
            db.session.rollback()
            db.session.execute(text("DELETE FROM security_event WHERE detail = 'old'"))
            assert db.session.scalar(text(KEPT)) == 1
            db.session.rollback()
            db.engine.dispose()


def test_administrators_read_on_whose_account_a_sign_in_was_tried(client, as_, cast, session):
    user = cast.innovator.user
    for email in (user.email.upper(), "nobody@example.org"):
        client.post("/account/sign-in", data={"email": email, "password": "wrong"})
    browser = as_(cast.administrator)
    page = browser.get("/admin/security?kind=sign_in_failed").text
    assert page.count(f"Tried on the account of {user.name}") == 1
    saved = browser.get(f"/admin/security.csv?q={user.name.split()[0]}").get_data(as_text=True)
    assert f"Tried on the account of {user.name}" in saved


def test_files_that_are_refused_for_what_they_hold_are_kept(as_, cast, session):
    record = makers.innovation(of=cast.innovator)
    makers.evidence("A year of use", of=record)
    browser, page = as_(cast.innovator), f"/innovations/{record.id}/edit/evidence/1/files"
    version = re.search(r'name="version" value="(\d+)"', browser.get(page).text)[1]
    data = {"file": (BytesIO(b"MZ\x90\x00"), "plan.pdf"), "version": version}
    assert "is not a PDF" in browser.post(page, data=data).text
    (event,) = events(session, SecurityKind.FILE_REFUSED)
    assert event.user_id == cast.innovator.user.id
    assert event.detail == (
        f"The selected file is not a PDF, as its name says: plan.pdf, POST {page}"
    )


def test_a_form_of_no_page_of_ours_is_an_event(app, as_, cast, session, client, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    browser = as_(cast.innovator)
    assert browser.post("/account/name", data={"name": "Mallory"}).status_code == 400
    assert client.post("/account/sign-in", data={"email": "a@b.example"}).status_code == 400
    told = [one.detail for one in events(session, SecurityKind.REFUSED)]
    assert told == ["form of no page of ours: POST /account/name"]  # a row a minute: 16.3.3


def test_closing_and_opening_an_account_asks_for_a_proof(as_, cast, session):
    browser, page = as_(cast.administrator), f"/admin/people/{cast.innovator.user.id}"
    session.execute(update(UserSession).values(proved_at=now() - timedelta(minutes=16)))
    session.commit()
    for step in ("deactivate", "reactivate"):
        answer = browser.post(f"{page}/{step}")
        assert answer.location.startswith("/account/prove"), step
    session.expire_all()
    assert cast.innovator.user.active


def test_a_cookie_signed_the_old_way_is_ended(app, as_, cast):
    browser = as_(cast.innovator)
    assert browser.get("/account").status_code == 200
    with browser.session_transaction() as cookie:
        held = dict(cookie)
    old = SecureCookieSessionInterface().get_signing_serializer(app).dumps(held)
    new = app.session_interface.get_signing_serializer(app).dumps(held)
    for value, status in ((new, 200), (old, 302)):
        browser.set_cookie(app.config["SESSION_COOKIE_NAME"], value)
        assert browser.get("/account").status_code == status


@pytest.mark.parametrize("page", ["/impact/answer/abc", "/unsubscribe/abc", "/account/confirm/abc"])
def test_a_link_of_an_email_is_told_by_its_pattern(app: Flask, page: str) -> None:
    with app.test_request_context(page):
        assert "abc" not in watching._what()
