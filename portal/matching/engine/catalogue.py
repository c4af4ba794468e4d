"""Solutions with their words counted.

Reading a text costs far more than all the arithmetic after it. So a text is read once, when it is
new or changed; every matcher is made of rows of this table, and every weight is computed anew.
"""

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

from portal.matching.engine.described import Id, Solution

Numbers = npt.NDArray[np.intp]


class Catalogue:
    """Solutions in order of their ids, and how often each uses each stem."""

    def __init__(self, solutions: Sequence[Solution] = ()) -> None:
        self.stems: dict[str, int] = {}
        """The column of each stem that any solution uses or used."""
        self._put(list(solutions), _counted(solutions, self.stems))

    def _put(self, solutions: list[Solution], counts: sparse.csr_array) -> None:
        self.solutions = solutions
        self.counts = counts
        """Solutions by stems, float32."""

    def changed(self, solutions: Sequence[Solution], gone: Collection[Id] = ()) -> "Catalogue":
        """Return the catalogue with some solutions new or changed, and some gone.

        Only those given are read. The order is by id, as if all had been read again.
        """
        anew = {one.id for one in solutions} | set(gone)
        kept = [row for row, one in enumerate(self.solutions) if one.id not in anew]
        every = [*(self.solutions[row] for row in kept), *solutions]
        more = _counted(solutions, self.stems)
        less = self.counts[kept]
        less.resize((len(kept), len(self.stems)))
        order = sorted(range(len(every)), key=lambda row: every[row].id)
        other = Catalogue()
        other.stems = self.stems
        other._put([every[row] for row in order], sparse.vstack([less, more], format="csr")[order])
        return other


def _counted(solutions: Sequence[Solution], stems: dict[str, int]) -> sparse.csr_array:
    """Count words; stems that are new get a column."""
    columns: list[npt.NDArray[np.int32]] = [np.zeros(0, np.int32)]
    counts: list[npt.NDArray[np.float32]] = [np.zeros(0, np.float32)]
    ends = np.zeros(len(solutions) + 1, np.int32)
    for row, solution in enumerate(solutions):
        bag = solution.count()
        found = (stems.setdefault(stem, len(stems)) for stem in bag)
        columns.append(np.fromiter(found, np.int32, len(bag)))
        counts.append(np.fromiter(bag.values(), np.float32, len(bag)))
        ends[row + 1] = ends[row] + len(bag)
    held = (np.concatenate(counts), np.concatenate(columns), ends)
    return sparse.csr_array(held, shape=(len(solutions), len(stems)))
