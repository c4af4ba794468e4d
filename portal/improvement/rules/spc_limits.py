"""Centre lines and control limits of charts over time. Pure.

Sources: Provost and Murray, The Health Care Data Guide (2011); NHS England, Making Data Count;
Laney, Improved control charts for attributes (2002). Values of shares and rates are plain here:
0.95, not 95%.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, median

from portal.improvement.models import ChartKind

SCALING = 2.66
"""Limits of single values lie so many mean moving ranges from the mean: 3 / 1.128, as printed."""
RANGE_TO_SIGMA = 1.128
"""The mean moving range of two neighbours is so many standard deviations (d2 for pairs)."""
SCREEN = 3.267
"""A moving range so many times their mean or more is left out, once (D4 for pairs)."""
LARGE_SIGMA_Z = 1.5
"""From here p′ and u′ are offered. The number is the portal's own: no source gives one."""
TO_SYMMETRY = 1 / 3.6
"""Days between events to this power are near enough symmetric (Nelson 1994)."""
GEOMETRIC_MEDIAN = 0.693
"""The theoretical median of cases between events, as a part of their mean."""


@dataclass(frozen=True, slots=True)
class Point:
    """A number, or a count with what it is out of."""

    count: float
    out_of: float = 1.0

    @property
    def value(self) -> float:
        """Return the number that is plotted."""
        return self.count / self.out_of


@dataclass(frozen=True, slots=True)
class Line:
    """The lines at one point; None where there is none."""

    centre: float
    lower: float | None = None
    upper: float | None = None
    lower_two: float | None = None
    """Two sigma below the centre, where the rule of two of three looks."""
    upper_two: float | None = None

    def times(self, factor: float) -> "Line":
        """Return the lines of values multiplied by a factor."""
        return Line(
            self.centre * factor,
            *(
                None if line is None else line * factor
                for line in (self.lower, self.upper, self.lower_two, self.upper_two)
            ),
        )


@dataclass(frozen=True, slots=True)
class Limits:
    """The lines at every point of a period, and what they were worked out from."""

    lines: Sequence[Line]
    points_used: int
    mr_mean: float | None = None
    """The mean moving range that was used, of values or (p′, u′) of their z."""
    left_out: int = 0
    """How many moving ranges were screened out."""
    sigma_z: float | None = None


LimitsRule = Callable[[Sequence[Point], Sequence[Point], bool], Limits]


def limits(
    kind: ChartKind, points: Sequence[Point], *, baseline: int | None = None, screens: bool = True
) -> Limits | None:
    """Return the lines of a period; None with fewer than two points to work them out from.

    `baseline`: only so many first points are used, and the lines are carried on over the others.
    """
    used = points if baseline is None else points[:baseline]
    if len(used) < 2:
        return None
    return RULES[kind](used, points, screens)


def moving_ranges(values: Sequence[float]) -> list[float]:
    """Return how far each value lies from the one before it."""
    return [abs(new - old) for old, new in pairwise(values)]


def mean_moving_range(values: Sequence[float], *, screens: bool) -> tuple[float, int]:
    """Return the mean moving range, and how many ranges were left out of it.

    With `screens`, ranges of 3.267 times their mean or more are left out once, and the mean is
    taken again: one tall point would widen the limits that it is held against.
    """
    ranges = moving_ranges(values)
    mean = fmean(ranges)
    if not screens or mean == 0:
        return mean, 0
    kept = [one for one in ranges if one < SCREEN * mean]
    return fmean(kept), len(ranges) - len(kept)


def xmr(
    used: Sequence[Point], points: Sequence[Point], screens: bool, scaling: float = SCALING
) -> Limits:
    """Return the lines of individual values: mean ± 2.66 mean moving ranges.

    Source: Provost and Murray; Making Data Count. The NIST handbook takes 3 / 1.128 unrounded.
    """
    values = [point.value for point in used]
    mean = fmean(values)
    mr_mean, left_out = mean_moving_range(values, screens=screens)
    line = _symmetric(mean, scaling * mr_mean)
    return Limits([line] * len(points), len(used), mr_mean, left_out)


def _symmetric(centre: float, three_sigma: float) -> Line:
    two = three_sigma * 2 / 3
    return Line(centre, centre - three_sigma, centre + three_sigma, centre - two, centre + two)


def _pooled(points: Sequence[Point]) -> float:
    """Return the count of all out of all: never a mean of shares."""
    return sum(point.count for point in points) / sum(point.out_of for point in points)


def _sigma_p(mean: float, out_of: float) -> float:
    return math.sqrt(max(mean * (1 - mean), 0.0) / out_of)


