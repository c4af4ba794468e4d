"""The folder of an embedded index: which store is current, who may write, and the swap.

``current.json`` names the store in use and is replaced atomically, so that a reader sees the old
index or the new one, never half of one. ``lock`` is an empty SQLite file whose write lock keeps
writers apart: the operating system lets go of it when a process dies, however it dies. ``mark``
is a number that a writer makes odd before it begins and even when it has done: while it is even
and the same, nothing has changed, and a reader knows that without asking any file.
"""

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np

from search_index.interface import IndexBusy, IndexUnusable, SearchError
from search_index.ranking import FORMAT

WAIT_SECONDS = 900.0
_MARK = np.dtype(np.int64)


class Folder:
    """A folder that holds one index, and for a moment a second one that is being built."""

    def __init__(self, path: Path) -> None:
        """``path`` need not exist yet."""
        self.path = path
        self._pointer = path / "current.json"
        self._mark: np.ndarray[Any, np.dtype[np.int64]] | None = None

    def exists(self) -> bool:
        """Whether an index was ever completed here."""
        return self._pointer.exists()

    def stamp(self) -> tuple[int, int]:
        """A value that changes when another store becomes current; cheap to ask for."""
        try:
            facts = os.stat(self._pointer)
        except OSError as error:
            raise IndexUnusable(f"There is no search index in {self.path.name}.") from error
        return facts.st_ino, facts.st_mtime_ns

    def mark(self) -> int:
        """A number that is the same while nothing changes, or odd when that cannot be told."""
        if self._mark is None:
            try:
                mapped = np.memmap(self.path / "mark", dtype=_MARK, mode="r", shape=(1,))
            except (OSError, ValueError):
                return 1
            self._mark = np.asarray(mapped)
        return int(self._mark[0])

    def current(self, analysis: str) -> Path:
        """The store in use; raises ``IndexUnusable`` when it was made by another version."""
        try:
            facts = json.loads(self._pointer.read_text(encoding="utf-8"))
            made_with, name = (facts["format"], facts["analysis"]), str(facts["store"])
        except FileNotFoundError as error:
            raise IndexUnusable(f"There is no search index in {self.path.name}.") from error
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexUnusable("The search index cannot be read.") from error
        if made_with != (FORMAT, analysis):
            raise IndexUnusable("The search index was made by another version.")
        store = self.path / name
        if not store.is_dir():
            raise IndexUnusable("The search index is not complete.")
        return store

    def new(self) -> Path:
        """An empty folder for a store that is to become current."""
        store = self.path / f"store-{uuid4().hex[:12]}"
        store.mkdir(parents=True)
        return store

    def swap(self, store: Path, analysis: str) -> None:
        """Make a store current in one step, then throw away what nobody needs."""
        beside = self._pointer.with_suffix(".new")
        facts = {"format": FORMAT, "analysis": analysis, "store": store.name}
        with beside.open("w", encoding="utf-8") as target:
            json.dump(facts, target)
            target.flush()
            os.fsync(target.fileno())
        os.replace(beside, self._pointer)
        for other in self.path.glob("store-*"):
            if other != store:
                shutil.rmtree(other, ignore_errors=True)

    @contextmanager
    def writing(self, wait_seconds: float = WAIT_SECONDS) -> Iterator[None]:
        """Hold the only right to write; raises ``IndexBusy`` after ``wait_seconds``."""
        self.path.mkdir(parents=True, exist_ok=True)
        with _held(self.path / "lock", wait_seconds) as alone:
            if not alone:
                raise IndexBusy("Another process is writing to the search index.")
            with self._marked():
                yield

    @contextmanager
    def making(self) -> Iterator[bool]:
        """Whether nobody else is making columns, which takes long and needs no right to write."""
        with _held(self.path / "making", 0.0) as alone:
            yield alone

    @contextmanager
    def _marked(self) -> Iterator[None]:
        """A killed writer leaves the mark odd: readers then look for themselves."""
        mark = np.memmap(self._mark_file(), dtype=_MARK, mode="r+", shape=(1,))
        mark[0] |= 1
        try:
            yield
        finally:
            mark[0] += 1

    def _mark_file(self) -> Path:
        file = self.path / "mark"
        if not file.exists() or file.stat().st_size != _MARK.itemsize:
            try:
                file.write_bytes(bytes(_MARK.itemsize))
            except OSError as error:
                raise SearchError(f"The search index could not be written: {error}.") from error
            # Whoever still looks at a mark that was deleted opens everything anew.
            with suppress(OSError):
                os.utime(self._pointer)
        return file


@contextmanager
def _held(file: Path, wait_seconds: float) -> Iterator[bool]:
    """Whether the lock could be had; it is let go of at the end."""
    lock = sqlite3.connect(file, timeout=wait_seconds, isolation_level=None)
    try:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            yield False
        else:
            yield True
    finally:
        lock.close()
