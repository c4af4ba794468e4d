"""Which points of a chart are special cause, by which rule, and which way. Pure.

The rules of NHS England's Making Data Count, and for run charts those of Anhøj. Each looks within
its own period between step changes, from one plotted point to the next: a gap is no point.
"""

import enum
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from portal.improvement.rules.spc_limits import Line

FEWEST_FOR_RUNS = 10
"""Points off the median below which no rule of a run chart is tried."""


class Rule(enum.IntEnum):
    """The rules, in the order in which one of several marks the point."""

    OUTSIDE = 1
    TREND = 2
    TWO_OF_THREE = 3
    SHIFT = 4
    LONG_RUN = 5


class Way(enum.IntEnum):
    """Which way a signal points."""

    DOWN = -1
    UP = 1


@dataclass(frozen=True, slots=True)
class Signal:
    """What a rule says of one point; `length` is how many points make it up together."""

    rule: Rule
    way: Way
    length: int = 1


def side(value: float, line: float) -> int:
    """Return 1 above a line, -1 below, 0 on it; what differs by rounding alone lies on it."""
    if math.isclose(value, line, rel_tol=1e-9, abs_tol=1e-12):
        return 0
    return 1 if value > line else -1


def signals(
    values: Sequence[float], lines: Sequence[Line], run_length: int = 7
) -> list[list[Signal]]:
    """Return for each point of a period its signals, in the order of the rules."""
    found: list[list[Signal]] = [[] for _ in values]
    sides = [side(value, line.centre) for value, line in zip(values, lines, strict=True)]
    for signal_at in (
        _outside(values, lines),
        _trends(values, run_length),
        _two_of_three(values, lines, sides),
        _runs(sides, run_length, Rule.SHIFT),
    ):
        for number, signal in signal_at.items():
            found[number].append(signal)
    return found


def _outside(values: Sequence[float], lines: Sequence[Line]) -> dict[int, Signal]:
    """Return the points strictly beyond a limit."""
    found = {}
    for number, (value, line) in enumerate(zip(values, lines, strict=True)):
        if line.upper is not None and side(value, line.upper) > 0:
            found[number] = Signal(Rule.OUTSIDE, Way.UP)
        elif line.lower is not None and side(value, line.lower) < 0:
            found[number] = Signal(Rule.OUTSIDE, Way.DOWN)
    return found


def _trends(values: Sequence[float], run_length: int) -> dict[int, Signal]:
    """Return the points that rise, or fall, so many in a row; two equal neighbours end it."""
    steps = [side(new, old) for old, new in pairwise(values)]
    found: dict[int, Signal] = {}
    start = 0
    for way, group in groupby(steps):
        length = len(list(group))
        if way and length + 1 >= run_length:
            signal = Signal(Rule.TREND, Way(way), length + 1)
            found |= dict.fromkeys(range(start, start + length + 1), signal)
        start += length
    return found


def _two_of_three(
    values: Sequence[float], lines: Sequence[Line], sides: Sequence[int]
) -> dict[int, Signal]:
    """Return the two (or more) of three neighbours on one side that lie beyond two sigma."""
    beyond = [
        place
        if place
        and (two := line.upper_two if place > 0 else line.lower_two) is not None
        and side(value, two) == place
        else 0
        for value, line, place in zip(values, lines, sides, strict=True)
    ]
    found: dict[int, Signal] = {}
    for first in range(len(values) - 2):
        window = range(first, first + 3)
        way = sides[first]
        far = [number for number in window if way and beyond[number] == way]
        if len(far) >= 2 and all(sides[number] == way for number in window):
            found |= dict.fromkeys(far, Signal(Rule.TWO_OF_THREE, Way(way), 3))
    return found


def _runs(sides: Sequence[int], least: int, rule: Rule) -> dict[int, Signal]:
    """Return the points that lie so many in a row on one side; one on the line ends it."""
    found: dict[int, Signal] = {}
    start = 0
    for way, group in groupby(sides):
        length = len(list(group))
        if way and length >= least:
            found |= dict.fromkeys(range(start, start + length), Signal(rule, Way(way), length))
        start += length
    return found


@dataclass(frozen=True, slots=True)
class RunTest:
    """What the two rules of a run chart find in a period."""

    useful: int
    """Points that do not lie on the median."""
    longest: int
    longest_allowed: int
    crossings: int
    crossings_needed: int

    @property
    def is_tried(self) -> bool:
        """Whether there are points enough for the rules."""
        return self.useful >= FEWEST_FOR_RUNS

    @property
    def has_long_run(self) -> bool:
        """Whether points stay on one side longer than chance lets them."""
        return self.is_tried and self.longest > self.longest_allowed

    @property
    def has_few_crossings(self) -> bool:
        """Whether the line crosses the median more seldom than by chance."""
        return self.is_tried and self.crossings < self.crossings_needed


def longest_run_allowed(useful: int) -> int:
    """Return the longest run that chance lets so many points make: round(log2 n) + 3.

    Source: Anhøj and Olesen 2014, after Schilling 2012.
    """
    return round(math.log2(useful)) + 3


def crossings_needed(useful: int) -> int:
    """Return the fewest crossings that chance lets so many points make: the 5% point of a binomial
    of n - 1 trials at one half. Source: Chen 2010; Anhøj and Olesen 2014."""
    trials, chance = useful - 1, 0.0
    for crossings in range(trials + 1):
        chance += math.comb(trials, crossings) / 2**trials
        if chance >= 0.05:
            return crossings
    return trials


def run_test(values: Sequence[float], centre: float) -> RunTest:
    """Return what the rules find of points around a median; those on it are left out."""
    sides = [one for one in (side(value, centre) for value in values) if one]
    if not sides:
        return RunTest(0, 0, 0, 0, 0)
    lengths = [len(list(group)) for _, group in groupby(sides)]
    useful = len(sides)
    return RunTest(
        useful,
        max(lengths),
        longest_run_allowed(useful),
        len(lengths) - 1,
        crossings_needed(useful),
    )


def run_signals(values: Sequence[float], centre: float) -> list[list[Signal]]:
    """Return the signals of a run chart: the points of runs longer than chance lets them be.

    A point on the median neither ends a run nor belongs to it.
    """
    found: list[list[Signal]] = [[] for _ in values]
    test = run_test(values, centre)
    if not test.has_long_run:
        return found
    places = [number for number, value in enumerate(values) if side(value, centre)]
    sides = [side(values[number], centre) for number in places]
    for number, signal in _runs(sides, test.longest_allowed + 1, Rule.LONG_RUN).items():
        found[places[number]].append(signal)
    return found
