"""Which engine an address means."""

from collections.abc import Callable, Iterable
from pathlib import Path

from search_index import embedded
from search_index.embedded import EmbeddedIndex
from search_index.interface import Document, Index
from search_index.memory import MemoryIndex
from search_index.ranking import Settings


def open_index(
    where: str | Path, settings: Settings | None = None, *, create: bool = False
) -> Index:
    """Open the index at ``where``: a folder, or ``memory:`` for one that nothing outlives.

    A folder without an index is an ``IndexUnusable`` unless ``create`` is set.
    """
    if str(where) == "memory:":
        return MemoryIndex(settings)
    return EmbeddedIndex(Path(where), settings, create=create)


def rebuild(
    where: str | Path,
    documents: Iterable[Document],
    progress: Callable[[int], None] = lambda done: None,
    settings: Settings | None = None,
) -> int:
    """Make the index at ``where`` anew beside the old one and swap; see ``embedded.rebuild``."""
    return embedded.rebuild(Path(where), documents, progress, settings)
