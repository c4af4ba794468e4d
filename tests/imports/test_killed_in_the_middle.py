"""A worker is killed while it brings rows in: the next finishes, nothing is there twice."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from benchmarks.importing import begun, messy, results, work, world
from portal.accounts.models import Membership
from portal.accounts.session import actor_of
from portal.db import db, reading
from portal.imports.models import Import, ImportRow, ImportState
from portal.imports.services import files
from portal.innovations.models import Innovation
from portal.jobs import sweep
from tests.killing import working

ROWS = 10


def done() -> int:
    """How many rows are done; read without the write lock, which the worker needs."""
    with reading():
        db.session.rollback()
        found = db.session.scalar(select(func.count(ImportRow.result))) or 0
        db.session.rollback()
    return found


def state() -> ImportState | None:
    with reading():
        db.session.rollback()
        found = db.session.scalar(select(Import.state))
        db.session.rollback()
    return found


@pytest.mark.slow
def test_what_a_killed_worker_left_is_finished_by_the_next_and_nothing_is_there_twice(
    tmp_path: Path,
) -> None:
    with world(tmp_path) as (_app, membership_id, _user_id):
        importing = begun(membership_id, messy(ROWS))
        work()
        membership = db.session.get_one(Membership, membership_id)
        by = actor_of(membership.user, membership)
        files.start_apply(importing=importing, by=by)
        db.session.commit()
        url = f"sqlite:///{tmp_path / 'portal.db'}"
        with working("tests.imports.worker", url, tmp_path) as until:
            until(lambda: done() >= 3)
        assert 3 <= done() < ROWS
        assert state() is ImportState.APPLYING
        sweep()  # what the next worker does first
        work()
        assert state() is ImportState.APPLIED
        assert results(importing) == {"is new": ROWS, "was made": ROWS}
        keys = db.session.scalars(select(Innovation.external_key)).all()
        assert sorted(keys) == sorted(f"R{n}" for n in range(ROWS))
