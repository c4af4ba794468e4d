"""Counted things in a table: a row for each text, a column for each stem, in order of their names.

The order of the columns is kept, so that rows need no sorting afterwards, and what other rows use
does not move so much as the order of a sum.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

Numbers = npt.NDArray[np.intp]
Bag = Mapping[Any, float]


@dataclass(frozen=True)
class Table:
    """How often each row uses each name; columns that no row uses any more may be left."""

    columns: Mapping[Any, int] = field(default_factory=dict)
    """The column of each name, in order of the names."""
    counts: sparse.csr_array = field(default_factory=lambda: sparse.csr_array((0, 0), dtype="f4"))
    """Rows by names, float32, columns in order within each row."""

    @classmethod
    def of(cls, bags: Sequence[Bag]) -> "Table":
        """Return the table of these bags, in their order."""
        return cls().changed(np.zeros(0, np.intp), bags, np.arange(len(bags)))

    def changed(self, kept: Numbers, bags: Sequence[Bag], order: Numbers) -> "Table":
        """Return some of the rows and new ones after them, put in this order."""
        columns, moved = _with(self.columns, bags)
        old = self.counts
        old = sparse.csr_array(
            (old.data, moved[old.indices], old.indptr), (old.shape[0], len(columns))
        )
        every = sparse.vstack([old, _counted(bags, columns)], format="csr")
        places = np.concatenate([kept, old.shape[0] + np.arange(len(bags))]).astype(np.intp)
        found = every[places[order]]
        found.has_sorted_indices = True
        return Table(columns, found)


def _with(
    columns: Mapping[Any, int], bags: Sequence[Bag]
) -> tuple[Mapping[Any, int], npt.NDArray[np.int32]]:
    """Return the columns with room for the names of bags, and where each old column went."""
    names: set[Hashable] = {name for bag in bags for name in bag}
    if names <= columns.keys():
        return columns, np.arange(len(columns), dtype=np.int32)
    every = {name: place for place, name in enumerate(sorted(names | columns.keys()))}  # type: ignore[type-var]  # names of one table are of one kind
    return every, np.fromiter((every[name] for name in columns), np.int32, len(columns))


def _counted(bags: Sequence[Bag], columns: Mapping[Any, int]) -> sparse.csr_array:
    """Return the rows of bags whose names all have a column."""
    held = [sorted((columns[name], count) for name, count in bag.items()) for bag in bags]
    flat = [one for row in held for one in row]
    places = np.fromiter((place for place, _ in flat), np.int32, len(flat))
    counts = np.fromiter((count for _, count in flat), np.float32, len(flat))
    ends = np.cumsum([0, *(len(row) for row in held)], dtype=np.int32)
    return sparse.csr_array((counts, places, ends), shape=(len(bags), len(columns)))
