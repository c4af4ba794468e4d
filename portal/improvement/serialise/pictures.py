"""A picture of a driver diagram as PNG, for slides and documents that take no SVG.

It says what the SVG says. Lines and letters are drawn by Pillow: in a free font of the system, or
where there is none in the letters that come with Pillow. These are few, so that what they lack is
written in simpler ones.
"""

import unicodedata
from collections.abc import Sequence
from datetime import date
from functools import cache
from io import BytesIO
from itertools import pairwise
from math import sqrt

from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

from portal.improvement.models import NodeKind
from portal.improvement.rules.drawing import Box, Drawing, Point
from portal.web.format import nhs_date

SCALE, MOST_PIXELS = 2.0, 8_000_000
"""Pixels to a unit of the drawing, fewer where the picture would have more pixels than that."""
MARGIN, TITLE, LETTER, LINE_WIDTH, DASH = 20, 36, 16, 2, 6
WORDS, LINE, PAPER, AIM = "#212b32", "#4c6272", "#ffffff", "#d8e9f9"
BORDER = {NodeKind.IDEA: "#007f3b"}
OTHER_BORDER = "#005eb8"
FONTS = ("LiberationSans-Regular.ttf", "Arimo-Regular.ttf", "DejaVuSans.ttf")
"""Looked for in this order where the system keeps its fonts."""
SIMPLER = {"–": "-", "—": "-", "…": "...", "≥": ">=", "≤": "<=", "×": "x", "’": "'", "‘": "'"}
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@cache
def _font_file() -> str:
    """Return the name of the first font that the system has, "" where it has none of them."""
    for name in FONTS:
        try:
            ImageFont.truetype(name, LETTER)
        except OSError:
            continue
        return name
    return ""


def _font(size: float) -> Font:
    name = _font_file()
    return ImageFont.truetype(name, size) if name else ImageFont.load_default(size)


def simpler(words: str) -> str:
    """Return words in the letters of ASCII: what is left over becomes a question mark."""
    known = "".join(SIMPLER.get(letter, letter) for letter in words)
    bare = (one for one in unicodedata.normalize("NFKD", known) if not unicodedata.combining(one))
    return "".join(one if one.isascii() else "?" for one in bare)


def png(drawing: Drawing | None, programme: str, on: date) -> bytes:
    """Return a picture of the diagram of a programme, or of an empty one (None), as PNG."""
    title = f"Driver diagram: {programme}, as at {nhs_date(on)}"
    if drawing is not None and drawing.of > 1:
        title += f", picture {drawing.number} of {drawing.of}"
    sheet = _Sheet(drawing.width if drawing else 0, drawing.height if drawing else 0, title)
    if drawing is not None:
        _draw(sheet, drawing)
    return sheet.file()


def _draw(sheet: "_Sheet", drawing: Drawing) -> None:
    for left, name in drawing.heads:
        sheet.words(name, left, 4, bold=True)
    for line in drawing.lines:
        sheet.line(line.points, LINE)
    for box in drawing.boxes:
        sheet.box(box, drawing.box)
        for number, words in enumerate(box.lines):
            sheet.words(words, box.left + 11, box.top + 10 + number * drawing.line)


class _Sheet:
    """A picture of a size in units of the drawing, below its title."""

    def __init__(self, width: int, height: int, title: str) -> None:
        wide = max(width, int(_font(LETTER).getlength(title))) + 2 * MARGIN
        high = height + TITLE + 2 * MARGIN
        self.scale = min(SCALE, sqrt(MOST_PIXELS / (wide * high)))
        self.font = _font(LETTER * self.scale)
        self.image = Image.new("RGB", (self._long(wide), self._long(high)), PAPER)
        self.pen = ImageDraw.Draw(self.image)
        self.title = title
        self.words(title, 0, -TITLE, bold=True)

    def _long(self, units: float) -> int:
        return round(units * self.scale)

    def _at(self, point: Point) -> Point:
        return self._long(point[0] + MARGIN), self._long(point[1] + MARGIN + TITLE)

    def words(self, words: str, left: int, top: int, *, bold: bool = False) -> None:
        """Write a line of words; bold is the same letters with an edge."""
        edge = 0.4 * self.scale if bold else 0
        words = words if _font_file() else simpler(words)
        self.pen.text(
            self._at((left, top)), words, WORDS, self.font, stroke_width=edge, stroke_fill=WORDS
        )

    def line(self, points: Sequence[Point], colour: str, width: int = LINE_WIDTH) -> None:
        """Draw a line through some points."""
        self.pen.line([self._at(one) for one in points], colour, self._long(width))

    def box(self, box: Box, wide: int) -> None:
        """Draw a box; what is not sure has a broken border."""
        colour = BORDER.get(box.kind, OTHER_BORDER)
        right, bottom = box.left + wide, box.top + box.height
        corners = [(box.left, box.top), (right, box.top), (right, bottom), (box.left, bottom)]
        fill = AIM if box.kind is NodeKind.AIM else PAPER
        self.pen.rectangle([self._at(corners[0]), self._at(corners[2])], fill)
        for one, other in pairwise([*corners, corners[0]]):
            parts = [(one, other)] if box.is_sure else _dashes(one, other)
            for part in parts:
                self.line(part, colour)

    def file(self) -> bytes:
        """Return it as a file, with its title for who cannot see it."""
        said = PngInfo()
        said.add_itxt("Title", self.title, "en")
        out = BytesIO()
        self.image.save(out, "PNG", pnginfo=said, optimize=False, compress_level=6)
        return out.getvalue()


def _dashes(one: Point, other: Point) -> list[tuple[Point, Point]]:
    """Return the pieces of a broken line, level or upright, between two points."""
    (x, y), (to_x, to_y) = min(one, other), max(one, other)
    length = max(to_x - x, to_y - y)
    is_level = y == to_y
    ends = [(start, min(start + DASH, length)) for start in range(0, length, 2 * DASH)]
    return [((x + a, y), (x + b, y)) if is_level else ((x, y + a), (x, y + b)) for a, b in ends]
