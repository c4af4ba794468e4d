"""A chart over time from its readings: periods, lines, marked points and what they mean. Pure.

What is looked at is what a reader may see: readings come in as `showing` left them, so that no
line, mark or sentence tells more than the points do.
"""

import enum
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.improvement.models import ChartKind
from portal.improvement.rules.spc_limits import Limits, Line, Point, limits
from portal.improvement.rules.spc_signals import (
    RunTest,
    Signal,
    Way,
    run_signals,
    run_test,
    side,
    signals,
)
from portal.programmes.models import Direction

TRIAL_BELOW = 13
"""Limits from fewer points are trial limits (the spreadsheet of Making Data Count)."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was counted in a period, as the reader may see it."""

    on: date
    count: float | None
    out_of: float | None = None
    is_hidden: bool = False
    """Something was counted that the reader may not see."""
    parts: int = 0
    """How many places it is the sum of; 0 for one that was entered itself."""
    reading_id: int | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """How a chart is drawn, as its foot says."""

    kind: ChartKind
    direction: Direction = Direction.NONE
    run_length: int = 7
    screens: bool = True
    per: int = 1
    """By what a rate is multiplied; a share of p and p′ charts is always per 100."""
    has_denominator: bool = False
    """Whether points of a run or XmR chart are rates; those of p and u always are."""
    steps: tuple[date, ...] = ()
    """First days of new limits."""
    freezes: tuple[date, ...] = ()
    """Last days of baselines; one holds in the period in which it lies."""
    targets: tuple[tuple[date, float], ...] = ()
    """(from this day, the target), in the order of days."""

    @property
    def factor(self) -> float:
        """Return what a plain value is multiplied by: 100 for a share."""
        return 100.0 if self.is_percent else float(self.per)

    @property
    def is_rate(self) -> bool:
        """Whether a point is so many out of so many."""
        return self.kind.has_denominator or self.has_denominator

    @property
    def is_percent(self) -> bool:
        """Whether points are percentages."""
        return self.kind.is_share or (self.is_rate and self.per == 100)

    def target_on(self, day: date) -> float | None:
        """Return the target that holds on a day."""
        held = [value for from_on, value in self.targets if from_on <= day]
        return held[-1] if held else None


class Meaning(enum.Enum):
    """What a signal means by the direction of the measure."""

    BETTER = "better"
    WORSE = "worse"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """One reading on the chart; `value` is None for a gap."""

    reading: Reading
    value: float | None
    line: Line | None
    period: int
    target: float | None = None
    signals: Sequence[Signal] = ()
    """In the order of the rules: the first marks the point."""

    @property
    def mark(self) -> Signal | None:
        """Return the one signal by which the point is marked."""
        return self.signals[0] if self.signals else None

    @property
    def on(self) -> date:
        """Return the first day of its period."""
        return self.reading.on


@dataclass(frozen=True, slots=True)
class Period:
    """The points between two step changes, and the lines that hold there."""

    first: date
    limits: Limits | None
    runs: RunTest | None = None
    baseline_to: date | None = None
    """The last day of the baseline, where limits are kept as they were."""

    @property
    def is_trial(self) -> bool:
        """Whether limits rest on fewer than 13 points."""
        return self.limits is not None and self.limits.points_used < TRIAL_BELOW


class Variation(enum.Enum):
    """What the last point says."""

    NO_DATA = "no_data"
    COMMON = "common"
    IMPROVING = "improving"
    CONCERNING = "concerning"
    HIGH = "high"
    """Special cause upwards, of a measure without a direction."""
    LOW = "low"


