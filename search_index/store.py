"""The records of an embedded index on disk: one SQLite file in write-ahead mode.

SQLite gives what an index must never get wrong: a change is there whole or not at all, a killed
writer loses nothing that was acknowledged, readers never wait for writers. Every change takes the
next number, so that a reader catches up by asking for what is newer than it has seen. A removed
record leaves an empty row behind for the same reason.
"""

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from search_index.interface import Document, IndexUnusable, SearchError
from search_index.ranking import fingerprint

_SCHEMA = """
CREATE TABLE record (
    id INTEGER PRIMARY KEY, change INTEGER NOT NULL, version INTEGER NOT NULL,
    fingerprint TEXT NOT NULL, body TEXT
);
CREATE UNIQUE INDEX record_change ON record (change);
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


class Change(NamedTuple):
    """A record that was written, or removed when ``document`` is ``None``."""

    id: int
    change: int
    document: Document | None


class Store:
    """The durable half of an embedded index."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        """Open the store in ``folder``; raises ``IndexUnusable`` when it is damaged."""
        self._file = folder / "records.sqlite3"
        self._guard = threading.RLock()
        if not create and not self._file.exists():
            raise IndexUnusable("The search index is not complete.")
        with self._translated():
            self._connection = sqlite3.connect(
                self._file, timeout=60, isolation_level=None, check_same_thread=False
            )
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")
            if create:
                self._connection.executescript(_SCHEMA)
            self._connection.execute("SELECT count(*) FROM fact").fetchone()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """One thread at a time, and SQLite's errors in the engine's words."""
        with self._guard:
            try:
                yield
            except sqlite3.OperationalError as error:
                raise SearchError(f"The search index could not be used: {error}.") from error
            except sqlite3.DatabaseError as error:
                raise IndexUnusable("The search index is damaged.") from error

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._translated():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.rollback()
                raise
            self._connection.commit()

    def put(self, documents: Iterable[Document]) -> int:
        """Write records in one transaction unless a newer version is held; return how many."""
        with self._transaction() as connection:
            change = self.last_change()
            written = 0
            for document in documents:
                row = (document.id, change + 1, document.version, fingerprint(document))
                done = connection.execute(
                    "INSERT INTO record VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
                    "change = excluded.change, version = excluded.version, "
                    "fingerprint = excluded.fingerprint, body = excluded.body "
                    "WHERE record.body IS NULL OR excluded.version >= record.version",
                    (*row, dump(document)),
                )
                change += done.rowcount
                written += done.rowcount
            return written

    def remove(self, ids: Iterable[int]) -> int:
        """Empty the rows of records in one transaction; return how many there were."""
        with self._transaction() as connection:
            change = self.last_change()
            removed = 0
            for one in ids:
                done = connection.execute(
                    "UPDATE record SET body = NULL, change = ? WHERE id = ? AND body IS NOT NULL",
                    (change + 1, one),
                )
                change += done.rowcount
                removed += done.rowcount
            return removed

    def last_change(self) -> int:
        """The number of the newest change; 0 when nothing was ever written."""
        with self._translated():
            newest = self._connection.execute("SELECT max(change) FROM record").fetchone()[0]
        return int(newest or 0)

    def data_version(self) -> int:
        """A number that differs after another connection committed; costs next to nothing."""
        with self._translated():
            return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def changes(self, after: int) -> list[Change]:
        """What was written or removed after a change, oldest first."""
        with self._translated():
            rows = self._connection.execute(
                "SELECT id, change, version, body FROM record WHERE change > ? ORDER BY change",
                (after,),
            ).fetchall()
        return [Change(i, c, load(i, v, body) if body else None) for i, c, v, body in rows]

    def documents(self) -> Iterator[Document]:
        """Every record by id, read in portions."""
        last = -(1 << 62)
        while True:
            with self._translated():
                rows = self._connection.execute(
                    "SELECT id, version, body FROM record "
                    "WHERE id > ? AND body IS NOT NULL ORDER BY id LIMIT 1000",
                    (last,),
                ).fetchall()
            if not rows:
                return
            yield from (load(one, version, body) for one, version, body in rows)
            last = rows[-1][0]

    def columns(self) -> tuple[str, int]:
        """The folder of the newest columns (empty when none) and the last change in them."""
        with self._translated():
            row = self._connection.execute("SELECT value FROM fact WHERE name = 'columns'")
            name, upto = json.loads((row.fetchone() or ('["", 0]',))[0])
        return str(name), int(upto)

    def set_columns(self, name: str, upto: int) -> None:
        """Let readers use the columns in a folder, which hold every change up to a number."""
        with self._transaction() as connection:
            row = ("columns", json.dumps([name, upto]))
            connection.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", row)

    def count(self) -> int:
        """How many records are held."""
        with self._translated():
            held = "SELECT count(*) FROM record WHERE body IS NOT NULL"
            return int(self._connection.execute(held).fetchone()[0])

    def fingerprints(self) -> list[tuple[int, str]]:
        """Each id with the fingerprint of its document, by id."""
        with self._translated():
            held = "SELECT id, fingerprint FROM record WHERE body IS NOT NULL ORDER BY id"
            return [(int(one), str(print_)) for one, print_ in self._connection.execute(held)]

    def check(self) -> None:
        """Read every page and every record; raises ``IndexUnusable`` when one is damaged."""
        with self._translated():
            verdict = self._connection.execute("PRAGMA quick_check").fetchone()[0]
        if verdict != "ok" or not self._is_as_written():
            raise IndexUnusable("The search index is damaged.")

    def _is_as_written(self) -> bool:
        """Whether each record still has its fingerprint: SQLite has no checksums of its own."""
        try:
            held = {document.id: fingerprint(document) for document in self.documents()}
        except (ValueError, TypeError, AttributeError, KeyError):
            return False
        return held == dict(self.fingerprints())

    def close(self) -> None:
        """Let go of the file."""
        with self._guard:
            self._connection.close()


def dump(document: Document) -> str:
    """A document as JSON, without its id and version."""
    facets = {name: list(values) for name, values in document.facets.items() if values}
    body = [dict(document.fields), facets, sorted(document.audience), document.standing]
    return json.dumps(body, ensure_ascii=True, separators=(",", ":"))


def load(one: int, version: int, body: str) -> Document:
    """A document from its JSON."""
    fields, facets, audience, standing = json.loads(body)
    return Document(one, fields, facets, frozenset(audience), standing, version)
