"""The demonstration, made once of the same sources and copied for whoever needs it.

Loading it takes most of a minute of one core, and every worker of a run needs it. It is kept in
pytest's cache under a fingerprint of all that makes it; whoever comes first makes it, the other
workers wait for that and copy.
"""

import fcntl
import hashlib
import shutil
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import TypeVar

import pytest
from flask import Flask
from sqlalchemy import make_url

from portal.clock import today
from portal.db import db
from portal.demo.services import preparing
from tests.conftest import make_app
from tests.postgres import dump, fresh_database, restore

T = TypeVar("T")
ROOT = Path(__file__).parent.parent
SOURCES = ("portal", "search_index", "migrations", "config.py", "tests/demonstration.py")
NOT_SOURCES = {"static", "__pycache__"}
PAGES = ".html"
"""No row comes from a page: emails, which the load writes, are texts."""
STAGES: dict[str, Callable[[], None]] = {"filled": preparing.fill, "settled": preparing.settle}
"""After the load, its jobs still waiting; and after them, judged and searched."""
KEPT = 6
"""Demonstrations of other sources that are kept: somebody goes back and forth."""


def fingerprint(kind: str) -> str:
    """Return what tells one demonstration from another: its sources, packages, database and day.

    The day, because its stories are told in days before today.
    """
    digest = hashlib.sha256(f"{kind} {today()} {sys.version}".encode())
    for one in sorted(f"{found.name}=={found.version}" for found in metadata.distributions()):
        digest.update(one.encode())
    for source in SOURCES:
        top = ROOT / source
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file() and path.suffix != PAGES and not NOT_SOURCES & set(path.parts):
                digest.update(str(path.relative_to(ROOT)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:20]


def shared_folder(config: pytest.Config, factory: pytest.TempPathFactory) -> Path:
    """Return where demonstrations are kept: pytest's cache, or this run's own folder without it."""
    if hasattr(config, "cache") and config.cache is not None:
        return config.cache.mkdir("demonstration")
    base = factory.getbasetemp()
    return base.parent if hasattr(config, "workerinput") else base


@contextmanager
def demonstration(
    shared: Path, database_url: str, folder: Path, stage: str, **settings: object
) -> Iterator[Flask]:
    """Yield an application over a copy of the demonstration, with all its files in `folder`."""
    workplace = folder.with_name(f"{folder.name}-made")
    kept = apart(lambda: _kept(shared, database_url, workplace, stage))
    shutil.copytree(kept, folder, dirs_exist_ok=True)
    with fresh_database(database_url, folder / "world.db") as url:
        restore(url, folder)
        app = make_app(url, folder, DEMO=True, **settings)
        try:
            yield app
        finally:
            apart(lambda: _let_go(app))


def apart(work: Callable[[], T]) -> T:
    """Return what `work` returns, done in a thread of its own: Playwright's has an event loop, in
    which an application context cannot end."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


def _let_go(app: Flask) -> None:
    with app.app_context():
        db.engine.dispose()


def _kept(shared: Path, database_url: str, workplace: Path, stage: str) -> Path:
    """Return the folder with a stage of today's demonstration, making it if need be."""
    kind = make_url(database_url).get_backend_name()
    kept = shared / f"{kind}-{stage}-{fingerprint(kind)}"
    with (shared / f"{stage}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if kept.exists():
            kept.touch()
            return kept
        unfinished = shared / f"{kind}-{stage}-unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        if stage == "settled":
            shutil.copytree(_kept(shared, database_url, workplace, "filled"), unfinished)
        _make(unfinished, database_url, workplace, STAGES[stage])
        unfinished.rename(kept)
    _throw_away(shared)
    return kept


def _throw_away(shared: Path) -> None:
    """Keep the newest few."""
    found = sorted((p for p in shared.glob("*-*") if p.is_dir()), key=lambda p: p.stat().st_mtime)
    for old in found[:-KEPT]:
        shutil.rmtree(old)


def _make(folder: Path, database_url: str, workplace: Path, step: Callable[[], None]) -> None:
    """Do a step of what `make demo` does before it serves, upon what lies in the folder."""
    if folder.exists():
        shutil.copytree(folder, workplace, dirs_exist_ok=True)
        shutil.rmtree(folder)
    workplace.mkdir(exist_ok=True)
    with fresh_database(database_url, workplace / "world.db") as url:
        restore(url, workplace)
        app = make_app(url, workplace, DEMO=True)
        with app.app_context():
            step()
        _let_go(app)
        app.extensions["portal-jobs"].huey.storage.close()
        dump(url, workplace)
    shutil.move(workplace, folder)
