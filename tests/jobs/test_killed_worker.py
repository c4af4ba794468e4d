"""A worker killed in the middle loses no job."""

from pathlib import Path

import pytest
from sqlalchemy import select

from portal.db import db, reading
from portal.jobs import Job, JobState, enqueue
from tests.conftest import make_app
from tests.killing import working
from tests.tables import fill


@pytest.mark.slow
def test_a_job_whose_worker_was_killed_is_done_by_the_next(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'portal.db'}"
    app = make_app(url, tmp_path)
    (tmp_path / "slow").touch()
    with app.app_context():
        fill()
        for number in range(3):
            enqueue("test.slow", number=number)
        db.session.commit()
        with working("tests.jobs.worker", url, tmp_path) as until:
            until((tmp_path / "started-0").exists)
        assert not (tmp_path / "ended-0").exists()
        (tmp_path / "slow").unlink()
        with working("tests.jobs.worker", url, tmp_path) as until:
            until(lambda: all((tmp_path / f"ended-{n}").exists() for n in range(3)))
            until(lambda: set(states()) == {JobState.DONE})
        db.engine.dispose()


def states() -> list[JobState]:
    """How every job stands now; read without the write lock, which the worker needs."""
    with reading():
        db.session.rollback()
        found = list(db.session.scalars(select(Job.state)))
        db.session.rollback()
    return found
