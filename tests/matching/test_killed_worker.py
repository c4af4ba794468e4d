"""A worker killed in the middle of a refresh leaves every list whole, and the job is retried."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from portal.clock import now
from portal.db import db
from portal.jobs import Job, JobState, run_waiting
from portal.matching.models import MatchRun, Suggestion
from portal.matching.services import ask_for_refresh
from tests import makers
from tests.cast import Cast
from tests.conftest import make_app
from tests.killing import working
from tests.matching.world import innovation
from tests.tables import fill


@contextmanager
def looking() -> Iterator[None]:
    """Read what is committed; the lock is given back, or the worker could not write."""
    db.session.rollback()
    try:
        yield
    finally:
        db.session.rollback()


def stored() -> dict[int, list[tuple[int, str, int]]]:
    """Every list, and for each suggestion which innovation, for whom and where it stands."""
    found: dict[int, list[tuple[int, str, int]]] = {}
    with looking():
        for row in db.session.scalars(select(Suggestion)):
            place = (row.innovation_id, row.readership.value, row.rank)
            found.setdefault(row.challenge_id, []).append(place)
    return {one: sorted(lists) for one, lists in found.items()}


def state_of(job_id: int) -> JobState:
    with looking():
        return db.session.scalars(select(Job.state).where(Job.id == job_id)).one()


def engines() -> set[str]:
    with looking():
        return set(db.session.scalars(select(MatchRun.engine_version)))


@pytest.mark.slow
def test_a_refresh_killed_in_the_middle_leaves_the_old_and_is_done_again(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'portal.db'}"
    app = make_app(url, tmp_path)
    (tmp_path / "slow").touch()
    with app.app_context():
        fill()
        cast = Cast()
        for name in ("SteadyHome", "FallSense", "HeartLine"):
            innovation(cast, name)
        for number in range(3):
            makers.challenge(f"Residents of care homes fall {number}", of=cast.ics)
        db.session.commit()
        run_waiting()
        before = stored()
        assert len(before) == 3
        # What an older engine had stored, so that a new run can be told from it.
        long_ago = now() - timedelta(days=1)
        db.session.execute(update(MatchRun).values(engine_version="old", matched_at=long_ago))
        db.session.execute(update(Suggestion).values(engine_version="old"))
        job = ask_for_refresh()
        db.session.commit()
        job_id = job.id
        db.session.rollback()
        with working("tests.matching.worker", url, tmp_path) as until:
            until((tmp_path / "in-the-middle").exists)
        assert stored() == before
        assert len(engines()) == 2, "one challenge was done, the others are still as they were"
        assert state_of(job_id) is JobState.RUNNING
        (tmp_path / "slow").unlink()
        with working("tests.matching.worker", url, tmp_path) as until:
            until(lambda: state_of(job_id) is JobState.DONE)
        assert stored() == before
        assert "old" not in engines()
        db.engine.dispose()
