"""A hostile XLS is refused in words before it is laid out in memory."""

import struct
import tracemalloc
from collections.abc import Sequence

import pytest

from portal.web import spreadsheets
from portal.web.csv_files import FileWrong
from portal.web.sheet_xls import NotXls, of_xls
from portal.web.spreadsheets import read_workbook
from tests.imports.test_reading_files import workbook

SECTOR = 512
END, FREE, OF_FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
GLOBALS, SHEET = 0x0005, 0x0010
Cell = tuple[int, int, int]
"""Row and column, from 0, and the number of the text."""


def record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def texts(values: Sequence[str], room: int = 8000) -> bytes:
    """The list of texts, in as many records as it takes: each goes on in the middle of a text."""
    parts = [bytearray(struct.pack("<II", len(values), len(values)))]
    for value in values:
        parts[-1] += struct.pack("<HB", len(value), 0)
        left = value.encode("latin-1")
        while left:
            taken, left = left[: room - len(parts[-1])], left[room - len(parts[-1]) :]
            parts[-1] += taken
            if left:
                parts.append(bytearray(b"\0"))
    first, *more = map(bytes, parts)
    return record(0x00FC, first) + b"".join(record(0x003C, part) for part in more)


def records(
    values: Sequence[str],
    cells: Sequence[Cell],
    *,
    names: int = 1,
    reach: tuple[int, int] = (0, 0),
    kind: int = 0,
) -> bytes:
    """A workbook of one sheet of a kind that is named once or many times."""
    begins = struct.pack("<HHHHII", 0x0600, GLOBALS, 0, 0, 0, 0)
    sheet = record(0x0809, struct.pack("<HHHHII", 0x0600, SHEET, 0, 0, 0, 0))
    sheet += record(0x0200, struct.pack("<IIHHH", 0, reach[0], 0, reach[1], 0))
    for row, column, number in cells:
        sheet += record(0x00FD, struct.pack("<HHHI", row, column, 0, number))
    listed = texts(values)
    named = [f"Sheet{n}".encode() for n in range(names)]
    size = 20 + sum(12 + len(name) for name in named) + len(listed) + 4
    sheets = b"".join(
        record(0x0085, struct.pack("<IBBBB", size, 0, kind, len(name), 0) + name) for name in named
    )
    return record(0x0809, begins) + sheets + listed + record(0x000A) + sheet + record(0x000A)


def xls(stream: bytes, *, turns_back: bool = False, beside: str = "") -> bytes:
    """The file around the records: a head, the table of sectors, the directory, the stream;
    `beside` is a folder next to the workbook."""
    stream += b"\0" * (max(4096 - len(stream), 0) + -max(len(stream), 4096) % SECTOR)
    sectors = len(stream) // SECTOR
    fats = -(-(sectors + 1) // (SECTOR // 4 - 1)) + 1
    first = fats + 1
    table = [OF_FAT] * fats + [END]
    table += [*range(first + 1, first + sectors), first if turns_back else END]
    table += [FREE] * (fats * SECTOR // 4 - len(table))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHHHIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 0, 0, fats, fats, 0, 4096,
                        END, 0, END, 0)  # fmt: skip
    head += struct.pack("<109I", *range(fats), *[FREE] * (109 - fats))
    entries = entry("Root Entry", 5, END, 0) + entry("Workbook", 2, first, len(stream))
    entries += entry(beside, 1, 0, 0) if beside else b""
    body = struct.pack(f"<{len(table)}I", *table) + entries + bytes(SECTOR - len(entries)) + stream
    return head + body


def entry(name: str, kind: int, start: int, size: int) -> bytes:
    said = name.encode("utf-16-le") + b"\0\0"
    child = 1 if kind == 5 else FREE
    return (
        said.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(said), kind, 1, FREE, FREE, child)
        + bytes(36)
        + struct.pack("<III", start, size, 0)
    )


LONG = "x" * 30_000


