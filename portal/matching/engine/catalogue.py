"""Solutions with their words and their coded facts counted.

Reading a text costs far more than all the arithmetic after it. So a text is read once, when it is
new or changed; every matcher is made of rows of this table, and every weight is computed anew.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse

from portal.matching.engine.described import Id, Solution
from portal.matching.engine.knowledge import telling
from portal.matching.engine.table import Numbers, Table

__all__ = ["Catalogue", "Numbers"]


class Catalogue:
    """Solutions in order of their ids, and how often each uses each stem."""

    def __init__(self, solutions: Sequence[Solution] = ()) -> None:
        self._put(
            list(solutions),
            Table.of([one.count() for one in solutions]),
            Table.of([_facts(one) for one in solutions]),
        )

    def _put(self, solutions: list[Solution], words: Table, facts: Table) -> None:
        self.solutions = solutions
        self.words = words
        self.facts = facts
        """The coded facts: a column for each part of the score and label."""

    @property
    def stems(self) -> Mapping[str, int]:
        """The column of each stem that any solution uses or used, in alphabetical order."""
        return self.words.columns

    @property
    def counts(self) -> sparse.csr_array:
        """Solutions by stems, float32."""
        return self.words.counts

    @cached_property
    def people(self) -> npt.NDArray[np.float32]:
        """How many people a year each solution is for, 0 where it does not say."""
        return np.array([one.people or 0 for one in self.solutions], np.float32)

    @cached_property
    def untold(self) -> sparse.csr_array:
        """What each word counts before it is known how telling it is among some solutions."""
        counts = self.counts
        told = np.fromiter(telling(self.stems).values(), np.float32, len(self.stems))
        held = (np.log(counts.data) + np.float32(1)) * told[counts.indices]
        return sparse.csr_array((held, counts.indices, counts.indptr), shape=counts.shape)

    def changed(self, solutions: Sequence[Solution], gone: Collection[Id] = ()) -> "Catalogue":
        """Return the catalogue with some solutions new or changed, and some gone.

        Only those given are read. The order is by id, as if all had been read again.
        """
        anew = {one.id for one in solutions} | set(gone)
        kept = np.array([n for n, one in enumerate(self.solutions) if one.id not in anew], np.intp)
        every = [*(self.solutions[row] for row in kept.tolist()), *solutions]
        order = np.array(sorted(range(len(every)), key=lambda row: every[row].id), np.intp)
        other = Catalogue()
        other._put(
            [every[row] for row in order.tolist()],
            self.words.changed(kept, [one.count() for one in solutions], order),
            self.facts.changed(kept, [_facts(one) for one in solutions], order),
        )
        return other


def _facts(solution: Solution) -> dict[tuple[str, str], float]:
    return {(part, label): 1.0 for part, labels in solution.facets.items() for label in labels}
