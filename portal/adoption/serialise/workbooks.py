"""Read the workbook that a page gave, as it comes back."""

import io
from collections.abc import Iterator, Sequence
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from portal.archives import TooLarge, is_office
from portal.errors import Invalid

MAX_ROWS = 20_000
SAVE_ANEW = "The file cannot be read. Send the workbook that this page gives, saved as XLSX"


def cells_of(data: bytes, header: Sequence[str]) -> list[list[str]]:
    """Return the cells, as texts, of the sheet of a workbook that has the headings in its first
    row; raises Invalid (field `file`) for what is no workbook, has macros, has no such sheet or
    would not fit into memory."""
    for sheet in _sheets(data):
        if _headings(sheet[0] if sheet else []) == [*header]:
            return sheet[1:]
    raise Invalid(f"No sheet of the file has the headings {', '.join(header)}", field="file")


def last_sheet(data: bytes) -> list[list[str]]:
    """Return the cells of a workbook's last sheet as texts: the first where there is but one.
    Raises Invalid as `cells_of` does."""
    return next(_sheets(data), [])


def _sheets(data: bytes) -> Iterator[list[list[str]]]:
    """Yield the cells of the sheets of a workbook, the last one first."""
    try:
        if not is_office(data, "xl/workbook.xml"):
            raise Invalid(SAVE_ANEW, field="file")
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in reversed(book.sheet_names):
            sheet = book.get_sheet_by_name(name)
            if sheet.height > MAX_ROWS:
                raise Invalid("The file has too many rows", field="file")
            yield [[_text(cell) for cell in row] for row in sheet.iter_rows()]
    except (CalamineError, TooLarge, IndexError, OSError) as problem:
        raise Invalid(SAVE_ANEW, field="file") from problem


def _headings(cells: Sequence[str]) -> list[str]:
    """Return the headings of a row; empty cells behind them are none."""
    found = [*cells]
    while found and not found[-1]:
        found.pop()
    return found


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
