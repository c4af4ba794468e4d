"""`flask demo serve`: one command for the server and its worker, and both end with it."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from flask import Flask

from portal.db import db
from tests.demonstration import demonstration, shared_folder
from tests.postgres import copied_database

ROOT = Path(__file__).parents[2]
PATIENCE = 180


@contextmanager
def serving(
    url: str, folder: Path, port: int = 0, *, in_background: bool = False
) -> Iterator[subprocess.Popen[str]]:
    """Run the command on the database at `url`; it must have ended when the test does."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "demo", "serve", "--port", str(port)]
    if in_background:  # as by `nohup` or `&`: Ctrl-C's signal is ignored from birth
        command = ["sh", "-c", 'trap "" INT; exec "$@"', "sh", *command]
    environ = {**os.environ, "DEMO": "1", "INSTANCE": str(folder), "DATABASE_URL": url}
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def read_until(process: subprocess.Popen[str], pattern: str) -> re.Match[str]:
    """Return the first match in what the command prints."""
    assert process.stdout is not None
    for line in process.stdout:
        found = re.search(pattern, line)
        if found:
            return found
    pytest.fail(f"the command ended without saying {pattern}")


@pytest.fixture(scope="module")
def settled(
    request: pytest.FixtureRequest, database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """An application over the demonstration whose jobs are done, so that serving waits for none."""
    shared = shared_folder(request.config, tmp_path_factory)
    folder = tmp_path_factory.mktemp("settled")
    with demonstration(shared, database_url, folder, "settled") as app:
        yield app


@pytest.mark.slow
@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_prints_the_sign_ins_serves_and_stops_its_worker_with_it(
    settled: Flask, tmp_path: Path, stop: signal.Signals
) -> None:
    with settled.app_context():
        db.engine.dispose()
    url = settled.config["SQLALCHEMY_ENGINES"]["default"]["url"]
    with (
        copied_database(url, tmp_path / "world.db") as copy,
        serving(copy, tmp_path, in_background=stop is signal.SIGINT) as process,
    ):
        read_until(process, r"hin@demo\.example\s+Hannah Whitlock")
        address = read_until(process, r"Serving on (http://\S+)")[1]
        with urllib.request.urlopen(f"{address}/readyz", timeout=PATIENCE) as answer:  # noqa: S310  # ours
            assert answer.read() == b"ready\n"
        workers = psutil.Process(process.pid).children(recursive=True)
        assert any("jobs" in worker.cmdline() for worker in workers)
        process.send_signal(stop)
        assert process.wait(PATIENCE) == 0
        gone, left = psutil.wait_procs(workers, timeout=5)
        assert left == []
        assert gone


def test_a_taken_port_is_said_before_anything_is_loaded(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        url = f"sqlite:///{tmp_path / 'empty.db'}"
        with serving(url, tmp_path, port) as process:
            said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert f"Error: Port {port} of 127.0.0.1 cannot be used: " in said
    assert "make demo PORT=8123" in said
    assert "Loading" not in said
    assert not (tmp_path / "empty.db").exists()
