"""Read the workbook that a page gave, as it comes back."""

from collections.abc import Iterator, Sequence

from portal.errors import Invalid
from portal.web.sent_sheets import read_once
from portal.web.spreadsheets import MAX_ROWS, Line

GIVEN = "Send the workbook that this page gives"


def cells_of(data: bytes, name: str, header: Sequence[str]) -> list[list[str]]:
    """Return the cells, as texts, of the sheet of a workbook that has the headings in its first
    row; raises Invalid (field `file`) for what is no workbook, has macros or a virus, has no such
    sheet or would not fit into memory."""
    for sheet in _sheets(data, name):
        if _headings(sheet[0] if sheet else []) == [*header]:
            return sheet[1:]
    raise Invalid(f"No sheet of the file has the headings {', '.join(header)}", field="file")


def _sheets(data: bytes, name: str) -> Iterator[list[list[str]]]:
    """Yield the cells of the sheets of a workbook that hold anything, the last one first."""
    for lines in reversed(_read(data, name).values()):
        if lines[-1][0] > MAX_ROWS:
            raise Invalid("The file has too many rows", field="file")
        yield _laid_out(lines)


def _read(data: bytes, name: str) -> dict[str, list[Line]]:
    try:
        return read_once(data, name).sheets
    except Invalid as wrong:
        raise Invalid(f"{wrong}. {GIVEN}", field="file") from wrong


def _laid_out(lines: Sequence[Line]) -> list[list[str]]:
    """Return the rows in their places: those without a cell are there, and empty."""
    filled = dict(lines)
    width = max((len(cells) for cells in filled.values()), default=0)
    rows = range(1, max(filled, default=0) + 1)
    return [[*(cells := filled.get(row, [])), *[""] * (width - len(cells))] for row in rows]


def _headings(cells: Sequence[str]) -> list[str]:
    """Return the headings of a row; empty cells behind them are none."""
    found = [*cells]
    while found and not found[-1]:
        found.pop()
    return found
