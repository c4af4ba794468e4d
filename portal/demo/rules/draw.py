"""Draw from a key instead of a random source, so that every load makes the same world."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")


def number(key: str, low: int, high: int) -> int:
    """Return a whole number from `low` to `high`, both included."""
    if high < low:
        raise ValueError(f"nothing lies between {low} and {high}")
    return low + _digest(key) % (high - low + 1)


def pick(key: str, options: Sequence[T]) -> T:
    """Return one of the options."""
    return options[number(key, 0, len(options) - 1)]


def chance(key: str, percent: int) -> bool:
    """Return whether the key is among so many in a hundred."""
    return number(key, 1, 100) <= percent


def shuffled(keys: Iterable[str], salt: str) -> list[str]:
    """Return the keys in an order that has nothing to do with their letters."""
    return sorted(keys, key=lambda key: (_digest(f"{salt}:{key}"), key))


def _digest(key: str) -> int:
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big")
