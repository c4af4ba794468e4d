"""How gunicorn starts the web: `gunicorn --config python:portal.web.server wsgi:app`.

The first process loads the portal, opens nothing, and the others are copies of it: they are there
at once, also the one after one that was killed, and what was loaded lies in memory once for all.
What is read at the start, code and settings, is therefore read anew by a restart alone.

Each of its processes keeps its numbers in files of one folder, which the next start must not count
again, and of which a process that ended leaves what was its own alone.
"""

import gc
import os
import shutil
from pathlib import Path
from typing import Any

from prometheus_client import multiprocess
from sqlalchemy.orm import configure_mappers

from portal.web.measured import FOLDER

preload_app = True
"""gunicorn's setting."""


def on_starting(_server: Any) -> None:
    """Begin with an empty folder, and with all that each process would make for itself."""
    configure_mappers()
    # A garbage collector that looks at what is shared would copy it for each process.
    gc.collect()
    gc.freeze()
    folder = os.environ.get(FOLDER)
    if folder:
        shutil.rmtree(folder, ignore_errors=True)
        Path(folder).mkdir(parents=True)


def post_worker_init(_worker: Any) -> None:
    """Look for what is no longer in use at every 50,000th object instead of the 700th: most of what
    a request makes is in use until it ends."""
    gc.set_threshold(50_000, 20, 20)


def child_exit(_server: Any, worker: Any) -> None:
    """Forget the gauges of a process that ended; what it counted stays counted."""
    if os.environ.get(FOLDER):
        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]  # it has no types
