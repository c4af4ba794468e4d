"""How far a sheet reaches and how much text it holds, read from its XML before anything is laid out
in memory. Pure.

A sheet of two cells, the first and the last that a program knows, is a few hundred bytes, and a
table of seventeen thousand million cells once it is laid out; a text that stands there once for
many cells is as long as all of them together. The XML is read by a parser: its
attributes may be quoted and written in more than one way.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from xml.parsers import expat

_LETTERS = re.compile(r"[A-Za-z]{1,4}")
DIGITS = "0123456789"
SHARED = "s"
"""The type of a cell whose text stands in the list of texts."""
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


@dataclass(frozen=True, slots=True)
class Extent:
    """How far a part of a file reaches, and what it would hold once it is laid out."""

    rows: int
    """The last row that holds something, from 1."""
    columns: int
    text: int = 0
    """Characters of texts that are said once for many cells, as often as they stand for."""
    references: int = 0
    """Cells whose text stands in the list of texts."""
    longest: int = 0
    """Characters of the longest text of the list of texts."""


def of_xlsx(chunks: Iterable[bytes]) -> Extent:
    """Return how far a worksheet's XML reaches; cells and rows that do not say where they stand
    follow those before. Raises NotXml."""
    reader = _Xlsx()
    _parse(chunks, reader)
    longest = max(reader.lengths, default=0)
    return Extent(reader.rows, reader.columns, references=reader.references, longest=longest)


def of_ods(chunks: Iterable[bytes]) -> Extent:
    """Return how many rows and columns hold something in the XML of an OpenDocument sheet, cells
    and rows that are said once for many counted as often as they stand for. Raises NotXml."""
    reader = _Ods()
    _parse(chunks, reader)
    return Extent(reader.rows, reader.columns, text=reader.text)


def lengths_of(chunks: Iterable[bytes]) -> list[int]:
    """Return how many characters each text of a list of texts has, [] of any other part."""
    reader = _Xlsx()
    _parse(chunks, reader)
    return reader.lengths


def text_of(chunks: Iterable[bytes], lengths: Sequence[int]) -> int:
    """Return how many characters the cells of a worksheet hold whose text stands in the list of
    texts, each counted as often as it is named."""
    reader = _Named(lengths)
    _parse(chunks, reader)
    return reader.text


class _Xlsx:
    """Follows the rows and cells of a worksheet."""

    def __init__(self) -> None:
        self.rows = self.columns = self.row = self.column = 0
        self.known: dict[str, int] = {}
        """The number of each column by its letters, read once."""
        self.references, self.is_listed = 0, False
        self.lengths: list[int] = []
        """How long each text of the list of texts is."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Note where a row or cell stands."""
        if name == "c" or name.endswith(":c"):
            self.references += attributes.get("t") == SHARED
            self._cell(attributes.get("r", ""))
        elif name == "row" or name.endswith(":row"):
            self.row, self.column = _number(attributes.get("r", ""), self.row + 1), 0
            self.rows = max(self.rows, self.row)
        elif name == "si" or name.endswith(":si"):
            self.is_listed = True
            self.lengths.append(0)

    def end(self, name: str) -> None:
        """Leave a text of the list."""
        if name == "si" or name.endswith(":si"):
            self.is_listed = False

    def words(self, text: str) -> None:
        """Count the characters of a text of the list."""
        if self.is_listed:
            self.lengths[-1] += len(text)

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


class _Named:
    """Adds up the texts that the cells of a worksheet name by their number in the list."""

    def __init__(self, lengths: Sequence[int]) -> None:
        self.lengths, self.text, self.number = lengths, 0, ""
        self.is_reference = self.is_value = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Note whether a cell names a text, and where its number begins."""
        if name == "c" or name.endswith(":c"):
            self.is_reference = attributes.get("t") == SHARED
        elif name == "v" or name.endswith(":v"):
            self.is_value, self.number = self.is_reference, ""

    def words(self, text: str) -> None:
        """Take a part of the number."""
        if self.is_value:
            self.number += text[:20]

    def end(self, name: str) -> None:
        """Add the text of that number."""
        if self.is_value and (name == "v" or name.endswith(":v")):
            number, self.is_value = _number(self.number, MOST), False
            self.text += self.lengths[number] if number < len(self.lengths) else 0


class _Ods:
    """Follows the rows and cells of the tables of an OpenDocument file."""

    def __init__(self) -> None:
        self.rows = self.columns = self.row = self.width = 0
        self.times, self.is_filled = 1, False
        self.text = self.row_text = self.cell_text = self.repeats = 0
        """Characters of all rows, of this one and of this cell; how often the cell stands there."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Note how often a row or cell stands there, and whether it holds something."""
        if name == ROW:
            self.times = _number(attributes.get("table:number-rows-repeated", ""), 1)
            self.is_filled, self.width, self.row_text = False, 0, 0
        elif name in CELLS:
            self.repeats = _number(attributes.get("table:number-columns-repeated", ""), 1)
            self.width += self.repeats
            self.cell_text = len(attributes.get("office:string-value", ""))
            if any(key.endswith(("value-type", ":value", ":string-value")) for key in attributes):
                self.is_filled, self.columns = True, max(self.columns, self.width)

    def end(self, name: str) -> None:
        """Count a row that has ended."""
        if name == ROW:
            self.row += self.times
            self.rows = self.row if self.is_filled else self.rows
            self.text += self.row_text * self.times
        elif name in CELLS:
            self.row_text, self.repeats = self.row_text + self.cell_text * self.repeats, 0

    def words(self, text: str) -> None:
        """Count the characters of a cell."""
        if self.repeats:
            self.cell_text += len(text)


def _parse(chunks: Iterable[bytes], reader: _Xlsx | _Named | _Ods) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.words
    parser.buffer_text = True
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
