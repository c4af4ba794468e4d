"""The default engine: durable records on disk, ranked in the process that asks.

Any number of processes may read and write. A search first looks whether anything changed since
the last one and catches up with just that.
"""

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from search_index.folder import Folder
from search_index.interface import About, Answer, Document, Query, Suggestion
from search_index.memory import MemoryIndex
from search_index.ranking import FORMAT, Settings
from search_index.store import Store

BATCH = 500


class EmbeddedIndex:
    """An index in a folder."""

    def __init__(
        self, path: Path, settings: Settings | None = None, *, create: bool = False
    ) -> None:
        """Open the index in ``path``, making an empty one only when ``create`` is set.

        Raises ``IndexUnusable`` when there is none, or it is damaged or of another version.
        """
        self.settings = settings or Settings()
        self._folder = Folder(path)
        self._analysis = self.settings.digest()
        self._guard = threading.RLock()
        if create and not self._folder.exists():
            _fill(self._folder, self._analysis, (), lambda done: None)
        self._open()

    def _open(self) -> None:
        self._process = os.getpid()
        self._stamp = self._folder.stamp()
        self._store = Store(self._folder.current(self._analysis))
        self._memory = MemoryIndex(self.settings)
        self._seen = 0
        self._data_version = -1

    def _fresh(self) -> MemoryIndex:
        """The records as they are now."""
        with self._guard:
            if self._stamp != self._folder.stamp() or self._process != os.getpid():
                self._store.close()
                self._open()
            version = self._store.data_version()
            if version != self._data_version:
                self._catch_up()
                self._data_version = version
            return self._memory

    def _catch_up(self) -> None:
        for change in self._store.changes(self._seen):
            self._memory.remove([change.id])
            if change.document:
                self._memory.put([change.document])
            self._seen = change.change

    def put(self, documents: Iterable[Document]) -> int:
        """Add or replace records in one transaction; see ``interface.Index``."""
        with self._folder.writing():
            self._fresh()
            written = self._store.put(documents)
            self._catch_up()
        return written

    def remove(self, ids: Iterable[int]) -> int:
        """Forget records in one transaction; see ``interface.Index``."""
        with self._folder.writing():
            self._fresh()
            removed = self._store.remove(ids)
            self._catch_up()
        return removed

    def clear(self) -> None:
        """Forget everything, by swapping an empty store in."""
        rebuild(self._folder.path, (), settings=self.settings)

    def search(self, query: Query) -> Answer:
        """Answer a query; see ``interface.Index``."""
        return self._fresh().search(query)

    def suggest(
        self, prefix: str, *, limit: int = 8, audience: frozenset[str] | None = None
    ) -> list[Suggestion]:
        """Complete what is being typed; see ``interface.Index``."""
        return self._fresh().suggest(prefix, limit=limit, audience=audience)

    def count(self) -> int:
        """How many records there are."""
        self._fresh()
        return self._store.count()

    def fingerprints(self) -> Iterator[tuple[int, str]]:
        """Each id with its document's fingerprint."""
        self._fresh()
        yield from self._store.fingerprints()

    def about(self) -> About:
        """Facts for the health page."""
        return About("embedded", f"{FORMAT}/{self._analysis}", self.count())

    def close(self) -> None:
        """Let go of the files."""
        self._store.close()


def rebuild(
    path: Path,
    documents: Iterable[Document],
    progress: Callable[[int], None] = lambda done: None,
    settings: Settings | None = None,
) -> int:
    """Build an index beside the one in ``path`` and swap it in; return how many records it holds.

    Searches go on in the old index meanwhile and writers wait, so no change is lost: read
    ``documents`` lazily, from inside this call. ``progress`` gets the number of records written
    so far. When anything fails, the old index stays.
    """
    analysis = (settings or Settings()).digest()
    folder = Folder(path)
    with folder.writing():
        return _fill(folder, analysis, documents, progress)


def _fill(
    folder: Folder, analysis: str, documents: Iterable[Document], progress: Callable[[int], None]
) -> int:
    place = folder.new()
    store = Store(place, create=True)
    try:
        done = 0
        for batch in _batches(documents):
            done += store.put(batch)
            progress(done)
    finally:
        store.close()
    folder.swap(place, analysis)
    return done


def _batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    batch: list[Document] = []
    for document in documents:
        batch.append(document)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
