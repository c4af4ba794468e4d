"""Bars below each other, each with its words above and its number at its end."""

from collections.abc import Sequence
from dataclasses import dataclass

ROW = 48
"""Pixels from one bar to the next: a line of words and the bar."""
ROOM_FOR_NUMBER = 15.0
"""Percent of the width that is kept free for the number at the end of the longest bar."""


def share(value: float, most: float, of: float = 100.0) -> float:
    """Return how many percent of the width a value takes, of which `of` percent are to be had."""
    return round(value / most * of, 2) if most > 0 else 0.0


def percent(value: float) -> str:
    """Return a width or a place as SVG takes it: "37.5%"."""
    return f"{value:g}%"


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, placed: `part` is how much of it is filled, the rest is an outline."""

    label: str
    value: int
    top: int
    width: str
    part: str
    end: str
    words: str
    """What is written at its end."""


@dataclass(frozen=True, slots=True)
class Bars:
    """A picture of bars."""

    finding: str
    rows: Sequence[Bar]

    @property
    def height(self) -> int:
        """Return its height in pixels."""
        return ROW * len(self.rows)


def bars(finding: str, values: Sequence[tuple[str, int, int]]) -> Bars:
    """Return bars for `(label, value, part)`: the part is filled, the whole outlined."""
    most = max((value for _, value, _ in values), default=0)
    room = 100 - ROOM_FOR_NUMBER
    rows = []
    for number, (label, value, part) in enumerate(values):
        width = share(value, most, room)
        words = f"{value:,}" if part == value else f"{part:,} of {value:,}"
        filled = share(part, most, room)
        rows.append(
            Bar(label, value, number * ROW, percent(width), percent(filled), percent(width), words)
        )
    return Bars(finding, rows)


@dataclass(frozen=True, slots=True)
class Sides:
    """One row of a diverging picture: what went to the left and to the right of the middle."""

    label: str
    top: int
    less: int
    more: int
    left: str
    """Where the left bar begins."""
    less_width: str
    more_width: str
    right: str
    """Where the right bar ends."""


@dataclass(frozen=True, slots=True)
class Diverging:
    """A picture of what left (to the left) and what came (to the right), row by row."""

    finding: str
    less: str
    more: str
    rows: Sequence[Sides]

    @property
    def height(self) -> int:
        """Return its height in pixels, its heading included."""
        return ROW * len(self.rows) + ROW // 2


def diverging(
    finding: str, less: str, more: str, values: Sequence[tuple[str, int, int]]
) -> Diverging:
    """Return the picture for `(label, left, came)`; both sides have the same scale."""
    most = max((max(left, came) for _, left, came in values), default=0)
    room = 50 - ROOM_FOR_NUMBER
    rows = []
    for number, (label, left, came) in enumerate(values):
        one, other = share(left, most, room), share(came, most, room)
        top = ROW // 2 + number * ROW
        rows.append(
            Sides(
                *(label, top, left, came, percent(50 - one)),
                *(percent(one), percent(other), percent(50 + other)),
            )
        )
    return Diverging(finding, less, more, rows)
