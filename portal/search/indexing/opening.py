"""The index of this process: opened when first needed, let go of when something is wrong."""

import threading
from collections.abc import Callable
from typing import TypeVar

from flask import current_app

from search_index.backends import open_index
from search_index.interface import Index, IndexUnusable, SearchError

T = TypeVar("T")

_opened: dict[str, Index] = {}
_guard = threading.Lock()


def place() -> str:
    """Return where the index is: a folder, or the address of a PostgreSQL database."""
    return str(current_app.config["SEARCH_INDEX"])


def with_index(work: Callable[[Index], T]) -> T:
    """Return what `work` makes of the index.

    Raises IndexUnusable when there is none, or it is damaged or of another version; IndexBusy
    when another process is writing for too long. After any of these the next caller opens it
    anew, so that a mended index needs no restart. An open index notices by itself that another
    process wrote to it or swapped it.
    """
    try:
        return work(_open())
    except SearchError:
        let_go()
        raise
    except (OSError, ValueError, LookupError) as problem:
        # A file that is damaged after it was opened shows itself only where it is read.
        let_go()
        raise IndexUnusable(f"The search index cannot be read ({type(problem).__name__}).") from (
            problem
        )


def _open() -> Index:
    key = place()
    with _guard:
        if key not in _opened:
            _opened[key] = open_index(key)
        return _opened[key]


def look_again() -> None:
    """Open the index anew, which reads its columns through; raises IndexUnusable and IndexBusy."""
    let_go()
    with_index(lambda index: index.count())


def problem_now() -> str:
    """Return in words why the index cannot be used, "" where it can."""
    try:
        look_again()
    except SearchError as problem:
        return str(problem)
    return ""


def let_go() -> None:
    """Close the index; whoever needs it next opens it anew."""
    with _guard:
        index = _opened.pop(place(), None)
    if index is not None:
        index.close()
