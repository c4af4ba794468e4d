"""What needs have in common with each other: words that many of them use tell little of any.

Funders and ICSs write "people", "patients wait" and half a page about who may apply. Learned from
the needs themselves, that needs no list: a word counts less the more needs use it.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from portal.matching.engine.described import Need

SHARPNESS = 1.5
"""How much more the words that few needs use count; chosen by folds
(docs/matching-measurements.md)."""

LEAST = 0.5
"""What a word keeps at least: a subject that many ask for ("falls") is still what each asks for."""


@dataclass(frozen=True)
class Asking:
    """How many of some needs use each stem."""

    count: int = 0
    """How many needs there are."""
    held: Mapping[str, int] = field(default_factory=dict)
    """How many of them use a stem; stems that none uses are left out."""

    @classmethod
    def of(cls, needs: Iterable[Need]) -> "Asking":
        """Return the counts of these needs."""
        every = [need.bag for need in needs]
        return cls(len(every), Counter(stem for bag in every for stem in bag))

    def share(self, stem: str) -> float:
        """Return what a stem keeps of its weight in a need: 1 where no need uses it, less the more
        do. The inverse document frequency among the needs, as a share of the greatest, to the
        power of `SHARPNESS`, and never under `LEAST`."""
        return self._shares.get(stem, 1.0)

    @cached_property
    def _shares(self) -> dict[str, float]:
        greatest = math.log(1 + self.count) + 1
        return {
            stem: max((1 - math.log(1 + held) / greatest) ** SHARPNESS, LEAST)
            for stem, held in self.held.items()
        }


NONE = Asking()
"""No other need is known: every word keeps its weight."""
