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
from contextlib import closing, contextmanager, suppress
from hashlib import blake2b
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.pool import NullPool

from tests.together import alone

OWNER = "nobody"
MEMORY, PLENTY = "/dev/shm", 8 * 2**30  # noqa: S108 - a folder of its own is made in it


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
    folder, url = _started()
    try:
        yield url
    finally:
        _stopped(folder)


@contextmanager
def shared_postgres(shared: Path) -> Iterator[str]:
    """Use the one server of all workers, who have the folder `shared`: whoever needs it first
    starts it, and the last one stops it. Yields its URL; skips as `running_postgres` does."""
    with alone(shared / "postgres.json") as server:
        if not server.get("users"):
            folder, server["url"] = _started()
            server["folder"], server["users"] = str(folder), 0
        server["users"] += 1
        url = server["url"]
    try:
        yield url
    finally:
        with alone(shared / "postgres.json") as server:
            server["users"] -= 1
            if not server["users"]:
                _stopped(Path(server["folder"]))


def _started() -> tuple[Path, str]:
    """Start a server in a new folder; returns that and its URL."""
    bin_folder = binaries()
    if bin_folder is None:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL is not installed, and CI must test on it")
        pytest.skip("PostgreSQL is not installed: install its server to run these tests")
    folder = Path(tempfile.mkdtemp(prefix="portal-postgres-", dir=_place()))
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
    # No statement takes long enough to be worth compiling; many pools are open at once.
    quick = "-c jit=off -c max_connections=400"
    options = f"-k {socket} -c listen_addresses='' {careless} {quick}"
    _run(bin_folder / "pg_ctl", "-D", data, "-w", "-o", options, "-l", folder / "log", "start")
    return folder, f"postgresql+psycopg://portal@/postgres?host={socket}"


def _place() -> str | None:
    """Return where the server's files are to lie: in memory where there is plenty, because each
    database has thousands of them, which a disk takes long to make and to throw away."""
    is_there = Path(MEMORY).is_dir() and shutil.disk_usage(MEMORY).free > PLENTY
    return MEMORY if is_there else None


def _stopped(folder: Path) -> None:
    """Stop a server at once, and throw its folder away."""
    bin_folder = binaries()
    assert bin_folder is not None
    _run(bin_folder / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop")
    shutil.rmtree(folder, ignore_errors=True)


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
    yield _created(url, "copy", f"TEMPLATE {original}")


def keep_as(name: str, url: str) -> None:
    """Keep a copy of a database of PostgreSQL under a name on its server, unless another worker
    has; nobody may be connected to it."""
    with suppress(ProgrammingError):  # it is there
        _execute(_server_of(url), f"CREATE DATABASE {name} TEMPLATE {make_url(url).database}")


def become(url: str, name: str) -> bool:
    """Make a database of PostgreSQL one like that which was kept under the name; returns whether
    there is one. Nobody may be connected to either."""
    server, own = _server_of(url), make_url(url).database
    engine = create_engine(server)
    with engine.connect() as connection:
        asked = text("SELECT count(*) FROM pg_database WHERE datname = :name")
        is_there = bool(connection.scalar(asked, {"name": name}))
    engine.dispose()
    if is_there:
        _execute(server, f"DROP DATABASE {own}", f"CREATE DATABASE {own} TEMPLATE {name}")
    return is_there


def _server_of(url: str) -> str:
    """Return the URL of a server's own database, from that of another one on it."""
    return url.replace(f"/{make_url(url).database}?", "/postgres?")


def dump(url: str, folder: Path) -> None:
    """Keep a database of PostgreSQL beside the files; that of SQLite is one of them."""
    if url.startswith("postgresql"):
        _client("pg_dump", url, "--format=custom", "--no-sync", f"--file={folder / 'dump'}")


def restore(url: str, folder: Path) -> None:
    """Fill an empty database of PostgreSQL, to which nobody is connected, with what was dumped into
    the folder; whoever comes later copies what the first one read."""
    dumped = folder / "dump"
    if not dumped.exists():
        return
    name = f"read_{blake2b(dumped.read_bytes(), digest_size=12).hexdigest()}"
    if not become(url, name):
        _client("pg_restore", url, str(dumped))
        keep_as(name, url)


def _client(command: str, url: str, *arguments: str) -> None:
    found = binaries()
    assert found is not None, "a PostgreSQL runs, so its programs are here"
    address = url.replace("postgresql+psycopg://", "postgresql://")
    subprocess.run([found / command, f"--dbname={address}", *arguments], check=True)


def _created(url: str, kind: str, like: str = "") -> str:
    """Create a database on the server of `url`; returns its URL."""
    name, server = f"{kind}_{secrets.token_hex(4)}", _server_of(url)
    _execute(server, f"CREATE DATABASE {name} {like}")
    return server.replace("/postgres?", f"/{name}?")


def _execute(url: str, *statements: str) -> None:
    """Execute statements that no transaction may hold, one worker at a time: two who copy one
    database at once are in each other's way."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    lock = Path(str(make_url(url).query["host"])).parent / "one-at-a-time"
    with alone(lock), engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))


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
