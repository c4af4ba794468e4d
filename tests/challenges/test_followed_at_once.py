"""Somebody follows a challenge, or stops, in several tabs at the same moment, on PostgreSQL."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.models import Actor
from portal.challenges.models import Challenge, ChallengeFollower
from portal.challenges.services.following import set_following
from portal.db import db
from tests.answers import makers
from tests.cast import Cast
from tests.conftest import make_app
from tests.tables import fill

TABS = 4


@pytest.fixture
def served(database: str, tmp_path: Path) -> Iterator[tuple[Flask, Actor]]:
    """An application over a database of its own with an open challenge, and who follows it."""
    app = make_app(database, tmp_path)
    with app.app_context():
        fill()
        cast = Cast()
        makers.stated(cast)
        db.session.commit()
        follower = cast.innovator.actor
    yield app, follower
    with app.app_context():
        db.engine.dispose()


def _at_once(app: Flask, by: Actor, *, is_following: bool) -> int:
    """Say it in every tab at once; returns how many follow afterwards."""
    barrier = Barrier(TABS)

    def say(_tab: int) -> None:
        with app.app_context():
            challenge = db.session.scalars(select(Challenge)).one()
            barrier.wait()
            set_following(challenge=challenge, is_following=is_following, by=by)
            db.session.commit()

    with ThreadPoolExecutor(TABS) as pool:
        list(pool.map(say, range(TABS)))
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(ChallengeFollower)) or 0


def test_following_and_stopping_in_several_tabs_is_done_once(served: tuple[Flask, Actor]) -> None:
    app, follower = served
    for _ in range(5):
        assert _at_once(app, follower, is_following=True) == 1
        assert _at_once(app, follower, is_following=False) == 0
