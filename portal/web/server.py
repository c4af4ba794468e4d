"""How gunicorn starts the web: `gunicorn --config python:portal.web.server wsgi:app`.

Each of its processes keeps its numbers in files of one folder, which the next start must not count
again, and of which a process that ended leaves what was its own alone.
"""

import os
import shutil
from pathlib import Path
from typing import Any

from prometheus_client import multiprocess

from portal.web.measured import FOLDER


def on_starting(_server: Any) -> None:
    """Begin with an empty folder."""
    folder = os.environ.get(FOLDER)
    if folder:
        shutil.rmtree(folder, ignore_errors=True)
        Path(folder).mkdir(parents=True)


def child_exit(_server: Any, worker: Any) -> None:
    """Forget the gauges of a process that ended; what it counted stays counted."""
    if os.environ.get(FOLDER):
        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]  # it has no types
