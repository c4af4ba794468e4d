"""SQLite before 3.51.3: one process alone copies the log; the file is looked over every night."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from portal import jobs, sqlite
from portal.db import db
from portal.jobs import SCHEDULE, Job, JobState, enqueue, run_waiting
from portal.queues import make_huey
from tests.backups.conftest import Portal


@pytest.mark.parametrize(
    ("version", "is_unsafe"),
    [
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 0), False),
        ((4, 0, 0), False),
    ],
)
def test_which_versions_have_the_bug(version: tuple[int, ...], is_unsafe: bool) -> None:
    assert sqlite.has_reset_bug(version) is is_unsafe


@pytest.mark.parametrize(
    ("version", "is_unsafe"), [((3, 40, 1), True), ((3, 41, 2), True), ((3, 42, 0), False)]
)
def test_which_versions_count_wrongly_with_statistics(
    version: tuple[int, ...], is_unsafe: bool
) -> None:
    assert sqlite.has_seek_bug(version) is is_unsafe


def test_statistics_are_removed_where_they_make_counts_wrong(
    source: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not source.url.startswith("sqlite"):
        pytest.skip("PostgreSQL needs its statistics")
    path = source.folder / "portal.db"
    with source.app.app_context():
        with db.engine.begin() as connection:
            connection.exec_driver_sql("ANALYZE")
        monkeypatch.setattr(sqlite, "has_seek_bug", lambda: False)
        jobs.look_after_database()
        assert sqlite.has_statistics(path)
        monkeypatch.setattr(sqlite, "has_seek_bug", lambda: True)
        jobs.look_after_database()
        assert not sqlite.has_statistics(path)


@pytest.fixture
def log(source: Portal, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The database of a portal on a version with the bug, with which two connections are open."""
    if not source.url.startswith("sqlite"):
        pytest.skip("PostgreSQL has its own log")
    monkeypatch.setattr(sqlite, "has_reset_bug", lambda: True)
    source.dispose()
    path = source.folder / "portal.db"
    with closing(sqlite3.connect(path)) as held:
        held.execute("SELECT count(*) FROM term").fetchone()
        yield path
    source.dispose()


def write(count: int) -> None:
    with db.engine.begin() as connection:
        for _ in range(count):
            connection.exec_driver_sql("UPDATE term SET position = position + 1")


def test_only_the_worker_copies_the_log(source: Portal, log: Path) -> None:
    before = log.read_bytes()
    with source.app.app_context():
        for _ in range(80):
            write(1)
        assert sqlite.log_size(log) > 1000 * 4096
        assert log.read_bytes() == before
        jobs.look_after_database()
        assert log.read_bytes() != before
        longest = sqlite.log_size(log)
        write(1)
        assert sqlite.log_size(log) == longest


def test_nobody_commits_while_the_log_is_copied(source: Portal, log: Path) -> None:
    """A commit under the copying is what those versions overlook: a busy database waits."""
    with source.app.app_context():
        write(1)
        before = log.read_bytes()
        with db.engine.connect() as writer:
            writer.exec_driver_sql("UPDATE term SET position = position + 1")
            with pytest.MonkeyPatch.context() as hurried:
                hurried.setattr(sqlite, "BUSY_MS", 10)
                jobs.look_after_database()
            assert log.read_bytes() == before
            writer.rollback()
        jobs.look_after_database()
        assert log.read_bytes() != before


def test_with_the_correction_sqlite_copies_its_log_itself(
    source: Portal, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "has_reset_bug", lambda: False)
    before = log.read_bytes()
    source.dispose()
    with source.app.app_context():
        for _ in range(80):
            write(1)
    assert log.read_bytes() != before


def test_the_file_of_wake_ups_has_no_log_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for is_unsafe, mode in ((True, "truncate"), (False, "wal")):
        monkeypatch.setattr("portal.queues.has_reset_bug", lambda found=is_unsafe: found)
        queue = make_huey(f"sqlite:///{tmp_path / 'jobs.db'}")
        with queue.storage.db() as cursor:
            assert cursor.execute("PRAGMA journal_mode").fetchone() == (mode,)
        queue.storage.close()


def test_every_night_the_file_is_looked_over(session: Session) -> None:
    assert "backups.look_over" in SCHEDULE
    job = enqueue("backups.look_over")
    session.commit()
    run_waiting()
    session.refresh(job)
    assert job.state == JobState.DONE


def test_a_damaged_file_is_a_failed_job_that_says_what_to_do(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damaged = tmp_path / "damaged.db"
    with closing(sqlite3.connect(damaged)) as connection:
        connection.execute("CREATE TABLE one (word TEXT)")
        connection.executemany("INSERT INTO one VALUES (?)", [("x" * 1000,)] * 100)
        connection.commit()
    content = bytearray(damaged.read_bytes())
    content[8192:12288] = b"\xff" * 4096
    damaged.write_bytes(content)
    monkeypatch.setattr(sqlite, "file_of", lambda engine: damaged)
    monkeypatch.setattr(jobs, "MAX_ATTEMPTS", 1)
    job = enqueue("backups.look_over")
    session.commit()
    run_waiting()
    session.refresh(job)
    assert job.state == JobState.FAILED
    assert "Restore the newest backup" in session.get_one(Job, job.id).message
