"""Lists as CSV and XLSX. Nothing that a person typed may run as a formula on a reader's machine."""

import csv
import gzip
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from os import SEEK_END
from tempfile import TemporaryFile
from typing import IO

import xlsxwriter
from flask import Response, request, send_file, stream_with_context
from werkzeug.utils import secure_filename

from portal.clock import in_london, now
from portal.db import set_reading
from portal.errors import NotFound
from portal.files import FileRow, content_of
from portal.web.format import nhs_datetime

Cell = str | int | float | Decimal | bool | date | datetime | None
Table = tuple[Sequence[str], Sequence[Sequence[Cell]]]
"""Column names and the rows below them."""

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP_TYPE = "application/zip"
MAX_XLSX_TEXT = 32_767  # characters in one cell, a limit of the format
MAX_COLUMN_WIDTH = 60

# Characters that make a spreadsheet read a cell as a formula, full-width forms included.
_FORMULA = re.compile(r"^\s*[=+\-@＝＋－＠]|^[\t\r\n]")
# The same behind what separates cells in programs of other countries.
_FORMULA_INSIDE = re.compile(r"[;\t]\s*[=+\-@＝＋－＠]")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def formula_safe(text: str) -> str:
    """Return ``text`` with an apostrophe in front when a spreadsheet would calculate it."""
    return f"'{text}" if _FORMULA.match(text) else text


def csv_cell(value: Cell) -> str:
    """Return one CSV cell: dates ISO, times in England's time, texts never a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return _naive(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, str):
        return formula_safe(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _naive(moment: datetime) -> datetime:
    """Return England's wall-clock time, as spreadsheets know no zones."""
    return in_london(moment).replace(tzinfo=None)


