"""Read the files of the national directory and of postcodes, row by row."""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from portal.errors import Invalid

WORKBOOKS = frozenset({".xlsx", ".xls", ".xlsb", ".ods"})
MAX_CELL = 1_000_000


def rows_of(path: Path, columns: int = 0) -> Iterator[list[str]]:
    """Yield the rows of a file, CSV or a workbook's first sheet, each cell as text; a CSV file is
    read as it goes. Empty rows are left out. A workbook does not keep the empty cells at the end of
    its rows: they are filled up to so many columns. Raises Invalid for what cannot be read."""
    found = _sheet(path, columns) if path.suffix.lower() in WORKBOOKS else _lines(path)
    return (row for row in found if any(cell.strip() for cell in row))


def _lines(path: Path) -> Iterator[list[str]]:
    try:
        with path.open(encoding=_encoding(path), newline="") as file:
            yield from iter(partial(_next, csv.reader(file, strict=True)), None)
    except (OSError, csv.Error, UnicodeDecodeError) as problem:
        raise Invalid(f"{path.name} cannot be read: {problem}") from problem


def _next(reader: Iterator[list[str]]) -> list[str] | None:
    """Return the next row, None after the last.

    The limit is the whole process's, and other readers have their own words about a long cell: it
    is raised for one row, for two files may be read side by side.
    """
    before = csv.field_size_limit(MAX_CELL)
    try:
        return next(reader, None)
    finally:
        csv.field_size_limit(before)


def _encoding(path: Path) -> str:
    """Return UTF-8 where all of the file is, else what Windows writes; in pieces."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            while file.read(1 << 20):
                pass
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _sheet(path: Path, columns: int) -> Iterator[list[str]]:
    try:
        sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
        for row in sheet.iter_rows():
            yield [_text(cell) for cell in row] + [""] * (columns - len(row))
    except (CalamineError, OSError, IndexError) as problem:
        raise Invalid(f"{path.name} cannot be read: {problem}") from problem


def _text(cell: Any) -> str:
    """Return a cell as a CSV file would have it: whole numbers plain, days in figures."""
    if isinstance(cell, datetime | date):
        return f"{cell:%Y%m%d}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
