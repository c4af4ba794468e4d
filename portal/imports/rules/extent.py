"""How far a sheet reaches, read from its XML before anything is laid out in memory. Pure.

A sheet of two cells, the first and the last that a program knows, is a few hundred bytes, and a
table of seventeen thousand million cells once it is laid out.
"""

import re
from collections.abc import Iterable

_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d{1,7})"')
_ODS = re.compile(
    rb"<table:table-row\b(?P<row>[^>]*)>|</table:table-row>"
    rb"|<table:(?:covered-)?table-cell\b(?P<cell>[^>]*)>"
)
_REPEATED_ROWS = re.compile(rb'number-rows-repeated="(\d{1,9})"')
_REPEATED_COLUMNS = re.compile(rb'number-columns-repeated="(\d{1,9})"')
_VALUE = re.compile(rb"value-type=|office:value|office:string-value")
OVERLAP = 4096


def column_number(letters: str) -> int:
    """Return the number of a column by its letters: A is 1, AA 27."""
    number = 0
    for letter in letters:
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
    """Return the last row and column that a worksheet's XML names, from 1."""
    rows = columns = 0
    before = b""
    for chunk in chunks:
        text = before + chunk
        for letters, number in _CELL.findall(text):
            rows = max(rows, int(number))
            columns = max(columns, column_number(letters.decode()))
        rows = max([rows, *map(int, _ROW.findall(text))])
        before = text[-OVERLAP:]
    return rows, columns


def of_ods(content: bytes) -> tuple[int, int]:
    """Return how many rows and columns hold something in the XML of an OpenDocument sheet, cells
    and rows that are said once for many counted as often as they stand for."""
    rows = columns = row = width = 0
    times, is_filled = 1, False
    for found in _ODS.finditer(content):
        if found["row"] is not None:
            times, is_filled, width = _times(_REPEATED_ROWS, found["row"]), False, 0
        elif found["cell"] is not None:
            width += _times(_REPEATED_COLUMNS, found["cell"])
            if _VALUE.search(found["cell"]):
                is_filled, columns = True, max(columns, width)
        else:
            row += times
            rows = row if is_filled else rows
    return rows, columns


def _times(pattern: re.Pattern[bytes], attributes: bytes) -> int:
    found = pattern.search(attributes)
    return int(found[1]) if found else 1
