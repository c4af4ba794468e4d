"""Where the boxes and lines of a driver diagram lie, in pixels of a picture for A3. Pure.

The aim stands at the left, drivers to its right, change ideas at the far right; each box stands
beside the middle of what follows from it. A diagram that is too high for one page is drawn as
several pictures, each with the aim and whole primary drivers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from portal.improvement.models import NodeKind
from portal.improvement.rules.comparing import said
from portal.improvement.rules.outline import Branch

BOX, GAP_X, GAP_Y, HEAD = 270, 46, 12, 40
"""A box's width, the room between columns and between boxes, and the headings above."""
LINE, PADDING = 19, 10
LETTERS = 32
"""Letters that fit on a line of a box."""
MOST_LINES = 6
PAGE = 1_100
"""The height that fits on one page of A3 at a size that can be read."""


@dataclass(frozen=True, slots=True)
class Box:
    """One box, placed."""

    node_id: int
    kind: NodeKind
    lines: Sequence[str]
    is_sure: bool
    """Otherwise drawn with a broken border."""
    left: int
    top: int
    height: int

    @property
    def middle(self) -> int:
        """Return the height of its middle."""
        return self.top + self.height // 2


Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Line:
    """A line from the right of one box to the left of another, with its two corners between."""

    points: tuple[Point, Point, Point, Point]

    @property
    def path(self) -> str:
        """Return it as the path of an SVG."""
        (left, top), (turn, _), (_, bottom), (right, _) = self.points
        return f"M{left} {top}H{turn}V{bottom}H{right}"


@dataclass(frozen=True, slots=True)
class Drawing:
    """One picture: boxes, the lines between them, and what stands above the columns with how far
    each is from the left."""

    boxes: Sequence[Box]
    lines: Sequence[Line]
    heads: Sequence[tuple[int, str]]
    width: int
    height: int
    number: int
    of: int
    primary: int
    """How many primary drivers it shows."""
    box: int = BOX
    line: int = LINE


def lines_of(words: str) -> list[str]:
    """Return what is written in a box, in lines; what does not fit ends with an ellipsis."""
    lines = wrap(words, LETTERS) or [""]
    if len(lines) <= MOST_LINES:
        return lines
    return [*lines[: MOST_LINES - 1], f"{lines[MOST_LINES - 1][: LETTERS - 1]}…"]


def drawings(aims: Sequence[Branch]) -> list[Drawing]:
    """Return the pictures of a diagram, the first with the first primary drivers; none of an empty
    one."""
    if not aims:
        return []
    pages = _pages(aims[0])
    return [_draw(aims[0], page, number, len(pages)) for number, page in enumerate(pages, start=1)]


def _pages(aim: Branch) -> list[list[Branch]]:
    """Divide the primary drivers so that each page holds whole ones, and as many as fit."""
    pages: list[list[Branch]] = [[]]
    used = HEAD
    for child in aim.children:
        height = _height(child)
        if pages[-1] and used + height > PAGE:
            pages.append([])
            used = HEAD
        pages[-1].append(child)
        used += height
    return pages


def _box_height(branch: Branch) -> int:
    return len(lines_of(said(branch.row))) * LINE + 2 * PADDING


def _height(branch: Branch) -> int:
    """Return how high a node and what stands below it is, with the room below it."""
    below = sum(_height(child) for child in branch.children)
    return max(_box_height(branch) + GAP_Y, below)


class _Pen:
    """Collects the boxes and lines of one picture."""

    def __init__(self, first_of_ideas: int) -> None:
        self.boxes: list[Box] = []
        self.lines: list[Line] = []
        self.first_of_ideas = first_of_ideas

    def column(self, branch: Branch) -> int:
        """Return the column of a node: change ideas stand to the right of every driver."""
        if branch.row.kind is not NodeKind.IDEA:
            return branch.depth
        above, at = 0, branch.parent
        while at is not None and at.row.kind is NodeKind.IDEA:
            above, at = above + 1, at.parent
        return self.first_of_ideas + above

    def draw(self, branch: Branch, children: Sequence[Branch], top: int) -> Box:
        """Draw a node from a height on, with what stands below it; returns its box."""
        own = _box_height(branch)
        below = sum(_height(child) for child in children)
        at = top + max(own + GAP_Y - below, 0) // 2
        drawn = []
        for child in children:
            drawn.append(self.draw(child, child.children, at))
            at += _height(child)
        middle = (drawn[0].middle + drawn[-1].middle) // 2 if drawn else top + own // 2
        lowest = top + max(own + GAP_Y, below) - own - GAP_Y
        left = self.column(branch) * (BOX + GAP_X)
        box = _box(branch, left, min(max(middle - own // 2, top), lowest), own)
        self.boxes.append(box)
        self.lines += [_line(box, one) for one in drawn]
        return box


def _box(branch: Branch, left: int, top: int, height: int) -> Box:
    lines = lines_of(said(branch.row))
    return Box(branch.id, branch.row.kind, lines, branch.is_sure, left, top, height)


def _line(one: Box, other: Box) -> Line:
    right, turn = one.left + BOX, other.left - GAP_X // 2
    points = (right, one.middle), (turn, one.middle), (turn, other.middle)
    return Line((*points, (other.left, other.middle)))


def _draw(aim: Branch, page: Sequence[Branch], number: int, of: int) -> Drawing:
    shown = [aim, *(one for child in page for one in child.walk())]
    drivers = [one.depth for one in shown if one.row.kind is NodeKind.DRIVER]
    pen = _Pen(max(drivers, default=0) + 1)
    pen.draw(aim, page, HEAD)
    names = {pen.column(one): "Aim" if one.parent is None else f"{one.label}s" for one in shown}
    return Drawing(
        boxes=sorted(pen.boxes, key=lambda box: (box.left, box.top)),
        lines=pen.lines,
        heads=[(column * (BOX + GAP_X), name) for column, name in sorted(names.items())],
        width=max(box.left for box in pen.boxes) + BOX + 2,
        height=max(box.top + box.height for box in pen.boxes) + GAP_Y,
        number=number,
        of=of,
        primary=len(page),
    )
