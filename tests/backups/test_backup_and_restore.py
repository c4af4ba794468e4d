"""A backup holds everything, is put back whole into an empty place, and nothing else is."""

import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from config import SECRETS, settings
from portal.backups import rules
from portal.db import db
from tests import makers
from tests.backups.conftest import FIVE, Portal, browser_of, files_of, rows_of

PAGES = ("/home", "/innovations/1", "/challenges/1")


@pytest.fixture
def damaged(backup: Path, tmp_path: Path) -> Path:
    """A copy of the backup, to be damaged."""
    return Path(shutil.copytree(backup, tmp_path / "copy"))


def signed_again(folder: Path) -> None:
    """Let the checksums agree with what was changed."""
    rules.write_sums(folder)


def is_empty(portal: Portal) -> bool:
    return set(rows_of(portal)) | set(files_of(portal)) == set()


def test_the_drill(source: Portal, backup: Path, empty: Portal) -> None:
    """Restored into an empty place: every table, every file, and pages as five roles see them."""
    done = empty.run("restore", backup)
    assert done.exit_code == 0, done.output
    assert "flask search rebuild" in done.output
    before, after = rows_of(source), rows_of(empty)
    assert {name for name in before if before[name] != after.get(name)} == set()
    assert before.keys() == after.keys()
    assert len(before["user"]) == 9
    assert files_of(source) == files_of(empty)
    assert len(files_of(source)) == 2
    for kind in FIVE:
        for page in PAGES:
            there = browser_of(source, source.people, kind).get(page)
            here = browser_of(empty, source.people, kind).get(page)
            assert (kind, page, here.status_code) == (kind, page, there.status_code)
    assert "élan" in browser_of(empty, source.people, "hin").get("/innovations/1").text
    with empty.app.app_context():
        assert makers.user("Numbers go on where they were").id == 10


def test_a_backup_says_what_it_is_and_no_secret(source: Portal, backup: Path) -> None:
    said = json.loads((backup / rules.MANIFEST).read_text())
    assert said["rows"]["innovation"] == 1
    assert said["files"] == 2
    assert said["settings"]["FILES_STORE"] == "folder"
    assert set(said["fingerprints"]) == set(SECRETS)
    assert "only for tests" not in (backup / rules.MANIFEST).read_text()
    assert {path.stat().st_mode & 0o077 for path in backup.glob("*.*")} <= {0, 0o044}
    names = {path.name for path in backup.iterdir()}
    assert names == {rules.MANIFEST, rules.SUMS, *rules.manifest_in(backup).parts}
    subprocess.run(["sha256sum", "--check", "--quiet", rules.SUMS], cwd=backup, check=True)


def test_nothing_is_left_behind(source: Portal, backup: Path) -> None:
    assert [path.name for path in backup.parent.iterdir()] == [backup.name]
    assert list(source.folder.glob("backup-*")) == []


def test_a_backup_while_somebody_writes_is_of_one_moment(source: Portal, tmp_path: Path) -> None:
    with source.app.app_context(), db.engine.connect() as connection:
        connection.exec_driver_sql("UPDATE innovation SET name = 'Not committed'")
        done = source.run("backup", tmp_path / "kept")
        assert done.exit_code == 0, done.output
        connection.rollback()
    source.dispose()
    assert source.run("backup", "verify", tmp_path / "kept").exit_code == 0


def test_verify_says_that_it_is_whole(source: Portal, backup: Path) -> None:
    done = source.run("backup", "verify", backup)
    assert done.exit_code == 0
    assert "is whole:" in done.output
    assert "is not the one of the backup" not in done.output
    other = source.run("backup", "verify", backup, AUDIT_KEY="another")
    assert "AUDIT_KEY is not the one of the backup" in other.output


def test_a_folder_with_something_in_it_is_not_written_to(source: Portal, backup: Path) -> None:
    before = sorted(path.stat().st_mtime_ns for path in backup.iterdir())
    done = source.run("backup", backup)
    assert done.exit_code == 1
    assert "is not empty" in done.output
    assert sorted(path.stat().st_mtime_ns for path in backup.iterdir()) == before


def test_a_place_with_something_in_it_is_left_alone(source: Portal, backup: Path) -> None:
    before, files = rows_of(source), files_of(source)
    done = source.run("restore", backup)
    assert done.exit_code == 1
    assert "is not empty" in done.output
    assert (rows_of(source), files_of(source)) == (before, files)


