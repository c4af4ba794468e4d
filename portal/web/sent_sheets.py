"""Spreadsheets as they come from people: looked into as every file is, and refused in one way.

What is kept is scanned and counted by who keeps it (`portal.files.keep`, `portal.imports`).
"""

from portal.errors import Invalid
from portal.files import scan, telling
from portal.web.csv_files import FileWrong
from portal.web.spreadsheets import Workbook, expect_table, read_workbook


def read_sent(data: bytes, name: str) -> Workbook:
    """Return a spreadsheet that somebody sent, to be kept; raises Invalid, on the field `file`, for
    what is none or may not be taken, which is an event of security."""
    with telling(name):
        return _read(data, name)


def read_once(data: bytes, name: str) -> Workbook:
    """Return a spreadsheet of which nothing is kept: scanned here, for nobody else will do so.

    Raises Invalid as `read_sent`, also when it has a virus or cannot be scanned.
    """
    with telling(name):
        book = _read(data, name)
        scan(data)
    return book


def expect_sent(data: bytes, name: str) -> None:
    """Refuse what is no table as `read_sent` does, without reading all of it; it is to be kept."""
    with telling(name):
        try:
            expect_table(data, name)
        except FileWrong as wrong:
            raise Invalid(str(wrong), field="file") from wrong


def _read(data: bytes, name: str) -> Workbook:
    try:
        return read_workbook(data, name)
    except FileWrong as wrong:
        raise Invalid(str(wrong), field="file") from wrong
