"""Attempts are counted, and workers are woken, in Redis: a server where one is installed, else one
that is written in Python and speaks the same protocol."""

import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator

import pytest
from fakeredis import TcpFakeServer
from limits.storage import storage_from_string

from portal.db import db
from portal.jobs import make_huey
from portal.web.limits import limiter
from tests.accounts.test_guessing import OWNER, tries
from tests.conftest import make_app
from tests.killing import wait_until
from tests.tables import fill

SERVER = shutil.which("redis-server") or shutil.which("valkey-server")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


@pytest.fixture
def redis_url() -> Iterator[str]:
    """The address of an empty server."""
    port = _free_port()
    if SERVER is None:
        fake = TcpFakeServer(("127.0.0.1", port), server_type="redis")
        threading.Thread(target=fake.serve_forever, daemon=True).start()
        yield f"redis://127.0.0.1:{port}/0"
        fake.shutdown()
        fake.server_close()
        return
    process = subprocess.Popen(
        [SERVER, "--port", str(port), "--save", "", "--appendonly", "no"],
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: socket.socket().connect_ex(("127.0.0.1", port)) == 0)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait()


def test_the_portal_counts_attempts_in_redis(redis_url: str, tmp_path) -> None:
    app = make_app(
        f"sqlite:///{tmp_path / 'portal.db'}",
        tmp_path,
        RATELIMIT_ENABLED=True,
        RATELIMIT_STORAGE_URI=redis_url,
    )
    with app.app_context():
        fill()
    got = [tries(app.test_client(), OWNER) for _ in range(12)]
    limiter.enabled = False
    assert got == [200] * 10 + [429] * 2
    with app.app_context():
        assert sum(storage_from_string(redis_url).storage.exists(key) for key in _keys(redis_url))
        db.engine.dispose()


def _keys(redis_url: str) -> list[str]:
    return list(storage_from_string(redis_url).storage.keys("*"))


def test_two_workers_count_together(redis_url: str) -> None:
    one, other = storage_from_string(redis_url), storage_from_string(redis_url)
    assert [one.incr("a key", 60), other.incr("a key", 60)] == [1, 2]


def test_workers_are_woken_through_redis(redis_url: str) -> None:
    queue, worker = make_huey(redis_url), make_huey(redis_url)
    ran = []
    task = queue.task(name="run_again")(ran.append)
    worker.task(name="run_again")(ran.append)
    task(7)
    found = worker.dequeue()
    worker.execute(found)
    assert ran == [7]