def test_files_without_a_database_are_left_alone(backup: Path, empty: Portal) -> None:
    (empty.folder / "files" / "evidence").mkdir(parents=True)
    (empty.folder / "files" / "evidence" / ("0" * 32)).write_text("kept")
    done = empty.run("restore", backup)
    assert "There are uploaded files here already" in done.output
    assert rows_of(empty) == {}


def parts(folder: Path) -> list[Path]:
    return [folder / name for name in (rules.MANIFEST, *rules.manifest_in(folder).parts)]


@pytest.mark.parametrize("which", [0, 1, 2])
@pytest.mark.parametrize("how", ["missing", "short", "changed"])
def test_a_damaged_backup_is_refused(damaged: Path, empty: Portal, which: int, how: str) -> None:
    part = parts(damaged)[which]
    content = part.read_bytes()
    half = len(content) // 2
    flipped = bytes([content[half] ^ 1])
    if how == "missing":
        part.unlink()
    else:
        rest = b"" if how == "short" else flipped + content[half + 1 :]
        part.write_bytes(content[:half] + rest)
    for command in (("backup", "verify"), ("restore",)):
        done = empty.run(*command, damaged)
        assert done.exit_code == 1
        assert part.name in done.output
    assert is_empty(empty)


def test_damage_from_before_the_checksums_is_found_by_reading(damaged: Path, empty: Portal) -> None:
    _, database, files = parts(damaged)
    content = database.read_bytes()
    database.write_bytes(content[: len(content) * 2 // 3])
    signed_again(damaged)
    done = empty.run("restore", damaged)
    assert done.exit_code == 1, done.output
    assert is_empty(empty)
    database.write_bytes(content)
    files.write_bytes(files.read_bytes()[:700])
    signed_again(damaged)
    done = empty.run("restore", damaged)
    assert "files of the backup" in done.output
    assert is_empty(empty)


def test_a_file_that_would_lie_elsewhere_is_refused(damaged: Path, empty: Portal) -> None:
    with tarfile.open(parts(damaged)[2], "a") as archive:
        archive.addfile(tarfile.TarInfo("../portal.db"))
    signed_again(damaged)
    assert "no table can name: ../portal.db" in empty.run("restore", damaged).output
    assert is_empty(empty)


def said(folder: Path, **changed: object) -> None:
    """Change what a backup says of itself."""
    found = json.loads((folder / rules.MANIFEST).read_text())
    (folder / rules.MANIFEST).write_text(json.dumps(found | changed))
    signed_again(folder)


def test_a_newer_one_is_refused(damaged: Path, empty: Portal) -> None:
    said(damaged, migration="9999")
    assert (
        "migration 9999, which this version does not know" in empty.run("restore", damaged).output
    )
    said(damaged, format=rules.FORMAT + 1)
    assert "made by a newer version" in empty.run("restore", damaged).output
    assert is_empty(empty)


def test_rows_that_are_missing_are_missed(damaged: Path, empty: Portal) -> None:
    rows = dict(rules.manifest_in(damaged).rows)
    said(damaged, rows=rows | {"innovation": 2})
    done = empty.run("restore", damaged)
    assert done.exit_code == 1
    assert "other rows" in done.output


def test_one_of_the_other_kind_of_database_is_refused(
    source: Portal, backup: Path, empty: Portal, damaged: Path
) -> None:
    kinds = {"sqlite": ("postgresql", "dump"), "postgresql": ("sqlite", "sqlite3")}
    manifest = rules.manifest_in(backup)
    kind, ending = kinds[manifest.database]
    parts(damaged)[1].rename(damaged / f"database.{ending}")
    said(damaged, database=kind)
    assert "the same kind of database" in empty.run("restore", damaged).output
    assert is_empty(empty)


def test_other_secrets_are_named_with_what_they_mean(backup: Path, empty: Portal) -> None:
    done = empty.run("restore", backup, SECURITY_PASSWORD_SALT="another")
    assert done.exit_code == 1
    assert "SECURITY_PASSWORD_SALT: no password is right" in done.output
    assert "AUDIT_KEY" not in done.output
    assert is_empty(empty)
    again = empty.run("restore", backup, "--with-other-secrets", SECURITY_PASSWORD_SALT="another")
    assert again.exit_code == 0, again.output


def test_a_secret_that_is_kept_as_an_older_one_is_right(backup: Path, empty: Portal) -> None:
    (was,) = {empty.app.config[name] for name in ("SECRET_KEY", "TWO_FACTOR_SECRET")}
    told = "".join(path.read_text() for path in backup.glob("*.json"))
    assert "FALLBACKS" not in told
    newer = {name: f"newer {name}" for name in ("SECRET_KEY", "TWO_FACTOR_SECRET")}
    lost = empty.run("backup", "verify", backup, **newer)
    assert "SECRET_KEY is not the one of the backup" in lost.output
    both = {**newer, **{f"{name}_FALLBACKS": ("another", was) for name in newer}}
    kept = empty.run("backup", "verify", backup, **both)
    assert kept.exit_code == 0, kept.output
    assert "not the one of the backup" not in kept.output
    done = empty.run("restore", backup, **both)
    assert done.exit_code == 0, done.output


def test_a_damaged_database_is_not_backed_up(database_url: str, empty: Portal) -> None:
    if not database_url.startswith("sqlite"):
        pytest.skip("PostgreSQL looks after its own files")
    path = empty.folder / "portal.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('0049')")
        connection.execute(
            "CREATE TABLE big AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT"
            " i + 1 FROM n WHERE i < 500) SELECT i, hex(randomblob(200)) FROM n"
        )
        connection.commit()
    content = bytearray(path.read_bytes())
    content[40_000:60_000] = os.urandom(20_000)
    path.write_bytes(content)
    done = empty.run("backup", empty.folder / "kept")
    assert done.exit_code == 1
    assert "The database is damaged, and no backup was made" in done.output
    assert not (empty.folder / "kept").exists()


def test_a_portal_without_tables_is_not_backed_up(empty: Portal) -> None:
    done = empty.run("backup", empty.folder / "kept")
    assert "has no tables of this portal" in done.output
    assert not (empty.folder / "kept").exists()


# Encryption


@pytest.fixture
def gpg_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A key pair of GnuPG in a home of its own."""
    if shutil.which("gpg") is None:
        pytest.skip("GnuPG is not installed: install gpg to run this test")
    home = tmp_path / "g"
    home.mkdir(mode=0o700)
    monkeypatch.setenv("GNUPGHOME", str(home))
    line = ("gpg", "--batch", "--quiet", "--passphrase", "", "--quick-generate-key")
    subprocess.run(
        [*line, "backup@example.org", "rsa2048", "encr", "never"], check=True, capture_output=True
    )
    yield "gpg:backup@example.org"
    subprocess.run(["gpgconf", "--kill", "all"], check=False)


def test_an_encrypted_backup_is_opened_by_its_key_alone(
    source: Portal, empty: Portal, gpg_key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "kept"
    done = source.run("backup", kept, BACKUP_KEY=gpg_key)
    assert done.exit_code == 0, done.output
    assert "encrypted by gpg" in done.output
    assert {path.suffix for path in kept.iterdir()} == {".gpg", ".json", ""}
    for path in kept.iterdir():
        assert b"Brightwell" not in path.read_bytes()
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("GNUPGHOME", str(tmp_path))
        refused = empty.run("restore", kept)
        assert refused.exit_code == 1
        assert "gpg failed" in refused.output
        assert is_empty(empty)
    read = source.run("backup", "verify", kept)
    assert "is whole:" in read.output
    assert "2 files" in read.output


@pytest.mark.parametrize(("key", "program"), [("age1xyz", "age"), ("gpg:a@example.org", "gpg")])
def test_where_the_program_is_missing_nothing_is_written_in_the_open(
    source: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str, program: str
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    done = source.run("backup", tmp_path / "kept", BACKUP_KEY=key)
    assert done.exit_code == 1
    assert f"BACKUP_KEY is set, but {program} is not installed" in done.output
    assert list(tmp_path.iterdir()) == []


def test_age_opens_what_it_closed(source: Portal, tmp_path: Path) -> None:
    if shutil.which("age") is None:
        pytest.skip("age is not installed: install it to run this test")
    identity = tmp_path / "key.txt"
    subprocess.run(["age-keygen", "-o", identity], check=True, capture_output=True)
    public = subprocess.run(["age-keygen", "-y", identity], check=True, capture_output=True)
    key = public.stdout.decode().strip()
    kept = tmp_path / "kept"
    assert source.run("backup", kept, BACKUP_KEY=key).exit_code == 0
    unread = source.run("backup", "verify", kept)
    assert "Its content was not read" in unread.output
    assert unread.exit_code == 0
    read = source.run("backup", "verify", kept, BACKUP_IDENTITY=str(identity))
    assert "is whole:" in read.output
    assert "2 files" in read.output


@pytest.mark.parametrize("wrong", ["age", "AGE-SECRET-KEY-1XYZ", "gpg:", "gpg:a b", "secret"])
def test_what_is_no_public_key_is_refused(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(ValueError, match="BACKUP_KEY"):
        settings({"INSTANCE": str(tmp_path), "BACKUP_KEY": wrong})
