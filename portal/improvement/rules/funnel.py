"""Places of different size compared without an order of merit. Pure.

Source: Spiegelhalter, Funnel plots for comparing institutional performance (2005). Limits are those
of a p or u chart at each size. Where places differ more than chance lets them, they are widened by
the root of the mean of z squared (his overdispersion), as p′ and u′ are over time.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from portal.improvement.rules.spc_limits import LARGE_SIGMA_Z
from portal.improvement.rules.spc_signals import side

FEWEST = 3
"""Places below which nothing is compared."""
STEPS = 40


@dataclass(frozen=True, slots=True)
class Place:
    """What a place counted in all, as the reader may see it."""

    name: str
    count: float
    out_of: float

    @property
    def value(self) -> float:
        """Return its share or rate."""
        return self.count / self.out_of


@dataclass(frozen=True, slots=True)
class Funnel:
    """Places around their common mean, with the limits at each size."""

    places: Sequence[Place]
    mean: float
    widened: float
    """By what the limits are multiplied: 1 where chance alone is enough."""
    is_share: bool

    def limits_at(self, out_of: float) -> tuple[float, float]:
        """Return the lower and upper limit at a size."""
        spread = 3 * self.widened * _sigma(self.mean, out_of, self.is_share)
        upper = self.mean + spread
        return max(self.mean - spread, 0.0), min(upper, 1.0) if self.is_share else upper

    def stands(self, place: Place) -> int:
        """Return 1 for a place above the upper limit, -1 below the lower one, else 0."""
        lower, upper = self.limits_at(place.out_of)
        if side(place.value, upper) > 0:
            return 1
        return -1 if side(place.value, lower) < 0 else 0

    @property
    def curve(self) -> list[tuple[float, float, float]]:
        """Return (size, lower, upper) from the smallest place to the largest."""
        sizes = [place.out_of for place in self.places]
        least, most = min(sizes), max(sizes)
        step = (most - least) / STEPS or 1.0
        found = [least + number * step for number in range(STEPS + 1)]
        return [(size, *self.limits_at(size)) for size in found]


def _sigma(mean: float, out_of: float, is_share: bool) -> float:
    variance = mean * (1 - mean) if is_share else mean
    return math.sqrt(max(variance, 0.0) / out_of)


def funnel(places: Sequence[Place], *, is_share: bool) -> Funnel | None:
    """Return the funnel of places that counted something; None for fewer than three of them."""
    known = [place for place in places if place.out_of]
    if len(known) < FEWEST:
        return None
    mean = sum(place.count for place in known) / sum(place.out_of for place in known)
    squares = [
        ((place.value - mean) / sigma) ** 2
        for place in known
        if (sigma := _sigma(mean, place.out_of, is_share))
    ]
    spread = math.sqrt(sum(squares) / len(squares)) if squares else 1.0
    return Funnel(known, mean, spread if spread > LARGE_SIGMA_Z else 1.0, is_share)
