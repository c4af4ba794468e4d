"""Read CSV files as people save them: from Excel, in any of its encodings, with any separator.

Excel saves "CSV UTF-8" with a mark at its beginning, plain "CSV" in Windows-1252 (Mac Roman on a
Mac), "Unicode text" in UTF-16 with tabs, and uses semicolons where Windows' region says so. All of
them are read; what cannot be is refused with what to do.
"""

import csv
import io
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from charset_normalizer import from_bytes

SEPARATORS = (",", ";", "\t", "|")
SEPARATOR_LINES = 20
"""Lines at the beginning of a file that tell its separator."""
SAVE_AS = "In Excel choose File, Save as, “CSV UTF-8 (Comma delimited)”, and use that file"
BINARY = {
    b"PK\x03\x04": "an Excel workbook or another zipped file",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
}
"""How files begin that people take for CSV files, and what they are."""
ONE_BYTE = ("cp1252", "mac_roman")
"""What Excel writes where it does not write Unicode, the commonest first."""
_BEYOND_ASCII = re.compile(r"(?<=(.))?([^\x00-\x7f])(?=(.?))", re.DOTALL)
_USUAL_SIGNS = frozenset("’‘“”–—…£€•™®©°½¼¾±µ²³×\u00a0")
_LATIN = frozenset(map(chr, range(0xC0, 0x180))) - {"×", "÷"}
_END = "(end of the file)"
MORE = "(more cells than columns)"
"""The column under which the cells stand that have no column."""

Cells = dict[str, str]


class FileWrong(ValueError):
    """The file cannot be read at all; the message says why, where, and what to do."""


def decoded(data: bytes) -> str:
    """Return the text of a file, whatever its encoding; raises FileWrong."""
    for begin, kind in BINARY.items():
        if data.startswith(begin):
            raise FileWrong(f"This is {kind}, not a CSV file. {SAVE_AS}.")
    encoding = _unicode_of(data)
    if encoding is None:
        return _guessed(data)
    try:
        return data.decode(encoding).rstrip("\x00\x1a")
    except UnicodeDecodeError as error:
        raise FileWrong(f"The file's text is damaged. {SAVE_AS}.") from error


def _unicode_of(data: bytes) -> str | None:
    """Return the Unicode encoding by the file's mark or its zero bytes; None for one-byte text."""
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return "utf-16"
    if data.startswith(BOM_UTF8):
        return "utf-8-sig"
    begin = data[:200]
    if b"\x00" in begin:
        # Latin letters in UTF-16: every second byte is zero, the second ones when little-endian.
        return "utf-16-le" if begin[1::2].count(0) > begin[::2].count(0) else "utf-16-be"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "utf-8"


def _guessed(data: bytes) -> str:
    """Return one-byte text in the encoding in which it reads most like English."""
    if not from_bytes(data, cp_isolation=list(ONE_BYTE), preemptive_behaviour=False):
        raise FileWrong(f"The file is not text that can be read. {SAVE_AS}.")
    # The end of a line tells the system; only the old programs of a Mac end it by \r alone.
    system = "cp1252" if b"\r\n" in data else "mac_roman" if b"\n" not in data else ""
    texts = {one: data.decode(one, errors="replace") for one in ONE_BYTE}
    best = max(texts, key=lambda one: _sense_of(texts[one]) + 2 * (one == system))
    return texts[best].rstrip("\x00\x1a")


def _sense_of(text: str) -> int:
    """Return how much the characters beyond ASCII read like English: signs that it uses count two,
    small letters one; a capital after a small letter or alone, an opening quotation mark after a
    letter, and what English has no use for, count against it."""
    sense = 0
    for found in _BEYOND_ASCII.finditer(text):
        before, one, after = found[1] or "", found[2], found[3]
        follows = before.isalpha()
        if one in "“‘”–—•" and follows and after.isalpha():
            sense -= one not in "–—"
        elif one in _USUAL_SIGNS:
            sense += -2 if one in "“‘" and follows else 2
        elif one.isalpha() and one in _LATIN:
            is_odd = before.islower() or not (follows or after.isalpha())
            sense += 1 if one.islower() else -2 if is_odd else 0
        else:
            sense -= 2
    return sense