def _sigma_u(mean: float, out_of: float) -> float:
    return math.sqrt(max(mean, 0.0) / out_of)


def _attribute(sigma_of: Callable[[float, float], float], most: float | None) -> LimitsRule:
    """Return the rule of p or u: mean ± 3 sigma at each denominator, cut at 0 and at `most`."""

    def rule(used: Sequence[Point], points: Sequence[Point], screens: bool) -> Limits:
        mean = _pooled(used)
        lines = [_cut(_symmetric(mean, 3 * sigma_of(mean, one.out_of)), most) for one in points]
        return Limits(lines, len(used), sigma_z=sigma_z(used, sigma_of, screens=screens)[0])

    return rule


def _prime(sigma_of: Callable[[float, float], float], most: float | None) -> LimitsRule:
    """Return the rule of p′ or u′: limits of p or u, widened by how much z really moves.

    Source: Laney 2002; Mohammed and others 2013 (doi 10.1136/bmjqs-2012-001373).
    """

    def rule(used: Sequence[Point], points: Sequence[Point], screens: bool) -> Limits:
        mean = _pooled(used)
        z, mr_mean, left_out = sigma_z(used, sigma_of, screens=screens)
        lines = [_cut(_symmetric(mean, 3 * z * sigma_of(mean, one.out_of)), most) for one in points]
        return Limits(lines, len(used), mr_mean, left_out, z)

    return rule


def sigma_z(
    points: Sequence[Point], sigma_of: Callable[[float, float], float], *, screens: bool
) -> tuple[float, float, int]:
    """Return the standard deviation of z from its moving ranges, their mean, and how many were
    left out. 1 is what chance alone would do; more where denominators are large (Laney 2002)."""
    mean = _pooled(points)
    sigmas = [sigma_of(mean, point.out_of) for point in points]
    z = [
        (point.value - mean) / sigma if sigma else 0.0
        for point, sigma in zip(points, sigmas, strict=True)
    ]
    mr_mean, left_out = mean_moving_range(z, screens=screens)
    return mr_mean / RANGE_TO_SIGMA, mr_mean, left_out


def _cut(line: Line, most: float | None) -> Line:
    """Return lines of which the outer ones end at 0, and at the most that there can be."""
    assert line.lower is not None  # noqa: S101 - made by _symmetric, which gives both
    assert line.upper is not None  # noqa: S101
    upper = line.upper if most is None else min(line.upper, most)
    return Line(line.centre, max(line.lower, 0.0), upper, line.lower_two, line.upper_two)


def days_between(used: Sequence[Point], points: Sequence[Point], screens: bool) -> Limits:
    """Return the lines of a T chart: XmR of days to the power 1/3.6, taken back.

    Source: Nelson 1994; Provost and Murray. A lower limit below 0 is none.
    """
    there = [Point(point.value**TO_SYMMETRY) for point in used]
    found = xmr(there, points, screens)
    line = found.lines[0]
    outer = (line.lower, line.upper, line.lower_two, line.upper_two)
    back = Line(_back(line.centre) or 0.0, *(_back(one) for one in outer))
    return Limits([back] * len(points), found.points_used, found.mr_mean, found.left_out)


def _back(value: float | None) -> float | None:
    return None if value is None or value < 0 else float(value ** (1 / TO_SYMMETRY))


def cases_between(used: Sequence[Point], points: Sequence[Point], screens: bool) -> Limits:
    """Return the lines of a G chart: upper limit ḡ + 3√(ḡ(ḡ + 1)), no lower one.

    The centre is the theoretical median, 0.693 ḡ: cases between events are so skewed that most
    lie below their mean. Source: Provost and Murray; Benneyan 2001.
    """
    mean = fmean(point.value for point in used)
    line = Line(GEOMETRIC_MEDIAN * mean, None, mean + 3 * math.sqrt(mean * (mean + 1)))
    return Limits([line] * len(points), len(used))


def run_median(used: Sequence[Point], points: Sequence[Point], screens: bool) -> Limits:
    """Return the median, the only line of a run chart."""
    line = Line(median(point.value for point in used))
    return Limits([line] * len(points), len(used))


RULES: dict[ChartKind, LimitsRule] = {
    ChartKind.RUN: run_median,
    ChartKind.XMR: xmr,
    ChartKind.P: _attribute(_sigma_p, 1.0),
    ChartKind.P_PRIME: _prime(_sigma_p, 1.0),
    ChartKind.U: _attribute(_sigma_u, None),
    ChartKind.U_PRIME: _prime(_sigma_u, None),
    # a count in equal periods is a rate per period
    ChartKind.C: _attribute(_sigma_u, None),
    ChartKind.T: days_between,
    ChartKind.G: cases_between,
}
