"""`flask doctor` says in words what is wrong with a set-up, and nothing where all is well."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from portal import sqlite
from portal.admin.queries import health
from portal.admin.queries.health import Grade, findings
from portal.clock import now
from portal.db import migrations
from portal.jobs import Job, JobState
from portal.notifications.models import Email


@pytest.fixture
def stands(app: Flask, session: Session, tmp_path: Path) -> Any:
    """Return what the doctor finds wrong, or to be minded, by what it is about."""
    head = max(one.revision for one in migrations.script_directory.walk_revisions())
    session.execute(text("CREATE TABLE alembic_version (version_num TEXT)"))
    session.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": head})

    def found(grade: Grade = Grade.WRONG, **settings: object) -> dict[str, str]:
        told = {"INSTANCE": str(tmp_path), "BACKUP_KEY": "", **settings}
        return {one.what: one.words for one in findings(told) if one.grade == grade}

    return found


def test_all_is_well(stands: Any) -> None:
    assert stands() == {}
    assert {"database", "tables", "worker", "mail", "file modes"} <= set(stands(Grade.GOOD))


def test_tables_of_another_version(stands: Any, session: Session) -> None:
    session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert "stand at migration 0001" in stands()["tables"]
    session.execute(text("DROP TABLE alembic_version"))
    assert "flask db upgrade" in stands()["tables"]


def test_no_worker_and_what_failed(stands: Any, session: Session) -> None:
    long_ago = now() - timedelta(hours=1)
    session.add(Job(kind="search.index", arguments={}, not_before=long_ago))
    gone = {"state": JobState.FAILED, "finished_at": long_ago, "message": "It is damaged"}
    session.add(Job(kind="backups.look_over", arguments={}, **gone))
    session.flush()
    found = stands()
    assert "1 jobs wait" in found["worker"]
    assert found["failed job"] == "backups.look_over: It is damaged"


def test_mail_that_is_refused(stands: Any, session: Session) -> None:
    words = {"address": "a@example.org", "subject": "s", "body": "b"}
    session.add(Email(**words, attempts=1, error="450 greylisted"))
    session.flush()
    assert "450 greylisted" in stands(Grade.MIND)["mail"]


def test_secrets_that_others_can_read(stands: Any, tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("x")
    (tmp_path / "secret_key").chmod(0o644)
    assert "secret_key" in stands()["file modes"]


def test_a_full_disk(stands: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "LITTLE_ROOM", 1.1)
    assert "nearly full" in stands(Grade.MIND)["disk"]


def test_programs_that_backups_need(
    stands: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "not encrypted" in stands(Grade.MIND)["backups"]
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "age is not installed" in stands(BACKUP_KEY="age1xyz")["backups"]
    assert "gpg is not installed" in stands(BACKUP_KEY="gpg:a@example.org")["backups"]


def test_sqlite_that_may_damage_its_file(
    stands: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "portal.db"
    monkeypatch.setattr(sqlite, "file_of", lambda engine: file)
    monkeypatch.setattr(sqlite, "has_reset_bug", lambda: True)
    assert "Keep a worker running" in stands(Grade.MIND)["SQLite"]
    monkeypatch.setattr(sqlite, "has_reset_bug", lambda: False)
    assert "SQLite" in stands(Grade.GOOD)
    monkeypatch.setattr(health, "LONG_LOG", 3)
    (tmp_path / "portal.db-wal").write_text("long")
    assert "start a worker" in stands()["SQLite's log"]


def test_the_command_ends_with_1_where_something_is_wrong(app: Flask, session: Session) -> None:
    done = app.test_cli_runner().invoke(args=["doctor"])
    assert done.exit_code == 1
    assert "WRONG tables: are missing" in done.output
