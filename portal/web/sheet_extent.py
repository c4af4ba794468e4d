"""How far a sheet reaches, read from its XML before anything is laid out in memory. Pure.

A sheet of two cells, the first and the last that a program knows, is a few hundred bytes, and a
table of seventeen thousand million cells once it is laid out. The XML is read by a parser: its
attributes may be quoted and written in more than one way.
"""

import re
from collections.abc import Iterable, Mapping
from xml.parsers import expat

_LETTERS = re.compile(r"[A-Za-z]{1,4}")
DIGITS = "0123456789"
MOST = 10**9
"""No number of rows or columns is taken for more."""
ROW, CELLS = "table:table-row", ("table:table-cell", "table:covered-table-cell")


class NotXml(ValueError):
    """The text is no XML that is whole, or defines entities."""


def column_number(letters: str) -> int:
    """Return the number of a column by its letters: A is 1, AA 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """Return the letters of a column by its number from 1."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def of_xlsx(chunks: Iterable[bytes]) -> tuple[int, int]:
    """Return the last row and column of a worksheet's XML, from 1; cells and rows that do not say
    where they stand follow those before. Raises NotXml."""
    reader = _Xlsx()
    _parse(chunks, reader)
    return reader.rows, reader.columns


def of_ods(chunks: Iterable[bytes]) -> tuple[int, int]:
    """Return how many rows and columns hold something in the XML of an OpenDocument sheet, cells
    and rows that are said once for many counted as often as they stand for. Raises NotXml."""
    reader = _Ods()
    _parse(chunks, reader)
    return reader.rows, reader.columns


class _Xlsx:
    """Follows the rows and cells of a worksheet."""

    def __init__(self) -> None:
        self.rows = self.columns = self.row = self.column = 0
        self.known: dict[str, int] = {}
        """The number of each column by its letters, read once."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Note where a row or cell stands."""
        if name == "c" or name.endswith(":c"):
            self._cell(attributes.get("r", ""))
        elif name == "row" or name.endswith(":row"):
            self.row, self.column = _number(attributes.get("r", ""), self.row + 1), 0
            self.rows = max(self.rows, self.row)

    def _cell(self, address: str) -> None:
        letters = address.rstrip(DIGITS)
        self.column = self.known.get(letters) or self._read(letters)
        if self.column > self.columns:
            self.columns = self.column
        row = _number(address[len(letters) :], self.row)
        if row > self.rows:
            self.rows = row

    def _read(self, letters: str) -> int:
        """Return the number of a column; one that is not named follows the one before."""
        if not _LETTERS.fullmatch(letters):
            return self.column + 1
        self.known[letters] = column_number(letters)
        return self.known[letters]


class _Ods:
    """Follows the rows and cells of the tables of an OpenDocument file."""

    def __init__(self) -> None:
        self.rows = self.columns = self.row = self.width = 0
        self.times, self.is_filled = 1, False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Note how often a row or cell stands there, and whether it holds something."""
        if name == ROW:
            self.times = _number(attributes.get("table:number-rows-repeated", ""), 1)
            self.is_filled, self.width = False, 0
        elif name in CELLS:
            self.width += _number(attributes.get("table:number-columns-repeated", ""), 1)
            if any(key.endswith(("value-type", ":value", ":string-value")) for key in attributes):
                self.is_filled, self.columns = True, max(self.columns, self.width)

    def end(self, name: str) -> None:
        """Count a row that has ended."""
        if name == ROW:
            self.row += self.times
            self.rows = self.row if self.is_filled else self.rows


def _parse(chunks: Iterable[bytes], reader: _Xlsx | _Ods) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.start
    if isinstance(reader, _Ods):
        parser.EndElementHandler = reader.end
    parser.EntityDeclHandler = _refuse_entity
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as wrong:
        raise NotXml(str(wrong)) from wrong


def _refuse_entity(*_told: object) -> None:
    raise NotXml("it defines entities")


def _number(text: str, otherwise: int) -> int:
    """Return a number as an attribute says it."""
    if not (text.isascii() and text.isdigit()):
        text = text.strip()
        if not (text.isascii() and text.isdigit()):
            return otherwise
    return min(int(text[:20]), MOST)
