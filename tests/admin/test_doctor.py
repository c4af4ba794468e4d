"""`flask doctor` says in words what is wrong with a set-up, and nothing where all is well."""

import json
import os
import socket
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from config import NOTIFY
from portal import sqlite
from portal.accounts.rules.factor_keys import tag_of
from portal.accounts.services import open_session
from portal.admin.queries import health, keys
from portal.admin.queries.health import Grade, findings
from portal.api.models import Webhook
from portal.api.services.webhooks import take_key
from portal.audit.models import AuditEvent
from portal.audit.services.seals import seal_next
from portal.backups.rules import SECRETS
from portal.clock import clock_at, now
from portal.db import migrations
from portal.jobs import Job, JobState
from portal.notifications.models import Email
from portal.search import services as search
from portal.search.indexing import opening
from portal.search.models import IndexChange
from tests.cast import Cast


@pytest.fixture
def stands(app: Flask, session: Session, tmp_path: Path) -> Any:
    """Return what the doctor finds wrong, or to be minded, by what it is about."""
    search.rebuild()
    head = max(one.revision for one in migrations.script_directory.walk_revisions())
    session.execute(text("CREATE TABLE alembic_version (version_num TEXT)"))
    session.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": head})

    def found(grade: Grade = Grade.WRONG, **settings: object) -> dict[str, str]:
        told = {**app.config, "INSTANCE": str(tmp_path), **settings}
        return {one.what: one.words for one in findings(told) if one.grade == grade}

    return found


def test_all_is_well(stands: Any) -> None:
    assert stands() == {}
    assert {"database", "tables", "worker", "mail", "file modes"} <= set(stands(Grade.GOOD))


def test_tables_of_another_version(stands: Any, session: Session) -> None:
    session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert "stand at migration 0001" in stands()["tables"]
    session.execute(text("DROP TABLE alembic_version"))
    words = stands()["tables"]
    assert "flask db upgrade in a new service. One that had data has it elsewhere than in" in words


def test_no_worker_and_what_failed(stands: Any, session: Session) -> None:
    long_ago = now() - timedelta(hours=1)
    session.add(Job(kind="search.index", arguments={}, not_before=long_ago))
    gone = {"state": JobState.FAILED, "finished_at": long_ago, "message": "It is damaged"}
    session.add(Job(kind="backups.look_over", arguments={}, **gone))
    session.flush()
    found = stands()
    assert "1 waiting for more than 10 minutes" in found["worker"]
    assert found["failed job"].startswith("backups.look_over: It is damaged (mend that, then")


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
    with closing(sqlite3.connect(file)) as made:
        made.execute("CREATE TABLE one (number INTEGER PRIMARY KEY)")
    monkeypatch.setattr(sqlite, "file_of", lambda engine: file)
    monkeypatch.setattr(sqlite, "has_seek_bug", lambda: False)
    monkeypatch.setattr(sqlite, "has_reset_bug", lambda: True)
    assert "Keep a worker running" in stands(Grade.MIND)["SQLite"]
    monkeypatch.setattr(sqlite, "has_reset_bug", lambda: False)
    assert "SQLite" in stands(Grade.GOOD)
    monkeypatch.setattr(health, "LONG_LOG", 3)
    (tmp_path / "portal.db-wal").write_text("long")
    assert "start a worker" in stands()["SQLite's log"]


