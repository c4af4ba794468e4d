"""A kit for tests that kill processes: start them, wait for what they do, end them the hard way.

Nothing waits for seconds: a process tells what it has done by a file or a line that it prints.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
Wait = Callable[[Callable[[], object]], None]
PATIENCE = 90
"""Seconds after which what is waited for will not come."""


def start(*arguments: object, log: Path | None = None) -> "subprocess.Popen[str]":
    """Start Python with these arguments from the root of the tree, in a process group of its own.

    What it prints is a pipe to read, or goes to `log`, together with its errors.
    """
    printed = log.open("a") if log else subprocess.PIPE
    try:
        return subprocess.Popen(
            [sys.executable, *map(str, arguments)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            start_new_session=True,
            stdout=printed,
            stderr=subprocess.STDOUT if log else None,
            text=True,
        )
    finally:
        if log and not isinstance(printed, int):
            printed.close()


def kill(process: "subprocess.Popen[str]") -> str:
    """Kill a process and whatever it started; returns what it had printed and nobody had read."""
    os.killpg(process.pid, signal.SIGKILL)
    rest, _ = process.communicate()
    assert process.returncode == -signal.SIGKILL, "it had ended by itself"
    return rest or ""


@contextmanager
def working(module: str, url: str, folder: Path) -> Iterator[Wait]:
    """Run a worker module on the database at `url`; killed at the end, whatever it does.

    Yields how to wait until something holds: fails with the worker's log when it never does.
    """
    log = folder / "worker.log"
    process = start("-m", module, url, folder, log=log)

    def until(holds: Callable[[], object]) -> None:
        wait_until(holds, log.read_text)

    try:
        yield until
    finally:
        kill(process)


def wait_until(holds: Callable[[], object], told: Callable[[], str] = lambda: "") -> None:
    """Wait until `holds()`; fails with what `told()` says."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, told()
        time.sleep(0.05)
