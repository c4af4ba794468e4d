"""Stacked bars: the parts of a whole, over time."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.web.charts.bars import ROOM_FOR_NUMBER, ROW, percent, share

MIN_WIDTH_WITH_NUMBER = 9.0
"""Percent of the width that a part needs to hold its number."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One part, placed; `shade` tells which part it is, 1 for the first."""

    name: str
    value: int
    left: str
    width: str
    middle: str
    shade: int
    has_number: bool


@dataclass(frozen=True, slots=True)
class Stack:
    """One bar of parts with the total at its end."""

    label: str
    top: int
    total: int
    end: str
    segments: Sequence[Segment]


@dataclass(frozen=True, slots=True)
class Stacks:
    """A picture of stacked bars."""

    finding: str
    names: Sequence[str]
    rows: Sequence[Stack]

    @property
    def height(self) -> int:
        """Return its height in pixels."""
        return ROW * len(self.rows)


def stacks(
    finding: str, names: Sequence[str], values: Sequence[tuple[str, Sequence[int]]]
) -> Stacks:
    """Return the picture for `(label, a value for each name)`; raises ValueError when a row has
    more or fewer values than there are names."""
    most = max((sum(parts) for _, parts in values), default=0)
    rows = [
        _stack(label, names, parts, most, number * ROW)
        for number, (label, parts) in enumerate(values)
    ]
    return Stacks(finding, names, rows)


def _stack(label: str, names: Sequence[str], parts: Sequence[int], most: int, top: int) -> Stack:
    segments, left = [], 0.0
    for shade, (name, value) in enumerate(zip(names, parts, strict=True), start=1):
        width = share(value, most, 100 - ROOM_FOR_NUMBER)
        middle = round(left + width / 2, 2)
        fits = width >= MIN_WIDTH_WITH_NUMBER
        segments.append(
            Segment(name, value, percent(left), percent(width), percent(middle), shade, fits)
        )
        left = round(left + width, 2)
    return Stack(label, top, sum(parts), percent(left), segments)
