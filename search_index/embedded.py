"""The default engine: durable records on disk, ranked in the process that asks.

Any number of processes may read and write. A search first looks whether anything changed since
the last one and catches up with just that.
"""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from search_index import searching, themes
from search_index.building import Builder
from search_index.columns import Columns
from search_index.folder import Folder
from search_index.interface import (
    Answer,
    Document,
    IndexFacts,
    IndexUnusable,
    Query,
    SearchError,
    Suggestion,
)
from search_index.ranking import FORMAT, Settings
from search_index.readers import Snapshot
from search_index.segments import Segment
from search_index.store import Change, Store

BATCH = 500
MIN_RECENT = 100
MAX_RECENT = 500
_SHARE = 10
_ATTEMPTS = 4
_PAUSE_SECONDS = 0.05
_left_to_parent: list[Store] = []


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
            with self._folder.writing():
                if not self._folder.exists():
                    _fill(self._folder, self.settings, (), lambda done: None)
        self._open()

    def _open(self) -> None:
        self._process = os.getpid()
        self._stamp = self._folder.stamp()
        self._place = self._folder.current(self._analysis)
        self._store = Store(self._place)
        self._mark = self._data_version = -1
        self._base: tuple[str, Segment] | None = None
        self._seen = 0
        self._recent: dict[int, Document] = {}
        self._snapshot = Snapshot((), None)

    def _fresh(self) -> Snapshot:
        """The records as they are now; tries again when another process just swapped files."""
        with self._guard:
            for attempt in range(_ATTEMPTS):
                try:
                    return self._current()
                except IndexUnusable:
                    if attempt == _ATTEMPTS - 1:
                        raise
                    time.sleep(_PAUSE_SECONDS)
                    self._stamp = (0, 0)
        raise AssertionError

    def _current(self) -> Snapshot:
        if self._process != os.getpid():
            # SQLite's connections must not be used, nor even closed, on the other side of a fork.
            _left_to_parent.append(self._store)
            self._open()
        if self._stamp != self._folder.stamp():
            self._store.close()
            self._folder = Folder(self._folder.path)
            self._open()
        mark = self._folder.mark()
        if mark == self._mark and not mark & 1:
            return self._snapshot
        version = self._store.data_version()
        if version != self._data_version:
            self._catch_up()
            self._data_version = version
        self._mark = mark
        return self._snapshot

    def _catch_up(self) -> None:
        name, upto = self._store.columns()
        renewed = self._base is None or self._base[0] != name
        if self._base is None or renewed:
            columns = Columns.load(self._place / name) if name else Builder(self.settings).columns()
            self._base = (name, Segment(columns))
            self._seen, self._recent = upto, {}
        changes = self._store.changes(self._seen)
        if changes or renewed:
            self._apply(self._base[1], changes)

    def _apply(self, base: Segment, changes: Sequence[Change]) -> None:
        """Note what changed since the columns were made: a small second segment in memory."""
        for one, number, document in changes:
            self._recent.pop(one, None)
            if document:
                self._recent[one] = document
            self._seen = number
        base = base.without(change.id for change in changes)
        self._base = (self._base[0] if self._base else "", base)
        averages = base.columns.averages if len(base.columns) else None
        recent = Builder(self.settings)
        for document in self._recent.values():
            recent.add(document)
        added = recent.columns(averages)
        placed = added.with_themes(
            added.term_themes, themes.place(added, themes.directions(added, base.columns))
        )
        self._snapshot = Snapshot((base, Segment(placed)), base.columns)

    def put(self, documents: Iterable[Document]) -> int:
        """Add or replace records in one transaction; see ``interface.Index``."""
        with self._writing() as store:
            written = store.put(documents)
        self._settle()
        return written

    def remove(self, ids: Iterable[int]) -> int:
        """Forget records in one transaction; see ``interface.Index``."""
        with self._writing() as store:
            removed = store.remove(ids)
        self._settle()
        return removed

    @contextmanager
    def _writing(self) -> Iterator[Store]:
        """Hold the right to write; what was written is seen when it ends."""
        with self._folder.writing():
            self._fresh()
            yield self._store
            with self._guard:
                self._catch_up()

    def _settle(self) -> None:
        """Make new columns when so much has changed that catching up would cost readers time.

        Others write on meanwhile; their changes are in the store and come on top.
        """
        if not self._is_due():
            return
        # The change itself is safe in the store: without room for columns they come later.
        with self._folder.making() as alone, suppress(OSError):
            if alone and self._is_due():
                self._renew()

    def _is_due(self) -> bool:
        _, upto = self._store.columns()
        changed = self._store.last_change() - upto
        return changed > MAX_RECENT or (
            changed > MIN_RECENT and changed > self._store.count() // _SHARE
        )

    def _renew(self) -> None:
        place = self._place
        name, upto = make_columns(place, self._store, self.settings)
        with self._writing() as store:
            # After a rebuild there is another store, with columns of its own.
            if self._place == place:
                use_columns(place, store, name, upto)
            else:
                shutil.rmtree(place, ignore_errors=True)

    def clear(self) -> None:
        """Forget everything, by swapping an empty store in."""
        rebuild(self._folder.path, (), settings=self.settings)

    def search(self, query: Query) -> Answer:
        """Answer a query; see ``interface.Index``."""
        return searching.search(self._fresh(), query, self.settings)

    def suggest(
        self, prefix: str, *, limit: int = 8, audience: frozenset[str] | None = None
    ) -> list[Suggestion]:
        """Complete what is being typed; see ``interface.Index``."""
        return searching.suggest(self._fresh(), prefix, limit, audience, self.settings)

    def count(self) -> int:
        """How many records there are."""
        self._fresh()
        return self._store.count()

    def fingerprints(self) -> Iterator[tuple[int, str]]:
        """Each id with its document's fingerprint."""
        self._fresh()
        yield from self._store.fingerprints()

    def check(self) -> None:
        """Read every record and every column; see ``interface.Index``."""
        self._fresh()
        self._store.check()
        name, _ = self._store.columns()
        if name:
            Columns.load(self._place / name)

    def about(self) -> IndexFacts:
        """Facts for the health page."""
        return IndexFacts("embedded", f"{FORMAT}/{self._analysis}", self.count())

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
    folder = Folder(path)
    with folder.writing():
        return _fill(folder, settings or Settings(), documents, progress)


