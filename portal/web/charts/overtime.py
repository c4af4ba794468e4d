"""Points over time between lines, and points of different size in a funnel.

Across, places are percentages, so that the picture fills a phone and a sheet of paper alike; down
they are pixels. Shapes, dashes and letters tell what colours tell.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from portal.web.charts.bars import percent

HEIGHT, SMALL = 320, 110
"""Pixels: a chart that stands alone, and one of many."""
TOP, BOTTOM = 28, 30
"""Pixels above and below the points: letters of notes, days."""
SIDE = 4.0
"""Percent kept free at both sides."""
TICKS = 4
"""How many heights are named, about."""
SMALL_TICKS = 2
"""The same where there is no room for more."""
NAMED = 4
"""How many days are named at most: more would overlap on a phone."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One point: `shape` is "dot", "better", "worse", "up" or "down"."""

    x: str
    y: float
    shape: str
    label: str = ""
    """A number beside the point, for a funnel."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line; `kind` says which line it is part of and how it is dashed."""

    x1: str
    y1: float
    x2: str
    y2: float
    kind: str


@dataclass(frozen=True, slots=True)
class Note:
    """A letter above a day, with the line that hangs from it."""

    x: str
    letter: str


@dataclass(frozen=True, slots=True)
class Tick:
    """Words at a height, or below a day."""

    at: str
    words: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class OverTime:
    """A picture, placed."""

    finding: str
    marks: Sequence[Mark]
    strokes: Sequence[Stroke]
    heights: Sequence[Tick]
    days: Sequence[Tick]
    notes: Sequence[Note] = ()
    height: int = HEIGHT

    @property
    def floor(self) -> int:
        """Return where the points end and the days begin."""
        return self.height - BOTTOM


@dataclass(frozen=True, slots=True)
class At:
    """What is drawn at one place in time; None draws nothing there."""

    words: str
    """What the day is called, where it is named."""
    value: float | None
    shape: str = "dot"
    lines: dict[str, float | None] = field(default_factory=dict)
    """A height for each kind of line."""
    period: int = 0
    """Lines are not drawn from one period to the next."""


class Scale:
    """Heights of values, from the smallest to the largest that is drawn."""

    def __init__(self, values: Sequence[float], height: int, *, words: str = "") -> None:
        """Take every value that is drawn; `words` stands behind the number of a tick."""
        least, most = min(values, default=0.0), max(values, default=1.0)
        if least == most:
            least, most = least - 1, most + 1
        self.step = nice_step((most - least) / (TICKS if height > SMALL else SMALL_TICKS))
        self.least = math.floor(least / self.step) * self.step
        self.most = math.ceil(most / self.step) * self.step
        self._floor, self._room, self.words = height - BOTTOM, height - BOTTOM - TOP, words

    def y(self, value: float) -> float:
        """Return the height of a value in pixels from the top."""
        share = (value - self.least) / (self.most - self.least)
        return round(self._floor - share * self._room, 1)

    @property
    def ticks(self) -> list[Tick]:
        """Return the heights that are named."""
        count = round((self.most - self.least) / self.step)
        values = [self.least + number * self.step for number in range(count + 1)]
        places = max(0, -math.floor(math.log10(self.step) + 1e-9))
        return [Tick(f"{self.y(v):g}", f"{v + 0.0:,.{places}f}{self.words}") for v in values]


def nice_step(rough: float) -> float:
    """Return 1, 2 or 5 times a power of ten, as large as `rough` or just above."""
    power = 10.0 ** math.floor(math.log10(rough))
    return next((n * power for n in (1, 2, 5) if n * power >= rough * 0.999), 10 * power)


def over_time(
    finding: str,
    places: Sequence[At],
    *,
    notes: Sequence[tuple[int, str]] = (),
    words: str = "",
    height: int = HEIGHT,
    among: Sequence[float] = (),
) -> OverTime:
    """Return the picture of places in time, equally far apart.

    `notes` are (number of a place, letter); `among` are values of other pictures, so that several
    have one scale.
    """
    drawn = [at.value for at in places if at.value is not None]
    lines = [y for at in places for y in at.lines.values() if y is not None]
    scale = Scale([*drawn, *lines, *among], height, words=words)
    x = _across(len(places))
    marks = [
        Mark(percent(x(n)), scale.y(at.value), at.shape)
        for n, at in enumerate(places)
        if at.value is not None
    ]
    return OverTime(
        finding,
        marks,
        [*_lines(places, scale), *_joined(places, scale)],
        scale.ticks,
        _days(places),
        [Note(percent(x(number)), letter) for number, letter in notes],
        height,
    )


