"""Databases as the migrations make them, at any revision: made once in a run and copied."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Any

from portal.db import db, migrations
from tests.conftest import make_app
from tests.postgres import copied_database, fresh_database
from tests.together import alone

AtRevision = Callable[[str, Path], AbstractContextManager[str]]
"""`with migrated_to("0009", path) as url`: an empty database of that revision, one's own."""


class Revisions:
    """Keeps an empty database of every revision that was asked for, in a folder of all workers.

    The next higher one is made of a copy of it: all of them take one run of the migrations.
    """

    def __init__(self, server: str, folder: Path) -> None:
        self._server, self._folder = server, folder
        # Which databases there are on this server: another one may be started later.
        self._told = folder / f"{blake2b(server.encode(), digest_size=8).hexdigest()}.json"

    @contextmanager
    def migrated_to(self, revision: str, path: Path) -> Iterator[str]:
        """Yield the URL of a copy of the database of a revision; on SQLite a file at `path`."""
        with alone(self._told) as kept:
            if revision not in kept:
                kept[revision] = self._made(revision, kept)
            url = kept[revision]
        with copied_database(url, path) as copy:
            yield copy

    def _made(self, revision: str, kept: dict[str, Any]) -> str:
        path = self._folder / f"{revision}.db"
        below = max((one for one in kept if one < revision), default=None)
        begun = copied_database(kept[below], path) if below else self._fresh(path)
        with begun as url:
            app = make_app(url, self._folder)
            with app.app_context():
                migrations.upgrade(revision)
                db.engine.dispose()
        return url

    def _fresh(self, path: Path) -> AbstractContextManager[str]:
        return fresh_database(self._server, path)
