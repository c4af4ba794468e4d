"""A portal that runs as it is documented, for `benchmarks.faults` and `benchmarks.load`."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import requests
from sqlalchemy import create_engine, func, select

from config import SECRETS
from portal.support.models import Interaction

PATIENCE = 240
"""Seconds after which what is waited for will not come."""


def wait_until(holds: Callable[[], object], what: str) -> None:
    """Wait until something holds; raises TimeoutError when it never does."""
    end = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(0.1)


def expect(holds: bool, what: object) -> None:
    """Raise AssertionError unless it holds."""
    if not holds:
        raise AssertionError(str(what))


def free_port() -> int:
    """Return a port of this machine that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@dataclass
class House:
    """A portal that runs: its folder, its processes, and what it acknowledged."""

    folder: Path
    database: str
    settings: dict[str, str] = field(default_factory=dict)
    """What its processes are told beside folder and database."""
    token: str = ""
    record: int = 0
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    acknowledged: set[str] = field(default_factory=set)
    port: int = field(default_factory=free_port)

    @property
    def env(self) -> dict[str, str]:
        """Return what every process is told."""
        own = {"INSTANCE": str(self.folder), "DATABASE_URL": self.database, "MAIL_BACKEND": "file"}
        secrets = dict.fromkeys(SECRETS, "only for faults")
        return {**os.environ, **own, **secrets, **self.settings}

    @property
    def url(self) -> str:
        """Return where the web listens."""
        return f"http://127.0.0.1:{self.port}"

    def fill(self) -> None:
        """Make the tables, a record and a token."""
        line = [sys.executable, "-m", "benchmarks.faults_fill", "tables"]
        told = subprocess.run(line, env=self.env, check=True, stdout=subprocess.PIPE, text=True)
        self.token, record = told.stdout.split()[-2:]
        self.record = int(record)

    @property
    def address(self) -> str:
        """Return where the database is, as SQLAlchemy says it."""
        return self.database.replace("postgresql://", "postgresql+psycopg://")

    def start(self, what: str, name: str = "") -> None:
        """Start the web or a worker, under a name of its own where it is not the only one."""
        at = f"127.0.0.1:{self.port}"
        config = ["--config", "python:portal.web.server", "--workers", "2", "--timeout", "60"]
        gunicorn = ["gunicorn", *config, "--bind", at, "wsgi:app"]
        lines = {
            "web": gunicorn
            if find_spec("gunicorn")
            else ["waitress", f"--listen={at}", "wsgi:app"],
            "worker": ["flask", "--app", "wsgi", "jobs", "work"],
        }
        with (self.folder.parent / f"{what}.log").open("ab") as log:
            self.running[name or what] = subprocess.Popen(
                [sys.executable, "-m", *lines[what]],
                env=self.env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        if what == "web":
            wait_until(lambda: self.answers("/readyz") == 200, "the web never answered")

    def kill(self, what: str) -> None:
        """Kill a process and all it started."""
        process = self.running.pop(what)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def kill_all(self) -> None:
        """Kill whatever runs."""
        for what in list(self.running):
            self.kill(what)

    def answers(self, path: str) -> int:
        """Return the code of a page, 0 where nobody answers."""
        try:
            return requests.get(self.url + path, timeout=15).status_code
        except requests.RequestException:
            return 0

    def write(self, key: str) -> int:
        """Log an interaction under a key; returns the code, 0 where nobody answered."""
        said = {"innovations": [self.record], "kind": "call", "minutes": 15, "note": key}
        body = {**said, "on": time.strftime("%Y-%m-%d"), "support_kinds": ["EVIDENCE"]}
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key}
        address = f"{self.url}/api/v1/interactions"
        try:
            code = requests.post(address, json=body, headers=headers, timeout=30).status_code
        except requests.RequestException:
            return 0
        if code in {200, 201}:
            self.acknowledged.add(key)
        return code

    def flask(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run a command of the portal."""
        line = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
        return subprocess.run(line, env=self.env, check=False, capture_output=True, text=True)

    def problems(self) -> list[str]:
        """Say what was lost, and what is there twice."""
        engine = create_engine(self.address)
        with engine.connect() as connection:
            counted = select(Interaction.note, func.count()).group_by(Interaction.note)
            found = {row[0]: row[1] for row in connection.execute(counted)}
        engine.dispose()
        lost = [f"{key} was lost" for key in self.acknowledged if key not in found]
        return lost + [f"{key} is there {n} times" for key, n in found.items() if n > 1]


@contextmanager
def writing(house: House) -> Iterator[None]:
    """Write all the time; what was not acknowledged is sent again under its key."""
    stop = threading.Event()

    def write(name: str) -> None:
        number, tries = 0, 0
        while not stop.is_set() or (tries and tries < PATIENCE):
            done = house.write(f"{name}-{number}") in {200, 201}
            number, tries = (number + 1, 0) if done else (number, tries + 1)
            time.sleep(0 if done else 0.3)

    begin = f"{time.time_ns()}"
    threads = [threading.Thread(target=write, args=(f"{begin}-{one}",)) for one in range(2)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()