def test_an_old_workbook_is_read_with_texts_that_go_on_in_the_next_record() -> None:
    made = xls(records(["Name", LONG, "Last"], [(0, 0, 0), (1, 0, 1), (2, 0, 2)], reach=(3, 1)))
    lines = read_workbook(made, "old.xls").lines("")
    assert [cells for _, cells in lines] == [["Name"], [LONG], ["Last"]]


HOSTILE = {
    "one text for many cells": (
        xls(records([LONG], [(n // 200, n % 200, 0) for n in range(4_000)])),
        "The cells hold 120,000,000 characters together",
    ),
    "a sheet that says it has no end": (
        xls(records(["A"], [(0, 0, 0)], reach=(0xFFFFFFFF, 256))),
        "reaches to row 4,294,967,295",
    ),
    "two cells far from each other": (
        xls(records(["A"], [(0, 0, 0), (65_535, 255, 0)])),
        "reaches to row 65,536 and column 256",
    ),
    "sectors that lead back": (xls(records(["A"], [(0, 0, 0)]), turns_back=True), "damaged"),
    "more sheets than anybody has": (xls(records(["A"], [(0, 0, 0)], names=1_001)), "damaged"),
    "nothing behind its head": (xls(b"")[:600], "damaged"),
}


@pytest.mark.parametrize(
    "made",
    [
        xls(records(["A"], [(0, 0, 0)]), beside="_VBA_PROJECT_CUR"),
        xls(records(["A"], [(0, 0, 0)], kind=1)),
        xls(records(["A"], [(0, 0, 0)], kind=6)),
    ],
    ids=["Visual Basic", "a sheet of macros of Excel 4", "a module"],
)
def test_macros_of_an_old_workbook_are_refused_with_what_to_do(made: bytes) -> None:
    with pytest.raises(FileWrong, match="has macros, which are not taken"):
        read_workbook(made, "old.xls")


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_old_workbook_is_refused_in_words(case: str) -> None:
    data, said = HOSTILE[case]
    with pytest.raises(FileWrong, match=said):
        read_workbook(data, "old.xls")


def test_a_chain_of_large_sectors_that_leads_back_takes_no_memory() -> None:
    """One table says of a sector of 8 kB that it comes after itself."""
    size = 8_192
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHHHIIIIIIIIII", 0x3E, 3, 0xFFFE, 13, 6, 0, 0, 0, 1, 1, 0, 4096,
                        END, 0, END, 0)  # fmt: skip
    head += struct.pack("<109I", 0, *[FREE] * 108)
    table = struct.pack("<2048I", *[1] * 2_048)
    made = head.ljust(size, b"\0") + table + bytes(size)
    tracemalloc.start()
    with pytest.raises(FileWrong, match="damaged"):
        read_workbook(made, "old.xls")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2_000_000


def test_sheets_that_begin_inside_each_other_are_not_read_again_and_again() -> None:
    cells = record(0x00FD, struct.pack("<HHHI", 0, 0, 0, 0)) * 50
    begins = struct.pack("<HHHHII", 0x0600, GLOBALS, 0, 0, 0, 0)
    first = 20 + 3 * (4 + 8 + 1) + 4
    named = b"".join(
        record(0x0085, struct.pack("<IHBB", first + 14 * n, 0, 1, 0) + b"%d" % n) for n in range(3)
    )
    stream = record(0x0809, begins) + named + record(0x000A) + cells + record(0x000A)
    with pytest.raises(NotXls):
        of_xls(xls(stream))


ROWS: list[list[object]] = [["A"] * 10] * 10
MANY = {
    "a sheet named often": (
        xls(records(["A"], [(n // 10, n % 10, 0) for n in range(100)], names=30)),
        "many.xls",
    ),
    "three sheets": (workbook(*ROWS, B=ROWS, C=ROWS), "many.xlsx"),
}


@pytest.mark.parametrize("case", MANY)
def test_sheets_are_counted_together(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data, name = MANY[case]
    monkeypatch.setattr(spreadsheets, "MAX_CELLS", 3_000)
    assert len(read_workbook(data, name).sheets) >= 3
    monkeypatch.setattr(spreadsheets, "MAX_CELLS", 250)
    with pytest.raises(FileWrong, match="too large together"):
        read_workbook(data, name)
