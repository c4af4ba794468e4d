"""Emails outlive a mail server that is silent, refuses for a while, or is gone."""

import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from flask import Flask
from flask_mailman.backends.smtp import EmailBackend
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clock import clock_at, now
from portal.jobs import run_waiting
from portal.notifications import outbox, tasks
from portal.notifications.models import MAX_ATTEMPTS, Email, Notification
from portal.web.fields import as_email
from tests.cast import Cast


class Server:
    """A mail server that refuses some addresses."""

    def __init__(self) -> None:
        self.refuses: set[str] = set()
        self.took: list[str] = []

    def open(self) -> None:
        """Be there."""

    def close(self) -> None:
        """Be gone."""

    def send_messages(self, messages: list[Any]) -> int:
        """Take the messages, unless they are for somebody who is refused."""
        for message in messages:
            if message.to[0] in self.refuses:
                raise SMTPRecipientsRefused({message.to[0]: (450, b"greylisted")})
            self.took.append(message.to[0])
        return len(messages)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    found = Server()
    monkeypatch.setattr(tasks.mail, "get_connection", lambda: found, raising=False)
    return found


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of a server that accepts and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        yield door.getsockname()[1]


def _email(session: Session, address: str) -> Email:
    found = session.scalars(select(Email).where(Email.address == address)).one()
    session.refresh(found)
    return found


def test_a_server_that_says_nothing_is_left_soon(
    app: Flask, session: Session, silent: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = EmailBackend(host="127.0.0.1", port=silent, timeout=0.2)
    monkeypatch.setattr(tasks.mail, "get_connection", lambda: backend, raising=False)
    outbox.post("a@example.org", "s", "b")
    session.commit()
    begun = time.monotonic()
    run_waiting()
    assert time.monotonic() - begun < 5
    email = _email(session, "a@example.org")
    assert email.sent_at is None
    assert email.next_at is not None
    assert "time" in (email.error or "").casefold()


def test_the_server_is_given_a_time_by_setting(app: Flask) -> None:
    assert app.extensions["mailman"].timeout == 20


def test_an_email_that_is_refused_for_a_while_holds_up_no_other(
    session: Session, server: Server
) -> None:
    server.refuses.add("grey@example.org")
    outbox.post("grey@example.org", "s", "b")
    outbox.post("a@example.org", "s", "b")
    session.commit()
    run_waiting()
    assert server.took == ["a@example.org"]
    grey = _email(session, "grey@example.org")
    assert grey.attempts == 1
    outbox.post("b@example.org", "s", "b")
    session.commit()
    run_waiting()
    assert _email(session, "grey@example.org").attempts == 1, "a new email tries no other again"
    server.refuses.clear()
    with clock_at(now() + timedelta(minutes=2)):
        outbox.post("c@example.org", "s", "b")
        session.commit()
        run_waiting()
    assert server.took == ["a@example.org", "b@example.org", "grey@example.org", "c@example.org"]


def test_after_two_days_administrators_are_told_once(
    session: Session, cast: Cast, server: Server
) -> None:
    server.refuses.add("gone@example.org")
    outbox.post("gone@example.org", "s", "b")
    session.commit()
    email = _email(session, "gone@example.org")
    email.attempts = MAX_ATTEMPTS - 1
    session.commit()
    run_waiting()
    run_waiting()
    told = session.scalars(select(Notification)).all()
    assert [one.user_id for one in told] == [cast.administrator.user.id]
    assert told[0].subject == "1 email could not be sent"


def test_the_pauses_come_to_nearly_two_days() -> None:
    whole = sum((tasks.pause(n) for n in range(1, MAX_ATTEMPTS)), timedelta())
    assert timedelta(hours=33) < whole < timedelta(hours=56)
    assert len({tasks.pause(3) for _ in range(9)}) > 1, "they do not come back together"


def test_an_email_that_another_worker_posts_is_left_alone(session: Session, server: Server) -> None:
    outbox.post("a@example.org", "s", "b")
    session.commit()
    email = _email(session, "a@example.org")
    as_read_before = Email(id=email.id, attempts=0)
    assert tasks._claim(email)
    assert not tasks._claim(as_read_before)


@pytest.mark.parametrize("address", ["jös\u00e9@example.org", "józef@example.org"])
def test_an_address_that_the_server_cannot_take_is_refused_at_the_form(address: str) -> None:
    assert as_email(address) is None
    assert as_email("jose@exämple.org") is not None
