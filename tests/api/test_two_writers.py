"""Two who write at once, on PostgreSQL: no reader of the feed passes a change by."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from portal.accounts.models import ANONYMOUS
from portal.api.queries.changes import feed
from portal.challenges.models import Challenge, ChallengeState, Readers
from portal.db import db
from tests import makers
from tests.conftest import make_app
from tests.tables import fill


@pytest.fixture
def house(database: str, tmp_path: Path) -> Iterator[Flask]:
    """An application on a PostgreSQL of its own, where what is committed stays."""
    app = make_app(database, tmp_path)
    with app.app_context():
        fill()
        owner = makers.organisation("Somewhere")
        for title in ("First", "Second"):
            db.session.add(
                Challenge(
                    title=title,
                    problem="It is",
                    organisation=owner,
                    readers=Readers.PUBLIC,
                    state=ChallengeState.OPEN,
                )
            )
        db.session.commit()
    yield app
    with app.app_context():
        db.engine.dispose()


def change(app: Flask, title: str) -> None:
    """Change a challenge in a session of its own."""
    with app.app_context():
        row = db.session.query(Challenge).filter_by(title=title).one()
        row.problem = f"Changed {title}"
        db.session.commit()


def test_a_change_that_is_committed_later_never_has_a_smaller_number(house: Flask) -> None:
    has_written, may_go_on = threading.Event(), threading.Event()

    @event.listens_for(Session, "before_commit")
    def linger(session: Session) -> None:
        """Stay between the last statement of the first writer and its commit."""
        if threading.current_thread().name == "slow" and not session.in_nested_transaction():
            has_written.set()
            may_go_on.wait(10)

    def read(after: int) -> tuple[list[int], int]:
        with house.app_context():
            found = feed(ANONYMOUS, after, 100)
            return [one.change.noun_id for one in found.rows], found.last

    _, start = read(0)
    writers = [
        threading.Thread(target=change, args=(house, title), name=name)
        for title, name in (("First", "slow"), ("Second", "quick"))
    ]
    try:
        writers[0].start()
        assert has_written.wait(10)
        writers[1].start()
        writers[1].join(0.5)
        seen, here = read(start)
        may_go_on.set()
        for writer in writers:
            writer.join(10)
        more, _ = read(here)
    finally:
        may_go_on.set()
        event.remove(Session, "before_commit", linger)
    assert seen + more == [1, 2], "each is told, in the order of the commits"
