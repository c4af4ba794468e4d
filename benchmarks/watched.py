"""Serve or work as the commands do, and write down how long each transaction held SQLite's lock.

    python -m benchmarks.watched LOG serve PORT
    python -m benchmarks.watched LOG work

Each transaction that wrote and held the lock for a tenth of a second or longer is one line of LOG:
the seconds, how many of them the processor worked for it, and in which functions it ended.
"""

import sys
import threading
import time
import traceback
from pathlib import Path
from typing import Any

import waitress
from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import Engine

from portal import create_app
from portal import db as database

WORTH = 0.1
"""Seconds from which a transaction is written down."""


class Watch:
    """How long each transaction held the lock, and where it ended."""

    def __init__(self, path: Path) -> None:
        self.path, self.began = path, threading.local()
        # The portal's own listener, which takes the lock, comes before: its wait is not counted.
        event.listen(Engine, "begin", self._begin)
        event.listen(Engine, "commit", self._end)
        event.listen(Engine, "rollback", self._end)

    def _begin(self, connection: Any) -> None:
        is_main = connection.dialect.name == "sqlite" and not database._reading.get()
        self.began.at = (time.monotonic(), time.thread_time()) if is_main else None

    def _end(self, _connection: Any) -> None:
        began, self.began.at = getattr(self.began, "at", None), None
        if began and (took := time.monotonic() - began[0]) >= WORTH:
            worked = time.thread_time() - began[1]
            ours = [f for f in traceback.extract_stack() if "/portal/" in f.filename]
            where = " > ".join(f"{Path(f.filename).stem}.{f.name}:{f.lineno}" for f in ours[-5:])
            with self.path.open("a") as log:
                log.write(f"{took:.2f} s, {worked:.2f} of processor: {where}\n")


def serve(app: Flask, port: int) -> None:
    """Serve as the demonstration is served."""
    waitress.serve(app, host="127.0.0.1", port=port, threads=8, _quiet=True)


def main() -> None:
    """Watch, then serve or work until stopped."""
    log, what, *rest = sys.argv[1:]
    app = create_app()
    Watch(Path(log))
    if what == "serve":
        serve(app, int(rest[0]))
    else:
        app.extensions["portal-jobs"].work()


if __name__ == "__main__":
    main()
