"""Read the workbook that a page gave, as it comes back."""

import io
from collections.abc import Iterable, Sequence
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
    try:
        if not is_office(data, "xl/workbook.xml"):
            raise Invalid(SAVE_ANEW, field="file")
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in reversed(book.sheet_names):
            sheet = book.get_sheet_by_name(name)
            if sheet.height > MAX_ROWS:
                raise Invalid("The file has too many rows", field="file")
            rows = sheet.iter_rows()
            if _headings(next(rows, [])) == [*header]:
                return [[_text(cell) for cell in row] for row in rows]
    except (CalamineError, TooLarge, IndexError, OSError) as problem:
        raise Invalid(SAVE_ANEW, field="file") from problem
    raise Invalid(f"No sheet of the file has the headings {', '.join(header)}", field="file")


def _headings(cells: Iterable[Any]) -> list[str]:
    """Return the headings of a row; empty cells behind them are none."""
    found = [_text(cell) for cell in cells]
    while found and not found[-1]:
        found.pop()
    return found


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