def test_statistics_with_which_sqlite_counts_wrongly(
    stands: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "portal.db"
    monkeypatch.setattr(sqlite, "file_of", lambda engine: file)
    monkeypatch.setattr(sqlite, "has_seek_bug", lambda: True)
    with closing(sqlite3.connect(file)) as made:
        made.execute("CREATE TABLE one (number INTEGER)")
        made.execute("INSERT INTO one VALUES (1)")
        made.execute("CREATE INDEX number ON one (number)")
        made.commit()
        assert "SQLite's statistics" not in stands()
        made.execute("ANALYZE")
        made.commit()
    assert "Start a worker, which removes them" in stands()["SQLite's statistics"]
    monkeypatch.setattr(sqlite, "has_seek_bug", lambda: False)
    assert "SQLite's statistics" not in stands()


Plant = Callable[[Session, Path, pytest.MonkeyPatch], dict[str, object]]
"""Makes one thing wrong; returns the settings that go with it."""
LONG_AGO = timedelta(hours=1)


def older_tables(session: Session, _folder: Path, _patch: pytest.MonkeyPatch) -> dict[str, object]:
    session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    return {}


def no_worker(session: Session, _folder: Path, _patch: pytest.MonkeyPatch) -> dict[str, object]:
    then = now() - LONG_AGO
    session.add(Job(kind="search.index", arguments={}, not_before=then))
    return {}


def silent_worker(session: Session, _folder: Path, _patch: pytest.MonkeyPatch) -> dict[str, object]:
    then = now() - LONG_AGO
    session.add(Job(kind="search.index", arguments={}, state=JobState.DONE, heard_at=then))
    return {}


def failed_job(session: Session, _folder: Path, _patch: pytest.MonkeyPatch) -> dict[str, object]:
    gone = {"state": JobState.FAILED, "finished_at": now(), "message": "It is damaged"}
    session.add(Job(kind="backups.look_over", arguments={}, **gone))
    return {}


def open_secret(_session: Session, folder: Path, _patch: pytest.MonkeyPatch) -> dict[str, object]:
    (folder / "secret_key").write_text("x")
    (folder / "secret_key").chmod(0o644)
    return {}


def other_salt(_session: Session, folder: Path, _patch: pytest.MonkeyPatch) -> dict[str, object]:
    list(keys.unchanged({**SAME, "INSTANCE": str(folder)}))
    return {**SAME, "SECURITY_PASSWORD_SALT": "another"}


SAME = dict.fromkeys(SECRETS, "the same")


def other_factor_secret(
    _session: Session, folder: Path, _patch: pytest.MonkeyPatch
) -> dict[str, object]:
    list(keys.unchanged({**SAME, "INSTANCE": str(folder)}))
    return {**SAME, "TWO_FACTOR_SECRET": "another"}


def event_at(moment: datetime) -> AuditEvent:
    said = {"action": "x", "noun": "task", "noun_id": 1}
    return AuditEvent(**said, at=moment, organisation_name="", words_hash="x")


def other_audit_key(
    session: Session, _folder: Path, _patch: pytest.MonkeyPatch
) -> dict[str, object]:
    session.add(event_at(now() - LONG_AGO))
    session.commit()
    seal_next(key="the one of then")
    return {"AUDIT_KEY": "another"}


def no_mail_server(
    _session: Session, _folder: Path, _patch: pytest.MonkeyPatch
) -> dict[str, object]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    return {"MAIL_BACKEND": "smtp", "MAIL_SERVER": "127.0.0.1", "MAIL_PORT": port}


def clock_behind(session: Session, _folder: Path, _patch: pytest.MonkeyPatch) -> dict[str, object]:
    session.add(event_at(now() + LONG_AGO))
    return {}


def own_secrets() -> dict[str, object]:
    return {name: f"the own one of {name}" for name in SECRETS}


def no_proxy(_session: Session, _folder: Path, _patch: pytest.MonkeyPatch) -> dict[str, object]:
    return {"PRODUCTION": True, "TRUSTED_PROXIES": 0, "MAIL_BACKEND": NOTIFY, **own_secrets()}


def one_secret_for_two(
    _session: Session, _folder: Path, _patch: pytest.MonkeyPatch
) -> dict[str, object]:
    same = dict.fromkeys(("SECRET_KEY", "TWO_FACTOR_SECRET"), "of two")
    return {"PRODUCTION": True, "TRUSTED_PROXIES": 1, "MAIL_BACKEND": NOTIFY} | own_secrets() | same


def nothing_leaves(
    _session: Session, _folder: Path, _patch: pytest.MonkeyPatch
) -> dict[str, object]:
    backend = {"MAIL_BACKEND": "file"}
    return {"PRODUCTION": True, "TRUSTED_PROXIES": 1, **backend, **own_secrets()}


def no_folder(_session: Session, folder: Path, _patch: pytest.MonkeyPatch) -> dict[str, object]:
    (folder / "fingerprints.json").write_text(json.dumps({"salt": "00", "fingerprints": {}}))
    return {"INSTANCE": str(folder / "none")}


def open_database(_session: Session, folder: Path, patch: pytest.MonkeyPatch) -> dict[str, object]:
    """One that lies elsewhere than in the instance folder."""
    file = folder / "elsewhere.db"
    sqlite3.connect(file).close()
    file.write_bytes(b"")
    file.chmod(0o640)
    patch.setattr(sqlite, "file_of", lambda engine: file)
    return {}


def newer_tables(session: Session, _folder: Path, _patch: pytest.MonkeyPatch) -> dict[str, object]:
    session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    return {}


def unreadable_fingerprints(
    _session: Session, folder: Path, _patch: pytest.MonkeyPatch
) -> dict[str, object]:
    (folder / keys.FINGERPRINTS).write_text("{")
    (folder / keys.FINGERPRINTS).chmod(0o600)
    return {}


def damaged_index(
    _session: Session, _folder: Path, _patch: pytest.MonkeyPatch
) -> dict[str, object]:
    (file,) = Path(opening.place()).glob("store-*/columns-*/columns.json")
    file.write_text("{}")
    return {}


def late_index(session: Session, _folder: Path, _patch: pytest.MonkeyPatch) -> dict[str, object]:
    session.add(IndexChange(innovation_id=1, at=now() - LONG_AGO))
    return {}


def unwritable_folder(
    _session: Session, folder: Path, patch: pytest.MonkeyPatch
) -> dict[str, object]:
    real = os.access  # programs are still looked for
    patch.setattr(
        "portal.admin.queries.health.os.access",
        lambda path, mode: not mode & os.W_OK and real(path, mode),
    )
    return {}


def no_tool(_session: Session, folder: Path, patch: pytest.MonkeyPatch) -> dict[str, object]:
    patch.setenv("PATH", str(folder))
    return {"BACKUP_KEY": "age1xyz"}


@pytest.mark.parametrize(
    ("plant", "what", "words"),
    [
        (older_tables, "tables", "flask db upgrade"),
        (newer_tables, "tables", "of a newer version, which must be installed here"),
        (one_secret_for_two, "separate secrets", "SECRET_KEY and TWO_FACTOR_SECRET are the same"),
        (nothing_leaves, "mail server", "nothing leaves this machine"),
        (no_folder, "disk", "is not there: make it"),
        (open_database, "file modes", "elsewhere.db: chmod 600"),
        (unreadable_fingerprints, "secrets", "cannot be read: remove it"),
        (no_worker, "worker", "flask jobs work"),
        (silent_worker, "heartbeat", "no worker was at work for 60 minutes"),
        (failed_job, "failed job", "backups.look_over: It is damaged"),
        (open_secret, "file modes", "chmod 600"),
        (other_salt, "secrets", "SECURITY_PASSWORD_SALT (no password is right)"),
        (other_factor_secret, "secrets", "no code of an authenticator app is right"),
        (other_audit_key, "audit key", "did not sign the newest seal"),
        (no_mail_server, "mail server", "cannot be reached"),
        (clock_behind, "clock", "behind what was written last: set it by NTP"),
        (no_proxy, "proxy", "TRUSTED_PROXIES is 0"),
        (damaged_index, "search index", "flask search rebuild"),
        (late_index, "search index", "60 minutes behind"),
        (unwritable_folder, "disk", "cannot be written by this user"),
        (no_tool, "backups", "age is not installed"),
    ],
)
def test_one_planted_fault_is_all_that_is_found(
    stands: Any,
    session: Session,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    plant: Plant,
    what: str,
    words: str,
) -> None:
    settings = plant(session, tmp_path, monkeypatch)
    session.flush()
    found = stands(**settings)
    assert list(found) == [what]
    assert words in found[what]


def test_the_command_ends_with_1_where_something_is_wrong(app: Flask, session: Session) -> None:
    done = app.test_cli_runner().invoke(args=["doctor"])
    assert done.exit_code == 1
    assert "WRONG tables: are missing" in done.output


def test_a_secret_that_was_replaced_with_the_older_one_beside_it_is_right(
    stands: Any, session: Session, cast: Cast
) -> None:
    stands(**SAME)
    with_older = {**SAME, "SECRET_KEY": "newer", "SECRET_KEY_FALLBACKS": ("the same",)}
    token = "of a browser"
    open_session(user=cast.hin.user, token=token, membership=cast.hin.membership)
    session.commit()
    words = stands(Grade.MIND, **with_older)["older SECRET_KEY"]
    assert "up to 1 browsers are signed in since before" in words, "noted by this very look"
    until = (now() + timedelta(days=90)).date()
    assert str(until) in words
    assert "the same" not in words
    without = {**with_older, "SECRET_KEY_FALLBACKS": ()}
    assert "secrets" not in stands(**without)
    assert "1 browsers signed in before" in stands(Grade.MIND, **without)["older SECRET_KEY"]
    with clock_at(now() + timedelta(days=91)):
        assert "older SECRET_KEY" not in stands(Grade.MIND, **without)
    words = stands(**SAME)["secrets"]
    assert "everybody is signed out" in words
    assert "or name it in SECRET_KEY_FALLBACKS" in words


def test_webhooks_are_counted_whose_new_key_nobody_took(
    stands: Any, session: Session, cast: Cast
) -> None:
    stands(**SAME)
    row = {"membership": cast.hin.membership, "url": "https://example.org/", "events": []}
    made = [Webhook(user=cast.hin.user, salt=str(n), **row) for n in range(3)]
    session.add_all(made)
    session.commit()
    with_older = {**SAME, "SECRET_KEY": "newer", "SECRET_KEY_FALLBACKS": ("the same",)}
    with clock_at(now() + timedelta(days=1)):
        stands(**with_older)
    with clock_at(now() + timedelta(days=2)):
        take_key(webhook=made[0], by=cast.hin.actor)
        session.add(Webhook(user=cast.hin.user, salt="new", **row))
        session.commit()
        words = stands(Grade.MIND, **with_older)["older SECRET_KEY"]
        assert "; 2 webhooks are verified by it, of which nobody took the new key" in words


def test_when_a_key_was_replaced_may_be_unknown(stands: Any) -> None:
    words = stands(Grade.MIND, SECRET_KEY_FALLBACKS=("older",))["older SECRET_KEY"]
    assert "90 days after the change nobody is signed in by it" in words


def test_what_hangs_on_an_older_secret_of_apps_is_counted(
    stands: Any, session: Session, cast: Cast
) -> None:
    what = "older TWO_FACTOR_SECRET"
    people = (cast.hin.user, cast.ics.user, cast.national.user)
    for person, tag in zip(people, ("1", tag_of("older"), tag_of("newest")), strict=True):
        person.tf_totp_secret = json.dumps({"enckey": {"t": tag}})
    session.commit()
    both = {"TWO_FACTOR_SECRET": "newest", "TWO_FACTOR_SECRET_FALLBACKS": ("older",)}
    said = [one.words for one in keys.factors(both) if one.grade == Grade.MIND]
    assert ["1 of 3 apps were stored by an" in said[0], "still opens 1 of 3" in said[1]] == [
        True
    ] * 2
    assert what not in stands(**both)
    assert "1 of 3 are encrypted with a secret" in stands(TWO_FACTOR_SECRET="newest")[what]
    for person in people:
        person.tf_totp_secret = json.dumps({"enckey": {"t": tag_of("newest")}})
    session.commit()
    assert "may go" in stands(Grade.GOOD, **both)[what]
    assert what not in stands(TWO_FACTOR_SECRET="newest")


def test_a_database_that_does_not_answer_is_one_fault(
    stands: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_said: object, **_more: object) -> None:
        raise OperationalError("SELECT 1", {}, OSError("Connection refused"))

    monkeypatch.setattr("portal.admin.queries.health.db.session.execute", refuse)
    found = stands()
    assert list(found) == ["database"]
    assert "does not answer: Connection refused. Look at DATABASE_URL" in found["database"]


def test_missing_tables_are_one_fault(stands: Any, session: Session) -> None:
    session.execute(text("DROP TABLE alembic_version"))
    session.execute(text("DROP TABLE email"))
    assert list(stands()) == ["tables"]


def test_commands_of_another_user_are_minded(stands: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "user" not in stands(Grade.MIND)
    monkeypatch.setattr("portal.admin.queries.health.os.geteuid", lambda: 4711)
    assert "is another user's: run commands as that one" in stands(Grade.MIND)["user"]


def serve(listening: socket.socket, answers: list[bytes]) -> None:
    """Be a mail server for one connection: greet, then answer line by line."""
    connection, _ = listening.accept()
    with connection, connection.makefile("rb") as lines:
        for answer in answers:
            connection.sendall(answer + b"\r\n")
            if not lines.readline():
                return


GREETS = [b"220 here", b"250-here\r\n250 AUTH PLAIN"]
NAMED = {"MAIL_USERNAME": "portal", "MAIL_PASSWORD": "of the mail server"}


@pytest.mark.parametrize(
    ("answers", "other", "words"),
    [
        ([b"220 here", b"221 bye"], {}, ""),
        ([b"HTTP/1.1 400 Bad Request"], {}, "is no mail server: look at MAIL_SERVER"),
        ([b"554 not you", b"221 bye"], {}, "refuses the portal with 554"),
        ([*GREETS, b"235 come in", b"221 bye"], NAMED, ""),
        ([*GREETS, b"535 no", b"221 bye"], NAMED, "refuses MAIL_USERNAME and MAIL_PASS"),
        (GREETS, {"MAIL_USE_TLS": True}, "look at MAIL_USE_TLS and MAIL_PORT"),
        ([b"220 here", b"250 here"], NAMED, "look at MAIL_USE_TLS and MAIL_PORT"),
    ],
)
def test_a_mail_server_must_let_the_portal_in(
    stands: Any, answers: list[bytes], other: dict[str, object], words: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=serve, args=(listening, answers))
        thread.start()
        place = {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": listening.getsockname()[1]}
        found = stands(MAIL_BACKEND="smtp", **place, **other)
        thread.join()
    assert words in found.pop("mail server", "")
    assert found == {}
    assert words or "mail server" not in found


def test_govuk_notify_is_a_sound_way_for_emails(stands: Any) -> None:
    settings = {"PRODUCTION": True, "TRUSTED_PROXIES": 1, "MAIL_BACKEND": NOTIFY, **own_secrets()}
    assert stands(**settings) == {}
