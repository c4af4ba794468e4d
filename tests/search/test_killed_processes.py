"""Web process, worker and indexer are killed at random: the index still becomes the truth."""

import random
import subprocess
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.db import db
from portal.innovations.models import Innovation, Sharing
from portal.jobs import Job, JobState, run_waiting, sweep
from portal.search import services
from portal.search.indexing import opening
from portal.search.indexing.reading import differences, waiting
from tests import makers
from tests.cast import Cast
from tests.conftest import make_app
from tests.killing import kill, start
from tests.tables import fill

RECORDS, ROUNDS = 25, 2


def started(url: str, folder: Path, what: str) -> "subprocess.Popen[str]":
    return start("-m", "tests.search.worker", url, folder, what)


def killed_at_random(processes: list["subprocess.Popen[str]"], chance: random.Random) -> None:
    """Wait until all are at work, then kill them one after another."""
    for one in processes:
        assert one.stdout is not None
        assert one.stdout.readline() == "begun\n"
    for one in chance.sample(processes, len(processes)):
        time.sleep(chance.uniform(0.05, 0.6))  # not for anything: they are killed anywhere
        kill(one)


@pytest.mark.slow
def test_after_any_kill_the_index_equals_the_database(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'portal.db'}"
    app = make_app(url, tmp_path)
    chance = random.Random(11)  # noqa: S311 - when to kill, not a secret
    with app.app_context():
        fill()
        cast = Cast()
        for number in range(RECORDS):
            makers.innovation(f"Kiwi {number}", of=cast.innovator, sharing=Sharing.PUBLIC)
        db.session.commit()
        services.rebuild()
        before = set(db.session.scalars(select(Innovation.name)))
        db.session.rollback()
        for _ in range(ROUNDS):
            processes = [started(url, tmp_path, what) for what in ("write", "work", "rebuild")]
            killed_at_random(processes, chance)
        assert set(db.session.scalars(select(Innovation.name))) != before
        db.session.rollback()
        # What a worker does when it is started again.
        sweep()
        run_waiting()
        assert not waiting(limit=1)
        assert not opening.with_index(differences)
        assert not db.session.scalars(select(Job).where(Job.state == JobState.RUNNING)).all()
        db.session.rollback()
        db.engine.dispose()
        opening.let_go()
