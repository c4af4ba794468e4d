"""The database is busy or gone, or the disk is full: a page says so, also to who is signed in."""

import errno
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from psycopg import errors as postgresql
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from portal.db import db
from portal.stores import Folder
from portal.web.unavailable import BUSY, FULL, GONE, reason
from tests.cast import Cast
from tests.conftest import make_app
from tests.pages import PageClient, sign_in
from tests.tables import fill


def of_database(problem: Exception) -> OperationalError:
    return OperationalError("SELECT 1", {}, problem)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (of_database(sqlite3.OperationalError("database is locked")), BUSY),
        (of_database(sqlite3.OperationalError("database or disk is full")), FULL),
        (of_database(sqlite3.OperationalError("attempt to write a readonly database")), FULL),
        (of_database(sqlite3.OperationalError("unable to open database file")), GONE),
        (of_database(sqlite3.OperationalError("no such column: nonsense")), ""),
        (of_database(postgresql.DeadlockDetected()), BUSY),
        (of_database(postgresql.DiskFull()), FULL),
        (of_database(postgresql.AdminShutdown()), GONE),
        (of_database(psycopg.OperationalError("connection refused")), GONE),
        (of_database(postgresql.UndefinedColumn()), ""),
        (NoConnectionFree("QueuePool limit"), BUSY),
        (OSError(errno.ENOSPC, "No space left on device"), FULL),
        (OSError(errno.EPERM, "Operation not permitted"), ""),
        (ValueError("full"), ""),
    ],
)
def test_why_it_cannot_be_done_now(error: Exception, words: str) -> None:
    assert reason(error) == words


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Flask]:
    """An application with a database of its own, which answers as a server does."""
    app = make_app(f"sqlite:///{tmp_path / 'portal.db'}", tmp_path, TESTING=False)
    app.test_client_class = PageClient
    with app.app_context():
        fill()
        yield app


def lose_database() -> None:
    """Let nobody connect any more."""
    db.session.rollback()
    db.engine.dispose()

    @event.listens_for(db.engine, "do_connect")
    def refuse(*_given: object) -> None:
        raise sqlite3.OperationalError("unable to open database file")


def test_without_a_database_pages_say_so_to_whoever_asks(house: Flask) -> None:
    cast = Cast()
    db.session.commit()
    signed_in = sign_in(house, cast.hin)
    assert signed_in.get("/home").status_code == 200
    lose_database()
    for browser in (signed_in, house.test_client()):
        page = browser.get("/search?q=falls")
        assert (page.status_code, page.headers["Retry-After"]) == (503, "30")
        assert GONE in page.text
        assert browser.get("/healthz").status_code == 200
        assert browser.get("/static/portal.css", buffered=True).status_code == 200
        assert browser.get("/readyz").status_code == 503
    sent = signed_in.post("/challenges/new", data={"title": "Too many falls"})
    assert sent.status_code == 503
    assert "Too many falls" in sent.text
    assert "SELECT" not in sent.text
    told = signed_in.get("/api/v1/innovations")
    assert (told.status_code, told.json["status"]) == (503, 503)


def test_what_is_no_lack_of_anything_stays_a_fault(
    house: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object) -> None:
        raise of_database(sqlite3.OperationalError("no such column: nonsense"))

    monkeypatch.setitem(house.view_functions, "pages.terms", broken)
    assert house.test_client().get("/terms").status_code in {302, 500}
    broken.is_public = True  # type: ignore[attr-defined]  # as the view that it stands for
    answer = house.test_client().get("/terms")
    assert answer.status_code == 500
    assert "problem with the service" in answer.text


def test_a_file_that_finds_no_room_leaves_nothing_behind(
    house: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int, _mode: str) -> object:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("portal.stores.os.fdopen", full)
    with pytest.raises(OSError, match="No space"):
        Folder().put("tasks", "a" * 32, b"words")
    assert not list(Path(house.config["INSTANCE"], "files").rglob("a*"))
