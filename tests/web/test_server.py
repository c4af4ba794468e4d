"""The web's processes are copies of one that loaded the portal: it may hold nothing open."""

import gc
import subprocess
import sys
import threading
from pathlib import Path

from flask import Flask

from portal.db import db
from portal.web import server
from tests.conftest import make_app

LOADED = """
import gc
runs = []
gc.callbacks.append(lambda phase, told: runs.append(phase))
import portal
print(len(runs), gc.isenabled(), gc.get_freeze_count() > 100_000)
gc.disable()
from importlib import reload
reload(portal)
print(gc.isenabled())
"""


def open_of(app: Flask) -> list[object]:
    """Connections that the application holds."""
    with app.app_context():
        pool = db.engine.pool
    queue = app.extensions["portal-jobs"].huey.storage
    return [*range(pool.checkedin() + pool.checkedout()), *([queue._conn] if queue._conn else [])]


def test_an_application_that_is_loaded_has_nothing_open_that_two_processes_cannot_share(
    tmp_path: Path,
) -> None:
    assert server.preload_app
    before = set(threading.enumerate())
    app = make_app(f"sqlite:///{tmp_path / 'portal.db'}", tmp_path)
    assert set(threading.enumerate()) == before
    assert open_of(app) == []
    with app.app_context(), db.engine.connect():
        assert open_of(app)  # it would be seen
    with app.app_context():
        db.engine.dispose()


def test_a_process_looks_seldom_for_what_is_no_longer_in_use() -> None:
    before, was_enabled = gc.get_threshold(), gc.isenabled()
    try:
        server.post_worker_init(None)
        assert gc.get_threshold()[0] > before[0]
        assert gc.isenabled() is was_enabled
    finally:
        gc.set_threshold(*before)


def test_nobody_looks_for_what_is_no_longer_in_use_while_the_portal_loads() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True
    )
    runs, *told = done.stdout.split()
    assert int(runs) < 10  # hundreds, at every 700th object
    assert told == ["True", "True", "False"], "as it was before, what was loaded put aside"
