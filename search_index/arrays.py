"""Plain arrays on disk: each in its own file, mapped into memory when read, never unpickled."""

import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_index.interface import IndexUnusable

Array = NDArray[Any]
_FACTS = "columns.json"


def save(folder: Path, arrays: Mapping[str, Array], facts: Mapping[str, object]) -> None:
    """Write arrays and facts into a new folder; the facts come last and make it complete."""
    folder.mkdir(parents=True)
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)
    sizes = {name: (folder / f"{name}.npy").stat().st_size for name in arrays}
    whole = json.dumps({"sizes": sizes, "facts": dict(facts)})
    (folder / _FACTS).write_text(whole, encoding="utf-8")


def load(folder: Path) -> tuple[dict[str, Array], dict[str, Any]]:
    """Map the arrays of a folder; raises ``IndexUnusable`` when one is missing or cut short."""
    try:
        whole = json.loads((folder / _FACTS).read_text(encoding="utf-8"))
        arrays = {name: _mapped(folder / f"{name}.npy", s) for name, s in whole["sizes"].items()}
        return arrays, whole["facts"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexUnusable("The columns of the search index are damaged.") from error


def _mapped(file: Path, size: int) -> Array:
    if file.stat().st_size != size:
        raise ValueError(file.name)
    # An empty array cannot be mapped; a plain ndarray over the map indexes faster than a memmap.
    mapped = np.load(file, mmap_mode="r", allow_pickle=False) if size > 256 else np.load(file)
    return np.asarray(mapped)


class Words:
    """Sorted strings in two arrays: found by halving, without a dictionary in every process."""

    def __init__(self, letters: Array, ends: Array) -> None:
        """``letters`` is all the UTF-8 in order, ``ends`` where each string ends."""
        self.letters = letters
        self.ends = ends
        self._bytes = letters.data

    @classmethod
    def of(cls, sorted_words: Iterable[bytes]) -> "Words":
        """From strings already in the order of their bytes."""
        held = list(sorted_words)
        ends = np.cumsum([0, *map(len, held)], dtype=np.int64)
        return cls(np.frombuffer(b"".join(held), dtype=np.uint8), ends)

    def __len__(self) -> int:
        return len(self.ends) - 1

    def raw(self, index: int) -> bytes:
        """The bytes of one string."""
        return bytes(self._bytes[self.ends[index] : self.ends[index + 1]])

    def at(self, index: int) -> str:
        """One string."""
        return self.raw(index).decode("utf-8", "surrogatepass")

    def find(self, word: str) -> int:
        """The index of a string, or -1."""
        wanted = encode(word)
        index = bisect_left(range(len(self)), wanted, key=self.raw)
        return index if index < len(self) and self.raw(index) == wanted else -1

    def starting(self, prefix: str) -> range:
        """The indexes of the strings that start with a prefix."""
        wanted = encode(prefix)
        length = len(wanted)
        first = bisect_left(range(len(self)), wanted, key=self.raw)
        # One past the last: compare only as many bytes as the prefix has.
        after = wanted + b"\xff"
        last = bisect_left(
            range(len(self)), after, lo=first, key=lambda i: self.raw(i)[: length + 1]
        )
        return range(first, last)

    def __iter__(self) -> Iterator[str]:
        return (self.at(index) for index in range(len(self)))


def encode(word: str) -> bytes:
    """The bytes under which a string is kept; any string has some."""
    return word.encode("utf-8", "surrogatepass")
