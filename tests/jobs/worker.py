"""A worker process for the kill test: `python -m tests.jobs.worker DATABASE FOLDER`."""

import sys
import time
from pathlib import Path

from portal.jobs import Progress, task
from tests.conftest import make_app

FOLDER = Path(sys.argv[2])


@task("test.slow")
def slow(progress: Progress, number: int) -> None:
    """Take a while, as long as the file `slow` is there; leave a mark at start and end."""
    (FOLDER / f"started-{number}").touch()
    while (FOLDER / "slow").exists():
        time.sleep(0.05)
    (FOLDER / f"ended-{number}").touch()


if __name__ == "__main__":
    make_app(sys.argv[1], FOLDER).extensions["portal-jobs"].work()