class Assurance(enum.Enum):
    """Whether the process will meet its target, as it now runs."""

    NONE = "none"
    ALWAYS = "always"
    NEVER = "never"
    SOMETIMES = "sometimes"


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything that picture, table, words and file are made from."""

    settings: Settings
    points: Sequence[ChartPoint]
    periods: Sequence[Period]

    @property
    def plotted(self) -> list[ChartPoint]:
        """Return the points that have a value."""
        return [point for point in self.points if point.value is not None]

    @property
    def last(self) -> ChartPoint | None:
        """Return the newest point that has a value."""
        return self.plotted[-1] if self.plotted else None

    @property
    def marked(self) -> list[ChartPoint]:
        """Return the points that are special cause."""
        return [point for point in self.points if point.mark]

    @property
    def last_period(self) -> Period | None:
        """Return the newest period that has a point."""
        return self.periods[self.last.period] if self.last else None

    @property
    def variation(self) -> Variation:
        """Return what the last point says, by the rule that marks it."""
        if self.last is None or self.last.line is None:
            return Variation.NO_DATA
        if self.last.mark is None:
            return Variation.COMMON
        found = meaning(self.last.mark, self.settings.direction)
        if found is Meaning.NEITHER:
            return Variation.HIGH if self.last.mark.way is Way.UP else Variation.LOW
        return Variation.IMPROVING if found is Meaning.BETTER else Variation.CONCERNING

    @property
    def assurance(self) -> Assurance:
        """Return the target of the last point against the limits there: those of the last period.

        Between the limits, or exactly on one, it is sometimes met. Without limits, a target or a
        direction nothing is said.
        """
        last, direction = self.last, self.settings.direction
        if last is None or last.line is None or last.target is None or direction is Direction.NONE:
            return Assurance.NONE
        lower, upper = last.line.lower, last.line.upper
        if lower is None and upper is None:
            return Assurance.NONE
        met_above = direction is Direction.HIGHER
        if lower is not None and side(last.target, lower) < 0:
            return Assurance.ALWAYS if met_above else Assurance.NEVER
        if upper is not None and side(last.target, upper) > 0:
            return Assurance.NEVER if met_above else Assurance.ALWAYS
        return Assurance.SOMETIMES


def meaning(signal: Signal, direction: Direction) -> Meaning:
    """Return whether a signal is better or worse."""
    if direction is Direction.NONE:
        return Meaning.NEITHER
    is_good = (signal.way is Way.UP) == (direction is Direction.HIGHER)
    return Meaning.BETTER if is_good else Meaning.WORSE


def is_mixed(point: ChartPoint, direction: Direction) -> bool:
    """Whether a point is better by one rule and worse by another."""
    return len({meaning(one, direction) for one in point.signals}) > 1


def as_point(reading: Reading, settings: Settings) -> Point | None:
    """Return what is plotted; None for a gap: nothing told, hidden, or out of nothing."""
    if reading.count is None or reading.is_hidden:
        return None
    if not settings.is_rate:
        return Point(reading.count)
    return Point(reading.count, reading.out_of) if reading.out_of else None


def chart(readings: Sequence[Reading], settings: Settings) -> Chart:
    """Return the chart of readings in the order of their days."""
    starts = sorted(set(settings.steps))
    of_period: list[list[Reading]] = [[] for _ in range(len(starts) + 1)]
    for reading in readings:
        of_period[bisect_right(starts, reading.on)].append(reading)
    points: list[ChartPoint] = []
    periods: list[Period] = []
    for group in (group for group in of_period if group):
        period, placed = _period(group, settings, len(periods))
        periods.append(period)
        points += placed
    return Chart(settings, points, periods)


def _period(
    readings: Sequence[Reading], settings: Settings, number: int
) -> tuple[Period, list[ChartPoint]]:
    plotted = [(at, point) for at in readings if (point := as_point(at, settings))]
    baseline_to = _baseline(readings, settings.freezes)
    used = sum(at.on <= baseline_to for at, _ in plotted) if baseline_to else None
    of_points = [point for _, point in plotted]
    found = limits(settings.kind, of_points, baseline=used, screens=settings.screens)
    values = [point.value for point in of_points]
    signalled, runs = _signalled(values, found, settings)
    at_reading = {
        at.on: (point.value * settings.factor, found.lines[place] if found else None, told)
        for place, ((at, point), told) in enumerate(zip(plotted, signalled, strict=True))
    }
    placed = [_placed(at, at_reading.get(at.on), settings, number) for at in readings]
    return Period(readings[0].on, found, runs, baseline_to), placed


def _baseline(readings: Sequence[Reading], freezes: Sequence[date]) -> date | None:
    """Return the last day of the baseline that lies in a period before its end; the newest."""
    inside = [day for day in freezes if readings[0].on <= day < readings[-1].on]
    return max(inside, default=None)


def _signalled(
    values: Sequence[float], found: Limits | None, settings: Settings
) -> tuple[list[list[Signal]], RunTest | None]:
    if found is None:
        return [[] for _ in values], None
    if settings.kind is ChartKind.RUN:
        centre = found.lines[0].centre
        return run_signals(values, centre), run_test(values, centre)
    return signals(values, found.lines, settings.run_length), None


def _placed(
    reading: Reading,
    at: tuple[float, Line | None, list[Signal]] | None,
    settings: Settings,
    number: int,
) -> ChartPoint:
    target = settings.target_on(reading.on)
    if at is None:
        return ChartPoint(reading, None, None, number, target)
    value, line, told = at
    return ChartPoint(
        reading, value, line and line.times(settings.factor), number, target, tuple(told)
    )
