"""Grids: a heat map of two lists, and a map of equal tiles."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap

LEVELS = 5
"""Shades besides none: each keeps text readable upon it."""
CELL, LABEL, HEAD = 44, 96, 28
"""Pixels: a cell's sides, the words at the left, the words above."""
TILE = 96
"""Pixels: a tile's height."""
MAX_TILE_LETTERS = 13
"""Letters that fit across a tile on a phone."""
SYSTEM_TILE = 112
"""Pixels: a tile's width with room for a third of the longest name of a care system."""
LETTER = 6.6
"""Pixels: the mean width of a small letter, on a tile with a width of its own."""


def level_of(value: int, most: int) -> int:
    """Return the shade of a value: 0 for nothing, 1 to `LEVELS` in equal steps up to the most."""
    if value <= 0 or most <= 0:
        return 0
    return min(LEVELS, math.ceil(value / most * LEVELS))


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One cell, placed in pixels."""

    left: int
    top: int
    value: int
    level: int


@dataclass(frozen=True, slots=True)
class HeatMap:
    """A picture of a table: the larger the number, the darker its cell; numbers are written."""

    finding: str
    rows: Sequence[str]
    columns: Sequence[str]
    cells: Sequence[HeatCell]

    @property
    def width(self) -> int:
        """Return its width in pixels: it may be scrolled, and shrinks on paper."""
        return LABEL + CELL * len(self.columns)

    @property
    def height(self) -> int:
        """Return its height in pixels."""
        return HEAD + CELL * len(self.rows)


def heat_map(
    finding: str,
    rows: Sequence[str],
    columns: Sequence[str],
    values: Mapping[tuple[int, int], int],
    apart: frozenset[tuple[int, int]] = frozenset(),
) -> HeatMap:
    """Return the picture for `{(row, column): value}`.

    What stands in `apart` (a diagonal of totals, say) is written and left out of the shading.
    """
    most = max((n for place, n in values.items() if place not in apart), default=0)
    cells = []
    for row in range(len(rows)):
        for column in range(len(columns)):
            value = values.get((row, column), 0)
            level = 0 if (row, column) in apart else level_of(value, most)
            cells.append(HeatCell(LABEL + column * CELL, HEAD + row * CELL, value, level))
    return HeatMap(finding, rows, columns, cells)


@dataclass(frozen=True, slots=True)
class Tile:
    """One place on the map: its name in short lines, and its number."""

    name: str
    lines: Sequence[str]
    value: int
    left: str
    top: int
    width: str
    middle: str
    level: int
    href: str = ""


@dataclass(frozen=True, slots=True)
class TileMap:
    """A map of equal tiles, each with its name: nobody's area is larger than another's."""

    finding: str
    tiles: Sequence[Tile]
    rows: int
    width: int = 0
    """Its width in pixels: it may be scrolled, and shrinks on paper; 0 fills what there is."""

    @property
    def height(self) -> int:
        """Return its height in pixels."""
        return TILE * self.rows


def tile_map(
    finding: str,
    places: Sequence[tuple[str, int, int, int]],
    tile_width: int = 0,
    links: Sequence[str] = (),
) -> TileMap:
    """Return the map for `(name, column, row, value)`, columns and rows counted from 0.

    With a width for each tile, in pixels, the map has a width of its own: for many tiles. `links`
    are the pages of the tiles, in their order: the page lists the same links beside the map.
    """
    columns = max((column for _, column, _, _ in places), default=0) + 1
    rows = max((row for _, _, row, _ in places), default=0) + 1
    most = max((value for *_, value in places), default=0)
    width, unit = (tile_width, "") if tile_width else (100 / columns, "%")
    letters = int(tile_width / LETTER) if tile_width else MAX_TILE_LETTERS
    tiles = []
    pages = links or [""] * len(places)
    for (name, column, row, value), href in zip(places, pages, strict=True):
        lines = wrap(name, letters, break_long_words=False)
        left, middle = (f"{at * width:.4g}{unit}" for at in (column, column + 0.5))
        level = level_of(value, most)
        tiles.append(
            Tile(name, lines, value, left, row * TILE, f"{width:.4g}{unit}", middle, level, href)
        )
    return TileMap(finding, tiles, rows, tile_width * columns)
