"""Emails leave by GOV.UK Notify, held against a server that answers as its API is described."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import settings
from portal.clock import now
from portal.notifications import outbox, queries
from portal.notifications.models import MAX_ATTEMPTS, Email, Kind
from portal.notifications.tasks import send
from portal.notify import Key
from tests.cast import Cast

SERVICE = "8b5f1d0a-0000-4000-8000-aaaaaaaaaaaa"
SECRET = "3e2d7c11-0000-4000-8000-bbbbbbbbbbbb"  # of no service
KEY = f"portal-live-key-{SERVICE}-{SECRET}"
TEMPLATE = "11111111-2222-4333-8444-555555555555"


class Notify(BaseHTTPRequestHandler):
    """What the API does: who asks is checked by hand, without the library that signs."""

    asked: list[dict[str, Any]]
    answers: list[tuple[int, str, str]]

    def do_POST(self) -> None:
        """Take an email, or say what is wrong with it."""
        size = int(self.headers["content-length"])
        said = json.loads(self.rfile.read(size))
        problem = self._problem(said)
        if problem is None:
            type(self).asked.append(said)
            self._answer(201, {"id": "740e5834-3a29-46b4-9a6f-16142fde533a"})
        else:
            code, error, words = problem
            self._answer(
                code, {"status_code": code, "errors": [{"error": error, "message": words}]}
            )

    def _problem(self, said: dict[str, Any]) -> tuple[int, str, str] | None:
        if self.path != "/v2/notifications/email" or not self._is_ours():
            return 403, "AuthError", "Invalid token: API key not found"
        if said["template_id"] != TEMPLATE or {*said["personalisation"]} != {"subject", "body"}:
            return 400, "BadRequestError", "Missing personalisation: body"
        if said["email_address"].startswith("wrong"):
            return 400, "ValidationError", "email_address Not a valid email address"
        return type(self).answers.pop(0) if type(self).answers else None

    def _is_ours(self) -> bool:
        token = self.headers["authorization"].removeprefix("Bearer ")
        head, claims, signature = token.split(".")
        signed = hmac.new(SECRET.encode(), f"{head}.{claims}".encode(), hashlib.sha256).digest()
        expected = base64.urlsafe_b64encode(signed).decode().rstrip("=")
        told = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
        in_time = abs(told["iat"] - now().timestamp()) < 30
        return signature == expected and told["iss"] == SERVICE and in_time

    def _answer(self, code: int, said: dict[str, Any]) -> None:
        body = json.dumps(said).encode()
        self.send_response(code)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def notify(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Notify]]:
    """A server on a port of its own, and the application set to post by it."""
    Notify.asked, Notify.answers = [], []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Notify)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setattr(app.extensions["mailman"], "backend", "portal.notify.EmailBackend")
    port = server.server_address[1]
    said = {
        "NOTIFY_API_KEY": KEY,
        "NOTIFY_TEMPLATE": TEMPLATE,
        "NOTIFY_ADDRESS": f"http://127.0.0.1:{port}",
        "SERVER_NAME": "portal.example",
        "PREFERRED_URL_SCHEME": "https",
    }
    for name, value in said.items():
        monkeypatch.setitem(app.config, name, value)
    yield Notify
    server.shutdown()
    thread.join()
    server.server_close()


def run() -> None:
    send(lambda *_, **__: None)


def only(session: Session) -> Email:
    return session.scalars(select(Email)).one()


def test_an_email_arrives_with_its_words_and_its_way_out(
    cast: Cast, notify: type[Notify], session: Session
) -> None:
    person = cast.ics.user
    outbox.post(person.email, "New on falls", "Read it", user_id=person.id, kind=Kind.EXCHANGE)
    outbox.post(person.email, "Your password", "Choose one", user_id=person.id)
    session.commit()
    run()
    told = {one["personalisation"]["subject"]: one for one in notify.asked}
    news, account = told["New on falls"], told["Your password"]
    assert news["email_address"] == person.email
    assert "Read it" in news["personalisation"]["body"]
    assert news["one_click_unsubscribe_url"].startswith("https://portal.example/unsubscribe/")
    assert news["reference"].startswith("portal-")
    assert "one_click_unsubscribe_url" not in account
    rows = session.scalars(select(Email)).all()
    assert all(row.sent_at and row.body == "" for row in rows)


def test_an_address_that_it_does_not_take_gets_no_more(
    notify: type[Notify], session: Session
) -> None:
    outbox.post("wrong@example.org", "Hello", "Words")
    session.commit()
    run()
    stopped = queries.stopped("wrong@example.org")
    assert stopped is not None
    assert "Not a valid email address" in stopped.reason
    assert only(session).attempts == MAX_ATTEMPTS
    assert notify.asked == []


@pytest.mark.parametrize("answer", [(429, "RateLimitError", "Exceeded"), (503, "Error", "Down")])
def test_a_limit_or_a_fault_lets_the_rest_wait(
    notify: type[Notify], session: Session, answer: tuple[int, str, str]
) -> None:
    notify.answers = [answer]
    for number in range(3):
        outbox.post(f"p{number}@example.org", "Hello", "Words")
    session.commit()
    run()
    rows = session.scalars(select(Email).order_by(Email.id)).all()
    assert [row.attempts for row in rows] == [1, 0, 0]
    assert answer[2] in (rows[0].error or "")
    assert [row.sent_at for row in rows] == [None, None, None]


def test_a_wrong_key_is_said_in_words_and_tried_again(
    app: Flask, notify: type[Notify], session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "NOTIFY_API_KEY", KEY.replace("bbbb", "cccc"))
    outbox.post("p@example.org", "Hello", "Words")
    session.commit()
    run()
    row = only(session)
    assert "403: Invalid token" in (row.error or "")
    assert (row.sent_at, row.attempts) == (None, 1)
    assert queries.stopped("p@example.org") is None


def test_nobody_there_is_tried_again(
    app: Flask, notify: type[Notify], session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "NOTIFY_ADDRESS", "http://127.0.0.1:9")
    outbox.post("p@example.org", "Hello", "Words")
    session.commit()
    run()
    assert "no answer" in (only(session).error or "")


def test_settings_without_a_key_or_with_half_of_one_are_refused(tmp_path: Path) -> None:
    given = {"INSTANCE": str(tmp_path), "MAIL_BACKEND": "notify"}
    with pytest.raises(ValueError, match="NOTIFY_API_KEY and NOTIFY_TEMPLATE"):
        settings(given)
    with pytest.raises(ValueError, match="Notify gives it"):
        settings({**given, "NOTIFY_API_KEY": "short", "NOTIFY_TEMPLATE": TEMPLATE})
    found = settings({**given, "NOTIFY_API_KEY": KEY, "NOTIFY_TEMPLATE": TEMPLATE})
    assert found["MAIL_BACKEND"] == "portal.notify.EmailBackend"
    assert Key.of(KEY) == Key(SERVICE, SECRET)