def _attachment(body: bytes, filename: str, mimetype: str) -> Response:
    """Return ``body`` as a file to keep, never shown in the page's own origin."""
    response = Response(body, mimetype=mimetype)
    name = secure_filename(filename) or "download"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def file_response(row: FileRow) -> Response:
    """Return a file that a room keeps, always to be saved; raises NotFound when it is gone.

    It was sent to few: no cache between may keep it, nor the browser of a shared computer.
    """
    response = send_file(
        io.BytesIO(content_of(row.stored, room=row.kept_in)),
        mimetype=row.media_type,
        as_attachment=True,
        download_name=row.name,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def picture_response(row: FileRow) -> Response:
    """Return a picture that a room keeps, to be shown in a page; raises NotFound when it is gone.

    Of what is in work it is for few: who is signed in keeps none of it, as none of the pages.
    """
    response = send_file(
        io.BytesIO(content_of(row.stored, room=row.kept_in)),
        mimetype=row.media_type,
        download_name=row.name,
        etag=row.stored,
    )
    del response.headers["Cache-Control"]  # Flask lets it be kept: `headers` says what may be
    return response


LEAST_COMPRESSED = 1_000
"""Bytes; less is sent as it is."""
LEVEL = 5
PIECE = 64 * 1024
"""Bytes of a large file that are in memory at once."""


def compressed(response: Response) -> Response:
    """Return an answer compressed where that helps and whoever asked can read it."""
    body = response.get_data() if response.status_code == 200 else b""
    if len(body) < LEAST_COMPRESSED or not request.accept_encodings["gzip"]:
        return response
    response.set_data(gzip.compress(body, LEVEL, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    return response


class _Pieces:
    """A file that is sent piece by piece, and closed in the end whether it was sent or not."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file

    def __iter__(self) -> Iterator[bytes]:
        while piece := self.file.read(PIECE):
            yield piece

    def close(self) -> None:
        self.file.close()

    __del__ = close


def streamed(filename: str, mimetype: str, file: IO[bytes], size: int) -> Response:
    """Return a file of any size as one to save, read piece by piece; no cache between keeps it."""
    response = Response(_Pieces(file), mimetype=mimetype)
    response.headers.set("Content-Disposition", "attachment", filename=filename)
    response.headers["Cache-Control"] = "no-store"
    response.content_length = size
    return response


def zip_response(filename: str, body: bytes) -> Response:
    """Return a zip as a file to save."""
    return _attachment(body, filename, ZIP_TYPE)


def xlsx_file(filename: str, body: bytes) -> Response:
    """Return a workbook that was made as a file to save."""
    return _attachment(body, filename, XLSX_TYPE)


def row_writer(text: IO[str]) -> Callable[[Sequence[str]], object]:
    """Return what writes the cells of a row of a CSV file, each made safe before: a row is quoted
    whole where a program of another country would part a cell and find a formula in it."""
    plain, quoted = csv.writer(text), csv.writer(text, quoting=csv.QUOTE_ALL)

    def write(cells: Sequence[str]) -> None:
        is_parted = any(_FORMULA_INSIDE.search(cell) for cell in cells)
        (quoted if is_parted else plain).writerow(cells)

    return write


def csv_response(filename: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """Return rows as a CSV file in UTF-8 with a byte-order mark, which Excel needs."""
    text = io.StringIO(newline="")
    write = row_writer(text)
    for row in chain([header], rows):
        write([csv_cell(value) for value in row])
    return _attachment(text.getvalue().encode("utf-8-sig"), filename, "text/csv")


def _cell_text(text: str) -> str:
    """Return ``text`` as a workbook can hold it: no control characters, one kind of line end."""
    return _NOT_XML.sub("", re.sub("\r\n?", "\n", text))[:MAX_XLSX_TEXT]


class _Sheet:
    """One worksheet, written cell by cell with the type of each value."""

    def __init__(self, book: xlsxwriter.Workbook, name: str) -> None:
        self.sheet = book.add_worksheet(name)
        self.bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.day = book.add_format({"num_format": "d mmm yyyy"})
        self.moment = book.add_format({"num_format": "d mmm yyyy hh:mm"})

    def write(self, row: int, column: int, value: Cell) -> None:
        """Write one value; a string is always a string, never a formula or a link."""
        if value is None:
            return
        if isinstance(value, bool):
            self.sheet.write_string(row, column, "Yes" if value else "No")
        elif isinstance(value, datetime):
            self.sheet.write_datetime(row, column, _naive(value), self.moment)
        elif isinstance(value, date):
            self.sheet.write_datetime(row, column, value, self.day)
        elif isinstance(value, str):
            self.sheet.write_string(row, column, _cell_text(value))
        else:
            self.sheet.write_number(row, column, value)

    def write_row(self, row: int, values: Sequence[Cell]) -> None:
        """Write a row from the first column on."""
        for column, value in enumerate(values):
            self.write(row, column, value)

    def write_header(self, names: Sequence[str]) -> None:
        """Write the first row bold, keep it in sight, and set widths from the names."""
        for column, name in enumerate(names):
            self.sheet.write_string(0, column, name, self.bold)
            self.sheet.set_column(column, column, min(max(len(name) + 4, 14), MAX_COLUMN_WIDTH))
        self.sheet.freeze_panes(1, 0)


def xlsx_response(
    filename: str,
    header: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    about: Mapping[str, Cell] | None = None,
    also: Mapping[str, Table] | None = None,
) -> Response:
    """Return rows as an Excel file, written row by row to a file: a list may be of any length.

    Args:
        filename: the name to save under, ending in ``.xlsx``.
        header: column names.
        rows: values of the columns, typed: dates stay dates, numbers stay numbers.
        about: what the reader must know (title, filters, source), as an "About" first sheet;
            the moment of making and the number of rows are added to it.
        also: further sheets after the data, by their names.
    """
    file = TemporaryFile()  # noqa: SIM115  # closed once it is sent
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        front = _Sheet(book, "About") if about is not None else None
        count = _write_sheet(_Sheet(book, "Data"), header, rows)
        for name, (names, more) in (also or {}).items():
            _write_sheet(_Sheet(book, name), names, more)
        if front is not None:
            _write_about(front, {**(about or {}), **_made(count)})
    response = _attachment(b"", filename, XLSX_TYPE)
    response.content_length = file.seek(0, SEEK_END)
    file.seek(0)
    response.response = _Pieces(file)
    return response


def _write_sheet(sheet: _Sheet, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """Write a header and rows with a filter on each column; returns how many rows there are."""
    sheet.write_header(header)
    count = 0
    for count, row in enumerate(rows, start=1):
        sheet.write_row(count, row)
    sheet.sheet.autofilter(0, 0, count, max(len(header) - 1, 0))
    return count


def csv_stream(filename: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """Return the same, made while it is sent: for lists that may be of thousands of rows."""
    response = _attachment(b"", filename, "text/csv")
    response.response = stream_with_context(_csv_pieces(header, rows))
    del response.headers["Content-Length"]
    return response


def _csv_pieces(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    set_reading(True)  # what follows the page may have written; a slow reader must lock nobody out
    text = io.StringIO(newline="")
    write = row_writer(text)
    text.write("\ufeff")
    for row in chain([header], rows):
        write([csv_cell(value) for value in row])
        if text.tell() >= PIECE:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def list_file(
    name: str,
    kind: str,
    header: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    about: Mapping[str, Cell] | None = None,
    also: Mapping[str, Table] | None = None,
) -> Response:
    """Return rows as a file of a kind, "csv" or "xlsx"; `about` stands on the workbook's first
    sheet, and `also` on further ones. Raises NotFound for any other kind."""
    if kind not in {"csv", "xlsx"}:
        raise NotFound("Downloads are CSV or XLSX.")
    if kind == "csv":
        return csv_response(f"{name}.csv", header, rows)
    return xlsx_response(f"{name}.xlsx", header, rows, about, also)


def _made(count: int) -> dict[str, Cell]:
    """Return when the file was made and how many rows it has."""
    return {"Made": nhs_datetime(now()), "Rows": count}


def _write_about(sheet: _Sheet, facts: Mapping[str, Cell]) -> None:
    """Write names and values below each other."""
    sheet.sheet.set_column(0, 0, 24, sheet.bold)
    sheet.sheet.set_column(1, 1, MAX_COLUMN_WIDTH)
    for row, (name, value) in enumerate(facts.items()):
        sheet.write_row(row, (name, value))
