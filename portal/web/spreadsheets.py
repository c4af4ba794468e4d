"""Read a spreadsheet as people send it: CSV, XLSX, XLS or ODS, into lines of texts.

Nothing is guessed of a cell but what its program says it is: a date becomes 2025-02-28, a number
its digits, and a text stays what it was typed as, so "0020000" keeps its noughts. What cannot be
read is refused in words (`FileWrong`), before it is laid out in memory.
"""

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import zip_longest
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
)

from portal.archives import CHUNK, TooLarge, is_office
from portal.text import without_invisible
from portal.web.csv_files import FileWrong, lines_of
from portal.web.sheet_extent import (
    Extent,
    NotXml,
    column_letters,
    lengths_of,
    of_ods,
    of_xlsx,
    text_of,
)
from portal.web.sheet_xls import HasMacros, NotXls, of_xls

ENDINGS = ("csv", "txt", "tsv", "xlsx", "xls", "ods")
MAX_MEGABYTES = 20
MAX_BYTES = MAX_MEGABYTES * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_GAP = 1_000
"""Empty rows in one place that a table may have."""
MAX_CELLS = 8_000_000
"""Of the rectangle from the first to the last cell: some 250MB once it is laid out."""

MAX_TEXT = 100_000_000
"""Characters of all cells together: some 300MB once they are laid out. In a file a text may stand
once for many cells."""

Line = tuple[int, list[str]]
"""The number of a line in its sheet, from 1, and the text of each of its cells."""

MAIN_PART = {"xlsx": "xl/workbook.xml", "ods": "content.xml"}
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
SAVE_ANEW = "Open it in Excel, save it as “Excel Workbook (.xlsx)” and send that"
RELATIONS = "xl/_rels/workbook.xml.rels"
PANIC = "PanicException"
"""What the reader raises where its own language gave up: no `Exception`, and in no module."""
MARK = 200
"""Bytes within which markup begins."""
DAMAGED = f"The file cannot be read: it is damaged. {SAVE_ANEW}"
ENCRYPTED = "The file has a password. Save it without one (File, Info, Protect Workbook)"
TOGETHER = "The sheets are too large together. Keep only the sheet that you need"
MACROS = f"The file has macros, which are not taken. {SAVE_ANEW}"


@dataclass(frozen=True)
class Workbook:
    """The sheets of a file by name, with the lines that hold anything."""

    sheets: dict[str, list[Line]]

    def lines(self, sheet: str) -> list[Line]:
        """Return the lines of a sheet; of the first where there is none of that name."""
        return self.sheets.get(sheet) or next(iter(self.sheets.values()), [])

    def header(self, sheet: str, row: int) -> list[str]:
        """Return the names of the columns that stand on a row of a sheet, counted from 1."""
        return [
            " ".join(without_invisible(cell).split())
            for cell in dict(self.lines(sheet)).get(row, [])
        ]


def wrong_with(header: Sequence[str]) -> str:
    """Return why a row cannot name the columns, "" where it can."""
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        return f"These names stand there twice: {', '.join(twice)}"
    return "" if header else "Select a row that names the columns"


