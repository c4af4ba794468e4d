"""A process to be killed: `python -m tests.search.worker DATABASE FOLDER WHAT`.

`before` and `after` index what waits and kill themselves, as hard as anybody can, before the index
is written or after, when the rows of the outbox are still there. `write` changes records like a
web process, `work` does the jobs, `rebuild` makes the index anew; these go on until killed, and
say when they have begun.
"""

import os
import random
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from portal.db import db
from portal.innovations.models import Innovation, RecordStatus
from portal.jobs import run_waiting
from portal.search.services import keeping
from tests.conftest import make_app


def die(*_args: Any) -> None:
    """End at once, without a chance to tidy up."""
    os.kill(os.getpid(), signal.SIGKILL)


def dying(what: str) -> None:
    """Index what waits, and die before the index or the database has it."""
    setattr(keeping, {"before": "_write", "after": "_forget"}[what], die)
    keeping.apply_waiting()
    db.session.commit()


def write() -> None:
    """Change a record or two and commit, as a request does."""
    chance = random.Random()  # noqa: S311 - which record, not a secret
    rows = db.session.scalars(select(Innovation).order_by(Innovation.id)).all()
    for row in chance.sample(rows, 2):
        row.name = f"Kiwi {chance.randrange(10_000)}"
        row.status = chance.choice(
            (RecordStatus.SUBMITTED, RecordStatus.SUBMITTED, RecordStatus.ARCHIVED)
        )
    db.session.commit()


def work() -> None:
    """Do what the jobs ask for."""
    run_waiting()


def rebuild() -> None:
    """Make the index anew."""
    keeping.rebuild()
    db.session.commit()


def go_on(act: Callable[[], None]) -> None:
    """Do it again and again, as requests and jobs come again when the database was busy."""
    print("begun", flush=True)  # noqa: T201 - the test waits for it
    while True:
        with suppress(OperationalError):
            act()
        db.session.rollback()


if __name__ == "__main__":
    app = make_app(sys.argv[1], Path(sys.argv[2]))
    acts = {"write": write, "work": work, "rebuild": rebuild}
    with app.app_context():
        if sys.argv[3] in acts:
            go_on(acts[sys.argv[3]])
        dying(sys.argv[3])
