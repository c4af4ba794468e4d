"""Plain arrays on disk: each in its own file, mapped into memory when read, never unpickled.

What was written is summed up (CRC-32), and read through once when it is opened: a damaged byte is
found then, not in the middle of somebody's search.
"""

import json
import zlib
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_index.interface import IndexUnusable

Array = NDArray[Any]
_FACTS = "columns.json"
_SMALL = 256


def save(folder: Path, arrays: Mapping[str, Array], facts: Mapping[str, object]) -> None:
    """Write arrays and facts into a new folder; the facts come last and make it complete."""
    folder.mkdir()
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)
    sums = {name: _sum_of((folder / f"{name}.npy").read_bytes()) for name in arrays}
    whole = json.dumps({"sums": sums, "facts": dict(facts)})
    (folder / _FACTS).write_text(f"{_sum_of(whole.encode())}\n{whole}", encoding="utf-8")


def load(folder: Path) -> tuple[dict[str, Array], dict[str, Any]]:
    """Map the arrays of a folder; raises ``IndexUnusable`` when one is missing or damaged."""
    try:
        said, _, written = (folder / _FACTS).read_text(encoding="utf-8").partition("\n")
        if int(said) != _sum_of(written.encode()):
            raise ValueError(_FACTS)
        whole = json.loads(written)
        arrays = {name: _mapped(folder / f"{name}.npy", s) for name, s in whole["sums"].items()}
        return arrays, whole["facts"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexUnusable("The columns of the search index are damaged.") from error


def _mapped(file: Path, wanted: int) -> Array:
    size = file.stat().st_size
    # What is too short to be an array cannot be mapped, either.
    whole = np.memmap(file, np.uint8, "r").data if size > _SMALL else file.read_bytes()
    if _sum_of(whole) != wanted:
        raise ValueError(file.name)
    # An empty array cannot be mapped; a plain ndarray over the map indexes faster than a memmap.
    mapped = np.load(file, mmap_mode="r", allow_pickle=False) if size > _SMALL else np.load(file)
    return np.asarray(mapped)


def _sum_of(written: bytes | memoryview) -> int:
    return zlib.crc32(written)


class SortedStrings:
    """Sorted strings in two arrays: found by halving, without a dictionary in every process.

    Only every 64th string is held in memory, to begin the halving with.
    """

    _STEP = 64

    def __init__(self, letters: Array, ends: Array) -> None:
        """``letters`` is all the UTF-8 in order, ``ends`` where each string ends."""
        self.ends = ends
        self._bytes = letters.data
        self._size = len(ends) - 1
        self._heads = [self.raw(index) for index in range(0, self._size, self._STEP)]

    def __len__(self) -> int:
        return self._size

    def raw(self, index: int) -> bytes:
        """The bytes of one string."""
        return bytes(self._bytes[self.ends[index] : self.ends[index + 1]])

    def at(self, index: int) -> str:
        """One string."""
        return self.raw(index).decode("utf-8", "surrogatepass")

    def _place(self, wanted: bytes) -> int:
        """How many strings are smaller."""
        head = bisect_left(self._heads, wanted)
        first, last = max(head - 1, 0) * self._STEP, min(head * self._STEP, self._size)
        return bisect_left(range(self._size), wanted, lo=first, hi=last, key=self.raw)

    def find(self, word: str) -> int:
        """The index of a string, or -1."""
        wanted = encode(word)
        index = self._place(wanted)
        return index if index < self._size and self.raw(index) == wanted else -1

    def starting(self, prefix: str) -> range:
        """The indexes of the strings that start with a prefix."""
        wanted = encode(prefix)
        # No UTF-8 holds a byte FF, so nothing that starts with the prefix sorts after this.
        return range(self._place(wanted), self._place(wanted + b"\xff"))


def encode(word: str) -> bytes:
    """The bytes under which a string is kept; any string has some."""
    return word.encode("utf-8", "surrogatepass")


def joined(sorted_words: Iterable[bytes]) -> tuple[Array, Array]:
    """Strings in the order of their bytes as the two arrays of ``SortedStrings``."""
    held = list(sorted_words)
    ends = np.cumsum([0, *map(len, held)], dtype=np.int64)
    return np.frombuffer(b"".join(held), dtype=np.uint8), ends