def _fill(
    folder: Folder,
    settings: Settings,
    documents: Iterable[Document],
    progress: Callable[[int], None],
) -> int:
    place = folder.new()
    try:
        done = _write(place, settings, documents, progress)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    folder.swap(place, settings.digest())
    return done


def _write(
    place: Path,
    settings: Settings,
    documents: Iterable[Document],
    progress: Callable[[int], None],
) -> int:
    store, done = Store(place, create=True), 0
    try:
        for batch in _batches(documents):
            done += store.put(batch)
            progress(done)
        try:
            made = make_columns(place, store, settings)
        except OSError as error:
            raise SearchError(f"The search index could not be written: {error}.") from error
        use_columns(place, store, *made)
    finally:
        store.close()
    return done


def make_columns(place: Path, store: Store, settings: Settings) -> tuple[str, int]:
    """Make columns of everything in a store; return their folder and the last change in them.

    Records that change meanwhile may be in them in either form: readers go by later changes.
    """
    upto = store.last_change()
    builder = Builder(settings)
    for document in store.documents():
        builder.add(document)
    name = f"columns-{upto}-{uuid4().hex[:8]}"
    try:
        themes.fit(builder.columns(), settings).save(place / name)
    except OSError:
        shutil.rmtree(place / name, ignore_errors=True)
        raise
    return name, upto


def use_columns(place: Path, store: Store, name: str, upto: int) -> None:
    """Let readers use columns from now on, and throw away all others."""
    store.set_columns(name, upto)
    for other in place.glob("columns-*"):
        if other.name != name:
            shutil.rmtree(other, ignore_errors=True)


def _batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    batch: list[Document] = []
    for document in documents:
        batch.append(document)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
