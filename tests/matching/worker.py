"""A worker for the kill test: `python -m tests.matching.worker DATABASE FOLDER`.

While the file `slow` is there it stops in the middle of the second challenge's transaction: the old
suggestions are deleted, the new ones written, nothing is committed.
"""

import sys
import time
from pathlib import Path
from typing import Any

from portal.matching import tasks
from tests.conftest import make_app

FOLDER = Path(sys.argv[2])
relate = tasks.relate
seen: list[int] = []


def slowly(*, challenge_id: int, **values: Any) -> None:
    """Relate as always, and wait after the second."""
    relate(challenge_id=challenge_id, **values)
    seen.append(challenge_id)
    if len(seen) == 2:
        (FOLDER / "in-the-middle").touch()
        while (FOLDER / "slow").exists():
            time.sleep(0.05)


if __name__ == "__main__":
    tasks.relate = slowly
    make_app(sys.argv[1], FOLDER).extensions["portal-jobs"].work()
