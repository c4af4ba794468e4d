"""A messy list with its support goes in over HTTP, with a real worker beside the server, while
somebody else saves: looked at, brought in, undone, brought in again by two workers."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from benchmarks.browsing import Browser
from benchmarks.importing import world
from benchmarks.importing_files import as_csv, as_xlsx, rows
from benchmarks.importing_served import DONE, VERDICT, Bringing
from portal.accounts.models import Membership, User
from portal.accounts.rules import new_token
from portal.accounts.services import open_session
from portal.db import db, reading, writing
from portal.innovations.models import Innovation
from portal.support.models import Engagement
from tests.killing import working
from tests.pages import client_with
from tests.serving import served

ROWS = 10
"""One of them has no name, so that nine can be brought in."""
WORKER = "tests.imports.worker"


def cookie_of(app: Flask, membership_id: int) -> str:
    """Open a session of a person and return its cookie."""
    membership = db.session.get_one(Membership, membership_id)
    token = new_token()
    open_session(user=membership.user, token=token, membership=membership)
    uniquifier = membership.user.fs_uniquifier
    db.session.commit()
    found = client_with(app, uniquifier, token).get_cookie("session")
    assert found is not None
    return found.value


def counted(of: type[Innovation] | type[Engagement]) -> int:
    with reading():
        db.session.rollback()
        found = db.session.scalar(select(func.count(of.id))) or 0
        db.session.rollback()
    return found


@contextmanager
def saving(app: Flask, user_id: int) -> Iterator[list[str]]:
    """Let somebody else save all the while; yields what came of it."""
    told: list[str] = []
    done = threading.Event()

    def save() -> None:
        while not done.wait(0.05):
            with app.app_context(), writing():
                named = update(User).where(User.id == user_id).values(name=f"Saved {len(told)}")
                db.session.execute(named)
            told.append("saved")

    other = threading.Thread(target=save, daemon=True)
    other.start()
    try:
        yield told
    finally:
        done.set()
        other.join()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_messy_list_is_brought_in_undone_and_brought_in_by_the_next_worker(
    tmp_path: Path, kind: str
) -> None:
    make: Callable[[list[tuple[str, ...]]], bytes] = {"csv": as_csv, "xlsx": as_xlsx}[kind]
    with world(tmp_path) as (app, membership_id, user_id):
        email = db.session.get_one(Membership, membership_id).user.email
        data, url = make(rows([], email, ROWS)), f"sqlite:///{tmp_path / 'portal.db'}"
        cookie = cookie_of(app, membership_id)
        with served(app) as address, saving(app, user_id) as saves:
            hana = Bringing(Browser(address, cookie=cookie), looks_every=0.5)
            with working(WORKER, url, tmp_path):
                hana.send(f"list.{kind}", data)
                hana.wait()
                assert hana.said(VERDICT) == {"New": ROWS - 1, "Wrong": 1}
                hana.press("/apply")
                hana.wait()
                assert hana.said(DONE) == {"Made": ROWS - 1, "Not brought in": 1}
                assert counted(Innovation) == counted(Engagement) == ROWS - 1
                hana.confirm("/undo")
                hana.wait()
                assert hana.said(DONE) == {"Undone": ROWS - 1, "Not brought in": 1}
                assert counted(Innovation) == counted(Engagement) == 0
                hana.send(f"list.{kind}", data)
                hana.wait()
            hana.press("/apply")
            with working(WORKER, url, tmp_path) as until:
                until(lambda: counted(Innovation) >= 3)
            assert counted(Innovation) < ROWS
            with working(WORKER, url, tmp_path):
                hana.wait()
                assert hana.said(DONE) == {"Made": ROWS - 1, "Not brought in": 1}
                assert counted(Innovation) == counted(Engagement) == ROWS - 1
                hana.send(f"list.{kind}", data)
                hana.wait()
                assert hana.said(VERDICT) == {"The same": ROWS - 1, "Wrong": 1}
            assert len(saves) > 10
