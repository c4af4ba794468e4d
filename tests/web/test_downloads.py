"""Lists as files: nothing typed by anyone may run on a reader's machine."""

import csv
import io
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask, Response
from openpyxl import load_workbook

from portal.db import _reading, set_reading
from portal.errors import NotFound
from portal.web.downloads import (
    csv_response,
    csv_stream,
    formula_safe,
    list_file,
    xlsx_response,
)

FORMULAS = [
    '=HYPERLINK("http://evil.example","Click")',
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "  =1+1",
    "＝1+1",
]


def rows_of(response: Response) -> list[list[str]]:
    text = response.get_data().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def book_of(response: Response):
    return load_workbook(io.BytesIO(response.get_data()))


@pytest.mark.parametrize("typed", FORMULAS)
def test_a_formula_in_a_csv_is_a_text(typed: str) -> None:
    cell = rows_of(csv_response("a.csv", ["Name"], [[typed]]))[1][0]
    assert cell == "'" + typed


@pytest.mark.parametrize("typed", FORMULAS)
def test_a_formula_in_a_workbook_is_a_text(typed: str) -> None:
    cell = book_of(xlsx_response("a.xlsx", ["Name"], [[typed]]))["Data"]["A2"]
    assert cell.data_type == "s"
    assert cell.value.strip() == typed.strip()


@pytest.mark.parametrize("typed", ["x;=1+1", "x; +1", "x\t@SUM(1)", "x;\n-1"])
def test_a_formula_behind_a_separator_of_other_countries_stays_in_its_cell(typed: str) -> None:
    text = csv_response("a.csv", ["Name", "n"], [[typed, 1], ["A; b", 2]]).get_data(as_text=True)
    assert f'"{typed}","1"\r\n' in text
    assert "A; b,2\r\n" in text


def test_a_formula_in_a_heading_is_a_text_too() -> None:
    assert rows_of(csv_response("a.csv", ["=1"], []))[0] == ["'=1"]


def test_ordinary_texts_are_left_alone() -> None:
    assert formula_safe("Sepsis = late, -5%") == "Sepsis = late, -5%"


def test_a_csv_opens_in_excel_with_every_letter() -> None:
    response = csv_response("a.csv", ["Name"], [["Zoë, “صحة” 👩🏽‍⚕️\nnew line"]])
    assert response.get_data().startswith(b"\xef\xbb\xbf")
    assert rows_of(response)[1] == ["Zoë, “صحة” 👩🏽‍⚕️\nnew line"]


def test_values_of_a_csv_are_plain() -> None:
    moment = datetime(2026, 7, 5, 13, 30, tzinfo=UTC)
    row = [date(2026, 11, 5), moment, Decimal("-1.50"), -3, True, None]
    assert rows_of(csv_response("a.csv", list("abcdef"), [row]))[1] == [
        "2026-11-05",
        "2026-07-05 14:30",
        "-1.50",
        "-3",
        "Yes",
        "",
    ]


def test_a_workbook_keeps_types() -> None:
    moment = datetime(2026, 7, 5, 13, 30, tzinfo=UTC)
    row = ["007", date(2026, 11, 5), moment, Decimal("-1.5"), 3, False, None]
    sheet = book_of(xlsx_response("a.xlsx", list("abcdefg"), [row]))["Data"]
    values = [cell.value for cell in sheet[2]]
    assert values == [
        "007",
        datetime(2026, 11, 5),  # noqa: DTZ001 - a workbook knows no zones
        datetime(2026, 7, 5, 14, 30),  # noqa: DTZ001 - as above
        -1.5,
        3,
        "No",
        None,
    ]
    assert sheet["B2"].is_date


def test_an_address_in_a_workbook_is_no_link() -> None:
    sheet = book_of(xlsx_response("a.xlsx", ["Link"], [["https://evil.example"]]))["Data"]
    assert sheet["A2"].hyperlink is None
    assert sheet["A2"].value == "https://evil.example"


def test_characters_that_no_workbook_may_hold_are_left_out() -> None:
    sheet = book_of(xlsx_response("a.xlsx", ["Text"], [["a\x00b\x0bc" + "x" * 40_000]]))["Data"]
    assert sheet["A2"].value.startswith("abc")
    assert len(sheet["A2"].value) == 32_767


def test_the_first_sheet_says_what_the_list_is() -> None:
    response = xlsx_response("a.xlsx", ["N"], [[1], [2]], {"List": "Innovations", "Stage": "=1"})
    book = book_of(response)
    assert book.sheetnames == ["About", "Data"]
    facts = {row[0].value: row[1].value for row in book["About"].iter_rows()}
    assert facts["List"] == "Innovations"
    assert facts["Stage"] == "=1"
    assert book["About"]["B2"].data_type == "s"
    assert facts["Rows"] == 2
    assert " at " in facts["Made"] or "mid" in facts["Made"]


def test_files_are_kept_not_opened_and_their_name_is_safe() -> None:
    response = csv_response('in"no\r\nvations – all.csv', ["N"], [])
    disposition = response.headers["Content-Disposition"]
    assert disposition == "attachment; filename=inno_vations_all.csv"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_one_list_is_given_as_either_kind_of_file(kind: str) -> None:
    response = list_file("things", kind, ["N"], iter([[1], [2]]), {"List": "Things"})
    assert response.headers["Content-Disposition"] == f"attachment; filename=things.{kind}"
    table = rows_of(response) if kind == "csv" else list(book_of(response)["Data"].values)
    assert [[str(cell) for cell in row] for row in table] == [["N"], ["1"], ["2"]]


def test_there_is_no_other_kind_of_file() -> None:
    with pytest.raises(NotFound):
        list_file("things", "pdf", ["N"], [])


def test_what_is_read_while_a_file_is_sent_locks_nobody_out() -> None:
    """On SQLite a transaction that may write keeps all others from writing: for as long as
    somebody with a slow line reads."""
    was: list[bool] = []

    def rows() -> Iterator[list[str]]:
        was.append(_reading.get())
        yield ["a"]

    with Flask(__name__).test_request_context():
        set_reading(False)
        response = csv_stream("list.csv", ["Name"], rows())
        assert list(response.response) == ["\ufeffName\r\na\r\n".encode()]
    assert was == [True]


def test_a_long_workbook_is_not_held_in_memory() -> None:
    rows = ([f"{row} {column} " + "word " * 40 for column in range(10)] for row in range(4_000))
    tracemalloc.start()
    try:
        response = xlsx_response("a.xlsx", list("abcdefghij"), rows, {"List": "Long"})
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4_000_000  # the texts alone are twice that
    body = b"".join(response.response)  # type: ignore[arg-type]  # pieces of bytes
    assert len(body) == response.content_length
    response.close()