def ending_of(name: str) -> str:
    """Return the ending of a file's name, in small letters."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def read_workbook(data: bytes, name: str) -> Workbook:
    """Return the sheets of a file; raises FileWrong, in words for the person who sent it."""
    if expect_table(data, name):
        return Workbook(_sheets(data))
    return Workbook({"": _checked("", list(lines_of(data)))})


def expect_table(data: bytes, name: str) -> bool:
    """Raise FileWrong unless a file may be read as a table, before it is laid out in memory; say
    whether it is a workbook."""
    ending = ending_of(name)
    if ending not in ENDINGS:
        raise FileWrong("Select a CSV, XLSX, XLS or ODS file")
    if len(data) > MAX_BYTES:
        raise FileWrong(f"The file must be smaller than {MAX_MEGABYTES}MB")
    if not data.strip(b"\0 \r\n\t"):
        raise FileWrong("The file is empty")
    is_workbook = ending not in {"csv", "txt", "tsv"}
    if is_workbook:
        _expect_kind(data, ending)
    return is_workbook


def _expect_kind(data: bytes, ending: str) -> None:
    """Raise FileWrong unless the content is what the name says, whole, of a size that can be laid
    out and without macros."""
    if data.startswith(OLE) and "EncryptedPackage".encode("utf-16-le") in data:
        raise FileWrong(ENCRYPTED)
    if ending == "xls":
        if not data.startswith(OLE):
            raise FileWrong(f"The file is not an XLS, as its name says. {SAVE_ANEW}")
        if "_VBA_PROJECT".encode("utf-16-le") in data:
            raise FileWrong(MACROS)
        _expect_old_extent(data)
        return
    if not data.startswith(ZIP):
        raise FileWrong(f"The file is not an {ending.upper()}, as its name says. {SAVE_ANEW}")
    _expect_office(data, ending)


def _expect_old_extent(data: bytes) -> None:
    try:
        found = of_xls(data)
    except HasMacros as wrong:
        raise FileWrong(MACROS) from wrong
    except NotXls as wrong:
        raise FileWrong(DAMAGED) from wrong
    for one in found:
        _refuse_extent(one)


def _expect_office(data: bytes, ending: str) -> None:
    try:
        fits = is_office(data, MAIN_PART[ending])
    except TooLarge as large:
        message = "The file unpacks to more than any spreadsheet. Keep only the sheet that you need"
        raise FileWrong(message) from large
    with zipfile.ZipFile(io.BytesIO(data)) if fits else _damaged(data, ending) as archive:
        names = archive.namelist()
        if any(name.startswith(("Basic/", "Scripts/")) for name in names):
            raise FileWrong(MACROS)
        if ending == "ods" and b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise FileWrong(ENCRYPTED)
        _expect_extent(archive, ending)


def _damaged(data: bytes, ending: str) -> Any:
    """Raise FileWrong and say why an archive is no office document that may be taken."""
    if b"vbaproject" in data.lower() or b"macrosheets" in data.lower():
        raise FileWrong(MACROS)
    raise FileWrong(
        f"The file is not an {ending.upper()}, as its name says, or it is damaged or has"
        f" macros. {SAVE_ANEW}"
    )


def _expect_extent(archive: zipfile.ZipFile, ending: str) -> None:
    """Look at every part that could be read as a sheet: the workbook says which are, not names."""
    names = ["content.xml"] if ending == "ods" else archive.namelist()
    reach = of_ods if ending == "ods" else of_xlsx
    parts = [name for name in names if _is_markup(archive, name)]
    try:
        found = [reach(_chunks(archive, name)) for name in parts]
        for one in found:
            _refuse_extent(one)
        # The longest text in every cell is more than there is, and quickly known.
        if (
            sum(one.references for one in found) * max((o.longest for o in found), default=0)
            > MAX_TEXT
        ):
            _refuse_text(_text_in(archive, parts))
    except NotXml as wrong:
        raise FileWrong(DAMAGED) from wrong


def _text_in(archive: zipfile.ZipFile, parts: Sequence[str]) -> int:
    """Return how many characters all cells hold; of several lists of texts the longer counts."""
    lists = [lengths_of(_chunks(archive, name)) for name in parts]
    lengths = [max(each) for each in zip_longest(*lists, fillvalue=0)]
    return sum(text_of(_chunks(archive, name), lengths) for name in parts)


def _is_markup(archive: zipfile.ZipFile, name: str) -> bool:
    """Whether a part is XML; drawings of comments are only nearly, and no workbook reads them."""
    if name.endswith(".vml"):
        return any(b".vml" in archive.read(one) for one in archive.namelist() if one == RELATIONS)
    with archive.open(name) as file:
        return b"<" in file.read(MARK)


def _chunks(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with archive.open(name) as file:
        while chunk := file.read(CHUNK * 16):
            yield chunk


def _refuse_extent(found: Extent) -> None:
    if found.rows * found.columns > MAX_CELLS:
        raise FileWrong(
            f"A sheet reaches to row {found.rows:,} and column {found.columns:,}: delete what "
            "stands far below or beside the table, and save it"
        )
    _refuse_text(found.text)


def _refuse_text(characters: int) -> None:
    if characters > MAX_TEXT:
        raise FileWrong(
            f"The cells hold {characters:,} characters together, and a file may have {MAX_TEXT:,}. "
            "Keep only the columns that you need"
        )


def _sheets(data: bytes) -> dict[str, list[Line]]:
    try:
        with CalamineWorkbook.from_object(io.BytesIO(data)) as book:
            kinds = {one.name: one.typ for one in book.sheets_metadata}
            if SheetTypeEnum.MacroSheet in kinds.values():
                raise FileWrong(MACROS)
            names = [name for name, kind in kinds.items() if kind == SheetTypeEnum.WorkSheet]
            sheets = _laid_out(book, names)
    except PasswordError as locked:
        raise FileWrong(ENCRYPTED) from locked
    except FileWrong:
        raise
    except (CalamineError, OSError, ValueError, KeyError) as broken:
        raise FileWrong(DAMAGED) from broken
    except BaseException as broken:
        if type(broken).__name__ != PANIC:
            raise
        raise FileWrong(DAMAGED) from broken
    filled = {name: lines for name, lines in sheets.items() if lines}
    if not filled:
        raise FileWrong("The file is empty")
    return filled


def _laid_out(book: CalamineWorkbook, names: Sequence[str]) -> dict[str, list[Line]]:
    """Return the sheets one after another, while all together are no larger than one may be: one
    that is stored once may be named many times."""
    sheets: dict[str, list[Line]] = {}
    cells = characters = 0
    for name in names:
        sheet = book.get_sheet_by_name(name)
        cells += (sheet.total_height + 1) * (sheet.total_width + 1)
        if cells > MAX_CELLS:
            raise FileWrong(TOGETHER)
        sheets[name] = _lines(sheet, name)
        characters += sum(len(text) for _, line in sheets[name] for text in line)
        _refuse_text(characters)
    return sheets


def _lines(sheet: CalamineSheet, name: str) -> list[Line]:
    rows = sheet.to_python(skip_empty_area=False)
    return _checked(name, [(n, [_text(c) for c in row]) for n, row in enumerate(rows, start=1)])


def _text(cell: Any) -> str:
    """Return a cell as it is typed: days as 2025-02-28, whole numbers without a point."""
    if isinstance(cell, bool):
        return "Yes" if cell else "No"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell) if isinstance(cell, timedelta) else str(cell).replace("\u00a0", " ").strip()


def _checked(sheet: str, lines: Sequence[Line]) -> list[Line]:
    """Return the lines that hold anything; raises FileWrong for a table that nobody could mean."""
    where = f"Sheet “{sheet}”: " if sheet else ""
    filled = [(number, cells) for number, cells in lines if any(cells)]
    _expect_text(where, filled)
    width = max((max(n for n, c in enumerate(cells, 1) if c) for _, cells in filled), default=0)
    if width > MAX_COLUMNS:
        raise FileWrong(
            f"{where}there are {width:,} columns, and a file may have {MAX_COLUMNS}: keep "
            "those that you need"
        )
    _expect_no_gap(where, filled)
    if len(filled) > MAX_ROWS + 100:
        raise FileWrong(f"{where}there are more than {MAX_ROWS:,} rows: send it in several files")
    return [(number, cells[:width]) for number, cells in filled]


def _expect_text(where: str, filled: Sequence[Line]) -> None:
    """Raise FileWrong for a character of which no database makes a text."""
    for number, cells in filled:
        for column, cell in enumerate(cells, start=1):
            if "\0" in cell:
                address = f"{column_letters(column)}{number}"
                raise FileWrong(f"{where}cell {address} holds what is no text: enter it anew")


def _expect_no_gap(where: str, filled: Sequence[Line]) -> None:
    before = 0
    for number, _ in filled:
        if number - before > MAX_GAP:
            raise FileWrong(
                f"{where}row {number:,} stands below {number - before - 1:,} empty rows: delete "
                "the empty rows, or what stands below them"
            )
        before = number
