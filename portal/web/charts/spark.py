"""A line as small as a word, for a card."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, EDGE = 120, 32, 4
"""Pixels: the picture and the margin that keeps the last dot inside."""


@dataclass(frozen=True, slots=True)
class Spark:
    """A line through values in their order; the last one has a dot."""

    finding: str
    points: str
    last_x: float
    last_y: float
    width: int = WIDTH
    height: int = HEIGHT


def spark(finding: str, values: Sequence[int]) -> Spark | None:
    """Return the line, from zero up; None for fewer than two values: a dot is no line."""
    if len(values) < 2:
        return None
    most = max(values) or 1
    step = (WIDTH - 2 * EDGE) / (len(values) - 1)
    room = HEIGHT - 2 * EDGE
    places = [
        (round(EDGE + number * step, 1), round(HEIGHT - EDGE - value / most * room, 1))
        for number, value in enumerate(values)
    ]
    return Spark(finding, " ".join(f"{x:g},{y:g}" for x, y in places), *places[-1])
