"""A worker killed in the middle loses no job."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.db import Base, db, reading
from portal.jobs import Job, JobState, enqueue
from tests.conftest import make_app

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 60


def start_worker(url: str, folder: Path) -> "subprocess.Popen[bytes]":
    """Start a worker of its own process group on the database at `url`."""
    with (folder / "worker.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.jobs.worker", url, str(folder)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=log,
        )


def wait_for(what: Callable[[], bool], folder: Path) -> None:
    """Wait until `what()`; fails with the worker's log after a minute."""
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, (folder / "worker.log").read_text()
        time.sleep(0.1)


@pytest.mark.slow
def test_a_job_whose_worker_was_killed_is_done_by_the_next(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'portal.db'}"
    app = make_app(url, tmp_path)
    (tmp_path / "slow").touch()
    with app.app_context():
        Base.metadata.create_all(db.engine)
        for number in range(3):
            enqueue("test.slow", number=number)
        db.session.commit()
        first = start_worker(url, tmp_path)
        wait_for((tmp_path / "started-0").exists, tmp_path)
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()
        assert not (tmp_path / "ended-0").exists()
        (tmp_path / "slow").unlink()
        second = start_worker(url, tmp_path)
        try:
            wait_for(lambda: all((tmp_path / f"ended-{n}").exists() for n in range(3)), tmp_path)
            wait_for(lambda: set(states()) == {JobState.DONE}, tmp_path)
        finally:
            os.killpg(second.pid, signal.SIGKILL)
            second.wait()
        db.engine.dispose()


def states() -> list[JobState]:
    """How every job stands now; read without the write lock, which the worker needs."""
    with reading():
        db.session.rollback()
        found = list(db.session.scalars(select(Job.state)))
        db.session.rollback()
    return found
