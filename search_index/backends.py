"""Which engine an address means."""

from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from types import ModuleType

from search_index import embedded
from search_index.embedded import EmbeddedIndex
from search_index.interface import Document, Index, IndexUnusable
from search_index.memory import MemoryIndex
from search_index.ranking import Settings


def open_index(
    where: str | Path, settings: Settings | None = None, *, create: bool = False
) -> Index:
    """Open the index at ``where``: a folder, a ``postgresql://`` address, or ``memory:``.

    One in memory nothing outlives. A place without an index is an ``IndexUnusable`` unless
    ``create`` is set.
    """
    if str(where) == "memory:":
        return MemoryIndex(settings)
    if is_address(where):
        opened: Index = _postgres().PostgresIndex(str(where), settings, create=create)
        return opened
    return EmbeddedIndex(Path(where), settings, create=create)


def rebuild(
    where: str | Path,
    documents: Iterable[Document],
    progress: Callable[[int], None] = lambda done: None,
    settings: Settings | None = None,
) -> int:
    """Make the index at ``where`` anew beside the old one and swap; see ``embedded.rebuild``."""
    if is_address(where):
        done: int = _postgres().rebuild(str(where), documents, progress, settings)
        return done
    return embedded.rebuild(Path(where), documents, progress, settings)


def is_address(where: str | Path) -> bool:
    """Whether ``where`` names a PostgreSQL database and not a folder."""
    return str(where).startswith(("postgresql://", "postgresql+psycopg://", "postgres://"))


def _postgres() -> ModuleType:
    """The engine for PostgreSQL, read only where it is used: its driver is an extra."""
    try:
        return import_module("search_index.postgres.index")
    except ImportError as error:
        raise IndexUnusable(
            "SEARCH_INDEX names a PostgreSQL database, and its driver is not installed "
            "(pip install 'innovation-portal[postgres]')."
        ) from error
