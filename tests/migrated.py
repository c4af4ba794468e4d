"""Databases as the migrations make them, at any revision: made once in a worker and copied."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from portal.db import db, migrations
from tests.conftest import make_app
from tests.postgres import copied_database, fresh_database

AtRevision = Callable[[str, Path], AbstractContextManager[str]]
"""`with migrated_to("0009", path) as url`: an empty database of that revision, one's own."""


class Revisions:
    """Keeps an empty database of every revision that was asked for.

    The next higher one is made of a copy of it: all of them take one run of the migrations.
    """

    def __init__(self, server: str, folder: Path) -> None:
        self._server, self._folder = server, folder
        self._kept: dict[str, str] = {}

    @contextmanager
    def migrated_to(self, revision: str, path: Path) -> Iterator[str]:
        """Yield the URL of a copy of the database of a revision; on SQLite a file at `path`."""
        if revision not in self._kept:
            self._kept[revision] = self._made(revision)
        with copied_database(self._kept[revision], path) as url:
            yield url

    def _made(self, revision: str) -> str:
        path = self._folder / f"{revision}.db"
        below = max((kept for kept in self._kept if kept < revision), default=None)
        begun = copied_database(self._kept[below], path) if below else self._fresh(path)
        with begun as url:
            app = make_app(url, self._folder)
            with app.app_context():
                migrations.upgrade(revision)
                db.engine.dispose()
        return url

    def _fresh(self, path: Path) -> AbstractContextManager[str]:
        return fresh_database(self._server, path)
