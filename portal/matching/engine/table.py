"""Counted things in a table: a row for each text, a column for each stem, in order of their names.

The order of the columns is kept, so that rows need no sorting afterwards, and what other rows use
does not move so much as the order of a sum.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
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
    names: set[Hashable] = set().union(*bags)
    if names <= columns.keys():
        return columns, np.arange(len(columns), dtype=np.int32)
    every = {name: place for place, name in enumerate(sorted(names | columns.keys()))}  # type: ignore[type-var]  # names of one table are of one kind
    return every, np.fromiter((every[name] for name in columns), np.int32, len(columns))


def _counted(bags: Sequence[Bag], columns: Mapping[Any, int]) -> sparse.csr_array:
    """Return the rows of bags whose names all have a column."""
    ends = np.cumsum([0, *map(len, bags)], dtype=np.int32)
    size = int(ends[-1])
    names, counts = chain.from_iterable(bags), chain.from_iterable(bag.values() for bag in bags)
    places = np.fromiter(map(columns.__getitem__, names), np.int32, size)
    shape = (len(bags), len(columns))
    found = sparse.csr_array((np.fromiter(counts, np.float32, size), places, ends), shape=shape)
    found.sort_indices()
    return found