def column_name(header: str) -> str:
    """Return a header as its column is called: "External Key" and "external_key " are one."""
    plain = re.sub(r"[\s\u00a0\u200b\ufeff]+", " ", header).strip().casefold()
    return plain.replace(" ", "_").replace("-", "_")


def read_csv(data: bytes) -> tuple[list[str], Iterator[tuple[int, Cells]]]:
    """Return the columns of a CSV file and its rows, each with its line number and the cells that
    are not empty, by column. Empty rows are left out; raises FileWrong."""
    text = decoded(data)
    lines = io.StringIO(text, newline="")
    separator = _separator(lines)
    _refuse_open_quotes(text, separator)
    reader = csv.reader(lines, delimiter=separator)
    before = len(text[: lines.tell()].splitlines())
    columns = [column_name(cell) for cell in _next(reader) or ()]
    while columns and not columns[-1]:
        columns.pop()
    _refuse_columns(columns)
    return columns, _rows(reader, columns, before)


def lines_of(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Yield every row of a CSV file, the one with the columns' names too, with the number that it
    has in a spreadsheet program: a cell of several lines is in one row. Raises FileWrong."""
    text = decoded(data)
    lines = io.StringIO(text, newline="")
    separator = _separator(lines)
    _refuse_open_quotes(text, separator)
    reader = csv.reader(lines, delimiter=separator)
    number = 0
    while (cells := _next(reader)) is not None:
        number += 1
        yield number, [cell.replace("\u00a0", " ").strip() for cell in cells]


def _refuse_open_quotes(text: str, separator: str) -> None:
    """Raise FileWrong where a quotation mark is opened and never closed: the rows after it would
    be one cell."""
    if '"' not in text:
        return
    reader = csv.reader(io.StringIO(f"{text}\n{_END}", newline=""), delimiter=separator)
    row, begins, line = _next(reader), 1, 0
    while row is not None:
        begins, line = line + 1, reader.line_num
        last, row = row, _next(reader)
    if last != [_END]:
        raise FileWrong(
            f"line {begins}: a quotation mark is opened that is never closed, so the rows after it "
            "would be part of one cell. Close it or take it out"
        )


def _separator(lines: io.StringIO) -> str:
    """Return what separates the cells: what stands equally often in most of the first lines, for a
    title may stand above the table; "sep=;" is Excel's own word for it."""
    start = lines.tell()
    first = lines.readline().strip("\r\n")
    told = re.fullmatch(r'"?sep=(.)"?', first.strip(), re.IGNORECASE)
    if told:
        return told[1] if told[1] in SEPARATORS else ","
    lines.seek(start)
    begin = "".join(islice(lines, SEPARATOR_LINES))
    lines.seek(start)
    unquoted = [line for line in re.sub(r'"[^"]*"', "", begin).splitlines() if line.strip()]
    return max(SEPARATORS, key=lambda one: _columns_made(unquoted, one))


def _columns_made(lines: Sequence[str], separator: str) -> int:
    """Return how many separators stand in lines that have the same number of them."""
    counts = Counter(line.count(separator) for line in lines)
    return max((count * times for count, times in counts.items()), default=0)


def _refuse_columns(columns: Sequence[str]) -> None:
    if not columns:
        raise FileWrong("The file is empty: its first line must name the columns.")
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise FileWrong(f"line 1: these columns stand there twice: {', '.join(twice)}")


def _rows(reader: Any, columns: Sequence[str], before: int) -> Iterator[tuple[int, Cells]]:
    while (cells := _next(reader)) is not None:
        plain = [cell.replace("\u00a0", " ").strip() for cell in cells]
        if any(plain):
            row = {name: cell for name, cell in zip(columns, plain, strict=False) if cell and name}
            lost = [c for n, c in zip(columns, plain, strict=False) if c and not n]
            more = [cell for cell in plain[len(columns) :] if cell] + lost
            yield reader.line_num + before, row | ({MORE: "; ".join(more)} if more else {})


def _next(reader: Any) -> list[str] | None:
    try:
        return next(reader, None)
    except csv.Error as error:
        if "field limit" in str(error):
            limit = csv.field_size_limit()
            words = f"line {reader.line_num}: a cell is longer than {limit:,} characters"
            raise FileWrong(f"{words}. Is a quotation mark missing?") from error
        raise FileWrong(f"line {reader.line_num}: this is not CSV ({error}). {SAVE_AS}.") from error
