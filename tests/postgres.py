"""A PostgreSQL of this run's own: started as somebody who is not root, gone afterwards."""

import glob
import os
import pwd
import secrets
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

OWNER = "nobody"


def binaries() -> Path | None:
    """Return the folder with `initdb` and `pg_ctl`, or None where PostgreSQL is not installed."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    folders = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=_version)
    return Path(folders[-1]) if folders else None


def _version(folder: str) -> int:
    return int(folder.split("/")[-2])


@contextmanager
def running_postgres() -> Iterator[str]:
    """Run a server on a socket of its own; yields its URL. Skips, or fails in CI, without one."""
    bin_folder = binaries()
    if bin_folder is None:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL is not installed, and CI must test on it")
        pytest.skip("PostgreSQL is not installed: install its server to run these tests")
    with (
        tempfile.TemporaryDirectory(prefix="portal-postgres-") as folder,
        _server(bin_folder, Path(folder)) as url,
    ):
        yield url


@contextmanager
def _server(bin_folder: Path, folder: Path) -> Iterator[str]:
    data, socket = folder / "data", folder / "s"
    socket.mkdir()
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root: let another user own its files
        for path in (folder, socket):
            shutil.chown(path, OWNER)
    _run(
        bin_folder / "initdb", "-D", data, "-U", "portal", "-A", "trust", "-E", "UTF8", "--no-sync"
    )
    # Nothing here outlives the run: no write need reach the disk.
    careless = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    options = f"-k {socket} -c listen_addresses='' {careless}"
    _run(bin_folder / "pg_ctl", "-D", data, "-w", "-o", options, "-l", folder / "log", "start")
    try:
        yield f"postgresql+psycopg://portal@/postgres?host={socket}"
    finally:
        _run(bin_folder / "pg_ctl", "-D", data, "-m", "immediate", "stop")


@contextmanager
def fresh_database(url: str, path: Path) -> Iterator[str]:
    """Yield the URL of an empty database: a file at `path`, or a new one on the server of `url`."""
    if url.startswith("sqlite"):
        yield f"sqlite:///{path}"
        return
    yield _created(url, "fresh")


@contextmanager
def copied_database(url: str, path: Path) -> Iterator[str]:
    """Yield the URL of a copy of the database at `url`, to which nobody may be connected."""
    if url.startswith("sqlite"):
        with (
            closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as source,
            closing(sqlite3.connect(path)) as copy,
        ):
            source.backup(copy)
        yield f"sqlite:///{path}"
        return
    original = make_url(url).database
    yield _created(url.replace(f"/{original}?", "/postgres?"), "copy", f"TEMPLATE {original}")


def dump(url: str, folder: Path) -> None:
    """Keep a database of PostgreSQL beside the files; that of SQLite is one of them."""
    if url.startswith("postgresql"):
        _client("pg_dump", url, "--format=custom", "--no-sync", f"--file={folder / 'dump'}")


def restore(url: str, folder: Path) -> None:
    """Fill an empty database of PostgreSQL with what was dumped into the folder."""
    if (folder / "dump").exists():
        _client("pg_restore", url, str(folder / "dump"))


def _client(command: str, url: str, *arguments: str) -> None:
    found = binaries()
    assert found is not None, "a PostgreSQL runs, so its programs are here"
    address = url.replace("postgresql+psycopg://", "postgresql://")
    subprocess.run([found / command, f"--dbname={address}", *arguments], check=True)


def _created(url: str, kind: str, like: str = "") -> str:
    """Create a database on the server of `url`, which names its own "postgres"; returns its URL."""
    name = f"{kind}_{secrets.token_hex(4)}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} {like}"))
    engine.dispose()
    return url.replace("/postgres?", f"/{name}?")


def _run(*command: object) -> None:
    user = {}
    if os.geteuid() == 0:
        owner = pwd.getpwnam(OWNER)
        user = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    subprocess.run(
        [str(part) for part in command],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd="/",
        **user,
    )
