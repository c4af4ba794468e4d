"""Read the workbook that a page gave, as it comes back."""

import io
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from portal.archives import TooLarge, is_office
from portal.errors import Invalid

MAX_ROWS = 20_000
SAVE_ANEW = "The file cannot be read. Send the workbook that this page gives, saved as XLSX"


def cells_of(data: bytes) -> list[list[str]]:
    """Return the cells of a workbook's last sheet as texts; raises Invalid (field `file`) for what
    is no workbook, has macros or would not fit into memory."""
    try:
        if not is_office(data, "xl/workbook.xml"):
            raise Invalid(SAVE_ANEW, field="file")
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheet = book.get_sheet_by_name(book.sheet_names[-1])
        if sheet.height > MAX_ROWS:
            raise Invalid("The file has too many rows", field="file")
        return [[_text(cell) for cell in row] for row in sheet.iter_rows()]
    except (CalamineError, TooLarge, IndexError, OSError) as problem:
        raise Invalid(SAVE_ANEW, field="file") from problem


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
