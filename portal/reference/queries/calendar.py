"""Keep what deadlines are worked out from, for one transaction that sets many."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar, cast

T = TypeVar("T")
_kept: ContextVar[dict[Hashable, Any] | None] = ContextVar("kept_calendar", default=None)


@contextmanager
def calendar_kept() -> Iterator[None]:
    """Read bank holidays and settings of deadlines once for all that is promised inside: for one
    transaction that sets many due dates, and changes neither."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def kept(key: Hashable, read: Callable[[], T]) -> T:
    """Return what is read under a key: once inside `calendar_kept`, anew each time outside."""
    found = _kept.get()
    if found is None:
        return read()
    if key not in found:
        found[key] = read()
    return cast(T, found[key])
