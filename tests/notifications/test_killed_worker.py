"""A worker that is killed while it posts or writes emails loses none and tells nobody twice."""

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.clock import clock_at, now
from portal.db import db, reading
from portal.notifications import outbox, services, tasks
from portal.notifications.models import Email, Kind, Notification, Rhythm
from tests import makers
from tests.conftest import make_app
from tests.killing import wait_until
from tests.tables import fill

NAMES = ("Ada Ash", "Ben Birch", "Cem Cedar", "Dot Damson")
ADDRESSES = [f"{name.lower().replace(' ', '.')}@example.org" for name in NAMES]


class Server:
    """A mail server that writes down what it takes: address and name of each message."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def open(self) -> None:
        """Be there."""

    def close(self) -> None:
        """Be gone."""

    def send_messages(self, messages: list[Any]) -> int:
        """Write them down, and say so unless it is slow."""
        with (self.folder / "took").open("a", encoding="utf-8") as file:
            for message in messages:
                print(message.to[0], message.extra_headers["Message-ID"], file=file)
        stop_while_slow(self.folder)
        return len(messages)


def stop_while_slow(folder: Path) -> None:
    """Leave a mark and go no further as long as the file `slow` is there."""
    while (folder / "slow").exists():
        (folder / "stopped").touch()
        time.sleep(0.05)


def killed_in(app: Flask, work: Callable[[], object], folder: Path) -> None:
    """Do the work in a process of its own and kill it where it stops: a copy of this one, so that
    nothing has to be loaded again."""
    (folder / "slow").touch()
    worker = os.fork()
    if worker == 0:
        with app.app_context():
            db.engine.dispose(close=False)
            work()
        os._exit(0)
    try:
        wait_until((folder / "stopped").exists)
    finally:
        os.kill(worker, signal.SIGKILL)
        os.waitpid(worker, 0)
    (folder / "slow").unlink()


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """An application on a database of its own, where what is committed stays."""
    app = make_app(f"sqlite:///{tmp_path / 'portal.db'}", tmp_path, SERVER_NAME="portal.example")
    monkeypatch.setattr(tasks.mail, "get_connection", lambda: Server(tmp_path), raising=False)
    with app.app_context():
        fill()
        yield app
        db.engine.dispose()


def took(folder: Path) -> Counter[str]:
    """How often the mail server took each message, by address and name."""
    file = folder / "took"
    return Counter(file.read_text().splitlines()) if file.exists() else Counter()


def still_waiting() -> int:
    """How many emails nobody has posted."""
    with reading():
        db.session.rollback()
        found = db.session.scalars(select(Email.id).where(Email.sent_at.is_(None))).all()
        db.session.rollback()
    return len(found)


def test_who_is_killed_between_the_servers_yes_and_the_note_posts_again_under_the_same_name(
    house: Flask, tmp_path: Path
) -> None:
    for address in ADDRESSES:
        outbox.post(address, "News", "It is here.")
    db.session.commit()
    killed_in(house, lambda: tasks.send(lambda *_: None), tmp_path)
    assert sum(took(tmp_path).values()) == 1
    assert still_waiting() == len(ADDRESSES)
    with clock_at(now() + timedelta(minutes=5)):
        for _ in range(2):
            tasks.send(lambda *_: None)
    assert still_waiting() == 0
    names = took(tmp_path)
    assert sorted(line.split()[0] for line in names) == ADDRESSES
    assert sorted(names.values()) == [1, 1, 1, 2], "only the one in hand, under its own name"


def test_who_is_killed_while_writing_what_waited_has_told_each_once_or_not_at_all(
    house: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = makers.organisation("Example Company")
    for number, name in enumerate(NAMES):
        user = makers.user(name)
        makers.membership(user, company)
        told = {"subject": f"News {number}", "body": "Here.", "url": "/programmes/7"}
        makers.put(Notification(user_id=user.id, kind=Kind.CHANGES, rhythm=Rhythm.DAILY, **told))
    db.session.commit()
    written: list[str] = []

    def stopping_at_the_second(person: Any, *args: Any, **more: Any) -> bool:
        was_any = post_waiting(person, *args, **more)
        written.append(person.email)
        if len(written) > 1:
            stop_while_slow(tmp_path)
        return was_any

    post_waiting = services.post_waiting
    monkeypatch.setattr(services, "post_waiting", stopping_at_the_second)
    killed_in(house, lambda: tasks.post_waiting(lambda *_: None), tmp_path)
    assert told_to() == [(ADDRESSES[0], "News 0")], "the second was not told at all"
    for _ in range(2):
        tasks.post_waiting(lambda *_: None)
    assert told_to() == [(one, f"News {number}") for number, one in enumerate(ADDRESSES)]


def told_to() -> list[tuple[str, str]]:
    """To whom what was written, by address."""
    found = [(one.address, one.subject) for one in db.session.scalars(select(Email))]
    db.session.rollback()
    return sorted(found)