def _across(count: int) -> Callable[[float], float]:
    """Return where a place stands, by its number: places have equal parts of the width."""
    part = (100 - 2 * SIDE) / max(count, 1)
    return lambda number: round(SIDE + (number + 0.5) * part, 3)


def _joined(places: Sequence[At], scale: Scale) -> list[Stroke]:
    """Return the line from point to point; a gap breaks it, and so does a step change."""
    x, found = _across(len(places)), []
    for number, (old, new) in enumerate(pairwise(places)):
        if old.value is not None and new.value is not None and old.period == new.period:
            start, end = percent(x(number)), percent(x(number + 1))
            found.append(Stroke(start, scale.y(old.value), end, scale.y(new.value), "value"))
    return found


def _lines(places: Sequence[At], scale: Scale) -> list[Stroke]:
    """Return the other lines as steps: as far as one stays at a height it is one stroke."""
    x, found = _across(len(places)), []
    kinds = dict.fromkeys(kind for at in places for kind in at.lines)
    for kind in kinds:
        start = 0
        for number in range(1, len(places) + 1):
            same = number < len(places) and _same(places[start], places[number], kind)
            if same:
                continue
            level = places[start].lines.get(kind)
            if level is not None:
                y = scale.y(level)
                found.append(Stroke(percent(x(start - 0.5)), y, percent(x(number - 0.5)), y, kind))
            start = number
    return found


def _same(one: At, other: At, kind: str) -> bool:
    return one.period == other.period and one.lines.get(kind) == other.lines.get(kind)


def _days(places: Sequence[At]) -> list[Tick]:
    """Return the names of a few days, the first and the last among them."""
    count, x = len(places), _across(len(places))
    if count <= 1:
        return [Tick(percent(x(0)), places[0].words)] if places else []
    named = sorted({round(n * (count - 1) / (NAMED - 1)) for n in range(NAMED)})
    if count < NAMED:
        named = [0, count - 1]
    ends = {0: "start", count - 1: "end"}
    edges = {0: percent(SIDE), count - 1: percent(100 - SIDE)}
    return [
        Tick(edges.get(n, percent(x(n))), places[n].words, ends.get(n, "middle")) for n in named
    ]


@dataclass(frozen=True, slots=True)
class SizedPoint:
    """A point of a funnel: how large, how high, its shape and its number."""

    size: float
    value: float
    shape: str
    label: str


def funnel(
    finding: str,
    points: Sequence[SizedPoint],
    mean: float,
    curve: Sequence[tuple[float, float, float]],
    *,
    words: str = "",
) -> OverTime:
    """Return the picture of places by size, between (size, lower, upper) of a curve."""
    scale = Scale(
        [mean, *(p.value for p in points), *(y for _, *ys in curve for y in ys)],
        HEIGHT,
        words=words,
    )
    least, most = curve[0][0], curve[-1][0]
    room = 100 - 4 * SIDE

    def x(size: float) -> str:
        return percent(round(2 * SIDE + (size - least) / ((most - least) or 1.0) * room, 3))

    strokes = [Stroke(x(least), scale.y(mean), x(most), scale.y(mean), "centre")]
    for old, new in pairwise(curve):
        strokes += [
            Stroke(x(old[0]), scale.y(old[side]), x(new[0]), scale.y(new[side]), "limit")
            for side in (1, 2)
        ]
    marks = [Mark(x(p.size), scale.y(p.value), p.shape, p.label) for p in points]
    ends = [(least, "start"), (most, "end")] if most > least else [(least, "middle")]
    sizes = [Tick(x(size), f"{size:,.0f}", anchor) for size, anchor in ends]
    return OverTime(finding, marks, strokes, scale.ticks, sizes)
