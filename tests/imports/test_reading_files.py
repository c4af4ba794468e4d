"""What people send is read as they saved it; what cannot be is refused in words."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from unittest.mock import Mock

import openpyxl
import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.clock import day_of
from portal.imports.models import Import
from portal.innovations.models import Innovation
from portal.web.csv_files import FileWrong
from portal.web.sheet_extent import Extent, column_letters, column_number, of_ods, of_xlsx
from portal.web.spreadsheets import read_workbook
from tests.cast import Cast, Person
from tests.imports.conftest import Bringer, line, table
from tests.scanning import VIRUS, files_refused, infected

__all__ = ["infected"]

TEXT = "Ref;Name\r\n0020000;Café “Ω”\r\n"


def workbook(*rows: list[object], name: str = "Data", **sheets: list[list[object]]) -> bytes:
    """An XLSX of these rows, typed, and of further sheets by name."""
    body = io.BytesIO()
    with xlsxwriter.Workbook(body, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for called, lines in {name: list(rows), **sheets}.items():
            sheet = book.add_worksheet(called)
            for row, cells in enumerate(lines):
                for column, cell in enumerate(cells):
                    if isinstance(cell, date):
                        sheet.write_datetime(row, column, cell, day)
                    elif isinstance(cell, str) and not cell.startswith("=") and cell.isdigit():
                        sheet.write_string(row, column, cell)
                    else:
                        sheet.write(row, column, cell)
    return body.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_csv_file_is_read_in_any_encoding_and_with_any_separator(
    encoding: str, separator: str
) -> None:
    text = TEXT.replace(";", separator)
    text = text.replace("Ω", "é") if encoding == "cp1252" else text
    lines = read_workbook(text.encode(encoding), "list.csv").lines("")
    assert lines[0] == (1, ["Ref", "Name"])
    assert lines[1][1][0] == "0020000"
    assert "Café" in lines[1][1][1]


def test_cells_of_a_workbook_are_read_as_typed() -> None:
    data = workbook(["Code", "Day", "Sum"], ["0020000", date(2025, 2, 28), 1200.5], Other=[["x"]])
    book = read_workbook(data, "list.xlsx")
    assert list(book.sheets) == ["Data", "Other"]
    assert book.lines("Data")[1] == (2, ["0020000", "2025-02-28", "1200.5"])


def test_a_workbook_of_excel_97_is_read_as_typed() -> None:
    data = (Path(__file__).parent / "files" / "pipeline_97.xls").read_bytes()
    book = read_workbook(data, "pipeline_97.xls")
    assert list(book.sheets) == ["Pipeline", "Notes"]
    lines = book.lines("Pipeline")
    assert [cells[0] for _, cells in lines] == ["Ref", "0020000", "0020001"]
    assert [cells[8:] for _, cells in lines[1:]] == [["2025-02-28", "1200"], ["2024-11-05", "50"]]
    assert lines[1][1][6] == "Falls at night – often"


def test_a_workbook_of_excel_97_comes_in(
    bringer: Callable[[Person], Bringer], session: Session, cast: Cast
) -> None:
    hana = bringer(cast.hin)
    data = (Path(__file__).parent / "files" / "pipeline_97.xls").read_bytes()
    importing = hana.mapped(data, "pipeline_97.xls")
    hana.do(importing, "apply")
    made = session.scalars(select(Innovation).order_by(Innovation.id)).all()
    assert [one.external_key for one in made] == ["0020000", "0020001"]
    assert [one.patients_a_year for one in made] == [1200, 50]
    assert {day_of(one.submitted_at).isoformat() for one in made if one.submitted_at} == {
        "2025-02-28",
        "2024-11-05",
    }


def test_a_formula_is_its_value_and_never_runs() -> None:
    body = io.BytesIO()
    with xlsxwriter.Workbook(body) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Name", "Sum"])
        sheet.write_formula(1, 0, '=HYPERLINK("http://evil.example.org")', None, "Evil")
        sheet.write_formula(1, 1, "=1+1", None, 2)
    assert read_workbook(body.getvalue(), "f.xlsx").lines("")[1] == (2, ["Evil", "2"])


def zipped(**members: bytes) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), data)
    return body.getvalue()


def with_member(data: bytes, name: str, content: bytes) -> bytes:
    """A workbook with one more member, or one replaced."""
    body = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.namelist():
            if member != name:
                new.writestr(member, old.read(member))
        new.writestr(name, content)
    return body.getvalue()


PLAIN = workbook(["Name"], ["A"])
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FAR = (
    b'<worksheet><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    b"</worksheet>"
)
ENTITY = b'<!DOCTYPE s [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><sst><si><t>&b;</t></si></sst>'


def led_elsewhere() -> bytes:
    """A workbook whose sheet lies where no sheet lies otherwise."""
    data = with_member(PLAIN, "xl/sheets/one.bin", FAR)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        leads = archive.read("xl/_rels/workbook.xml.rels")
    leads = leads.replace(b"worksheets/sheet1.xml", b"sheets/one.bin")
    return with_member(data, "xl/_rels/workbook.xml.rels", leads)


def said_once(cells: int, characters: int) -> bytes:
    """A workbook in whose cells one text stands that the file holds once."""
    rows = [["@@"] * 100 for _ in range(cells // 100)]
    data = workbook(["Name"], *rows)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        texts = archive.read("xl/sharedStrings.xml")
    texts = texts.replace(b"@@", b"x" * characters)
    return with_member(data, "xl/sharedStrings.xml", texts)


def ods_said_once() -> bytes:
    """An OpenDocument sheet with one text that stands for 200 cells of 5,000 rows."""
    ods = b'<office:document-content xmlns:table="t" xmlns:office="o" xmlns:text="x">'
    cell = b'<table:table-row table:number-rows-repeated="5000"><table:table-cell '
    cell += b'table:number-columns-repeated="200" office:value-type="string"><text:p>'
    end = b"</text:p></table:table-cell></table:table-row></office:document-content>"
    return zipped(
        mimetype=b"application/vnd.oasis.opendocument.spreadsheet",
        **{"META-INF__manifest_xml": b"<m/>", "content_xml": ods + cell + b"x" * 1000 + end},
    )


def reach(found: Extent) -> tuple[int, int]:
    return found.rows, found.columns


ODS_FAR = (
    b'<table:table-row table:number-rows-repeated="1000000"><table:table-cell '
    b'table:number-columns-repeated="900" office:value-type="string"></table:table-cell>'
    b"</table:table-row>"
)
BAD = {
    "more than 20MB": (lambda: b"a," * (11 * 1024 * 1024), "l.csv", "smaller than 20MB"),
    "a zip bomb": (
        lambda: with_member(PLAIN, "xl/worksheets/sheet2.xml", b"0" * 101 * 1024 * 1024),
        "bomb.xlsx",
        "unpacks to more",
    ),
    "the last cell of a sheet": (
        lambda: with_member(PLAIN, "xl/worksheets/sheet1.xml", FAR),
        "far.xlsx",
        "reaches to row 1,048,576",
    ),
    "the last cell in other quotes": (
        lambda: with_member(PLAIN, "xl/worksheets/sheet1.xml", FAR.replace(b'"', b"'")),
        "far.xlsx",
        "reaches to row 1,048,576",
    ),
    "the last cell in small letters": (
        lambda: with_member(PLAIN, "xl/worksheets/sheet1.xml", FAR.replace(b"XFD", b"xfd")),
        "far.xlsx",
        "reaches to row 1,048,576",
    ),
    "the last cell in UTF-16": (
        lambda: with_member(PLAIN, "xl/worksheets/sheet1.xml", FAR.decode().encode("utf-16")),
        "far.xlsx",
        "reaches to row 1,048,576",
    ),
    "the last cell of a sheet elsewhere": (led_elsewhere, "far.xlsx", "reaches to row 1,048,576"),
    "entities": (
        lambda: with_member(PLAIN, "xl/sharedStrings.xml", ENTITY),
        "e.xlsx",
        "damaged",
    ),
    "one long text in many cells": (
        lambda: said_once(600, 200_000),
        "bomb.xlsx",
        "The cells hold 120,000,004 characters together",
    ),
    "one text for many cells": (
        ods_said_once,
        "bomb.ods",
        "The cells hold 1,000,000,000 characters together",
    ),
    "1,000 columns of text": (
        lambda: ",".join(f"c{n}" for n in range(1000)).encode(),
        "wide.csv",
        "1,000 columns, and a file may have 200",
    ),
    "a zipped file called CSV": (lambda: PLAIN, "l.csv", "not a CSV file"),
    "a packed file called CSV": (lambda: b"\x1f\x8b\x08\0" + bytes(range(256)), "l.csv", "text"),
    "1,000 columns": (
        lambda: workbook([f"c{n}" for n in range(1000)], ["x"] * 1000),
        "wide.xlsx",
        "1,000 columns, and a file may have 200",
    ),
    "macros": (
        lambda: with_member(PLAIN, "xl/vbaProject.bin", OLE + "_VBA_PROJECT".encode("utf-16-le")),
        "m.xlsx",
        "macros",
    ),
    "a password": (
        lambda: OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
        "secret.xlsx",
        "has a password",
    ),
    "another kind": (lambda: b"%PDF-1.7 nothing", "l.xlsx", "not an XLSX, as its name says"),
    "no spreadsheet": (lambda: b"hello", "l.docx", "CSV"),
    "a zip that is none": (lambda: zipped(readme_txt=b"hello"), "l.ods", "not an ODS"),
    "an old workbook that is none": (lambda: OLE + bytes(2000), "l.xls", "cannot be read"),
    "rows after 10,000 empty ones": (
        lambda: b"Name\r\n" + b"\r\n" * 10_000 + b"Far\r\n",
        "gap.csv",
        "row 10,002 stands below 10,000 empty rows",
    ),
    "20,200 rows": (
        lambda: b"Name\r\n" + b"A\r\n" * 20_200,
        "long.csv",
        "more than 20,000 rows",
    ),
    "a NUL far below": (
        lambda: b"Name,B\r\n" + b"A,b\r\n" * 100 + b"A,B\0\r\n",
        "nul.csv",
        "cell B102 holds what is no text",
    ),
    "a cell without an end": (
        lambda: b'Name,B\r\n"A,' + b"b" * 200_000,
        "open.csv",
        "line 2: a cell is longer than 131,072 characters",
    ),
    "nothing": (lambda: b" \r\n", "l.csv", "empty"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_read_is_refused_in_words_and_nothing_is_written(
    bringer: Callable[[Person], Bringer], session: Session, cast: Cast, case: str
) -> None:
    make, name, said = BAD[case]
    hana = bringer(cast.hin)
    page = hana.send(make(), name)
    assert "There is a problem" in page, page[:500]
    assert said in page
    assert session.scalar(select(func.count()).select_from(Import)) == 0


def test_60mb_are_refused_by_their_size_alone(
    bringer: Callable[[Person], Bringer], session: Session, cast: Cast
) -> None:
    page = bringer(cast.hin).send(bytes(60 * 1024 * 1024), "huge.csv")
    assert "too large" in page
    assert "20MB" in page
    assert session.scalar(select(func.count()).select_from(Import)) == 0


def test_a_header_twice_is_refused_where_it_is_chosen(
    bringer: Callable[[Person], Bringer], cast: Cast
) -> None:
    hana = bringer(cast.hin)
    place = hana.send(b"Name,Name\r\nA,B\r\n", "twice.csv")
    page = hana.client.post(place, data={"sheet": "-", "header_row": "1"}).get_data(as_text=True)
    assert "These names stand there twice: Name" in page


def test_a_cell_of_100_000_characters_is_wrong_at_its_address(
    bringer: Callable[[Person], Bringer], cast: Cast
) -> None:
    hana = bringer(cast.hin)
    long = "m" * 100_000
    text = table(line("A1"), line("A2", Problem=long), line("A3"), line("A4"), line("A5"))
    importing = hana.mapped(text.encode(), "long.csv")
    page = hana.page(importing)
    assert "G3" in page
    assert "Must be 4,000 characters or fewer" in page
    assert len(page) < 100_000


def test_the_error_of_a_formula_is_no_value(
    bringer: Callable[[Person], Bringer], cast: Cast
) -> None:
    hana = bringer(cast.hin)
    importing = hana.mapped(table(line("A1", Problem="#REF!"), line("A2")).encode(), "f.csv")
    assert "error of a formula" in hana.page(importing)


def test_columns_have_letters() -> None:
    assert [column_letters(n) for n in (1, 26, 27, 702, 703)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert all(column_number(column_letters(n)) == n for n in range(1, 800))


def test_cells_said_once_for_many_are_counted() -> None:
    assert reach(of_ods([ODS_FAR])) == (1_000_000, 900)
    assert reach(of_ods([ODS_FAR.replace(b'"', b"'")])) == (1_000_000, 900)
    empty = b'<table:table-row table:number-rows-repeated="1048575"><table:table-cell/>'
    assert reach(of_ods([empty + b"</table:table-row>"])) == (0, 0)


def test_cells_that_do_not_say_where_they_stand_are_counted() -> None:
    rows = b"<row><c/><c/></row>" * 3 + b'<row r="9"><c/><c r="E9"/><c/></row>'
    assert reach(of_xlsx([b"<s>" + rows[:40], rows[40:] + b"</s>"])) == (9, 6)


def test_what_the_reader_gives_up_on_is_damaged(monkeypatch: pytest.MonkeyPatch) -> None:
    panic = type("PanicException", (BaseException,), {})

    def give_up(*_: object) -> None:
        raise panic

    monkeypatch.setattr(CalamineWorkbook, "from_object", give_up)
    with pytest.raises(FileWrong, match="damaged"):
        read_workbook(PLAIN, "l.xlsx")


ODS = """<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
<table:table table:name="Data"><table:table-row><table:table-cell office:value-type="string">
<text:p>Code</text:p></table:table-cell><table:table-cell office:value-type="date"
 office:date-value="2025-02-28"><text:p>28/02/25</text:p></table:table-cell></table:table-row>
</table:table></office:spreadsheet></office:body></office:document-content>"""


def test_an_opendocument_sheet_is_read_and_one_with_a_password_refused() -> None:
    manifest = b'<manifest:manifest xmlns:manifest="m"/>'
    mimetype = b"application/vnd.oasis.opendocument.spreadsheet"
    data = with_member(zipped(mimetype=mimetype), "content.xml", ODS.encode())
    data = with_member(data, "META-INF/manifest.xml", manifest)
    assert read_workbook(data, "l.ods").lines("Data") == [(1, ["Code", "2025-02-28"])]
    locked = manifest.replace(b"/>", b"><encryption-data/></manifest:manifest>")
    with pytest.raises(FileWrong, match="has a password"):
        read_workbook(with_member(data, "META-INF/manifest.xml", locked), "l.ods")


def test_a_template_offers_its_lists_and_comes_in_as_it_is(
    bringer: Callable[[Person], Bringer], cast: Cast
) -> None:
    hana = bringer(cast.hin)
    data = hana.client.get("/import/template/innovations.xlsx").data
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Data"]
    header = [cell.value for cell in sheet[1]]
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    stage = column_letters(header.index("Stage of development") + 1)
    rule = rules[f"{stage}2:{stage}2001"]
    assert (rule.type, rule.formula1) == ("list", f"Lists!${stage}$2:${stage}$10")
    place = hana.send(data, "template.xlsx").replace("/sheet", "")
    hana.client.post(f"{place}/sheet", data={"sheet": "Data", "header_row": "1"})
    guesses = [value for key, value in hana.chosen(f"{place}/columns").items() if key != "sheet"]
    assert len(guesses) == len(header)
    assert all(guesses)


def test_the_file_comes_back_with_its_problems(
    bringer: Callable[[Person], Bringer], cast: Cast
) -> None:
    hana = bringer(cast.hin)
    importing = hana.mapped(table(line("A1"), line("A2", Product="")).encode(), "crm.csv")
    data = hana.client.get(f"/import/{importing.id}/problems.xlsx").data
    (_, header), (_, fits), (_, wrong) = read_workbook(data, "back.xlsx").lines("")
    assert (header[-1], header[0]) == ("Problem", "Ref")
    assert len(fits) == 9
    assert fits[-1] == ""
    assert wrong[-1].startswith("C3: Enter the name")


def test_problems_are_told_at_the_cells_of_the_file_that_comes_back(
    bringer: Callable[[Person], Bringer], cast: Cast
) -> None:
    """Titles above the table are not in it, so that its rows stand higher."""
    hana = bringer(cast.hin)
    text = "Our pipeline\r\n\r\n" + table(line("A1"), line("A2", Product=""))
    importing = hana.mapped(text.encode(), "crm.csv")
    assert "C5" in hana.page(importing), "on the page the cells of the file that was sent"
    data = hana.client.get(f"/import/{importing.id}/problems.xlsx").data
    assert read_workbook(data, "back.xlsx").lines("")[2][1][-1].startswith("C3: Enter the name")


@pytest.mark.parametrize(
    ("data", "name", "why"),
    [
        (b"Ref,Title\nC1,Falls\n", "needs.csv", VIRUS),
        (b"MZ not a workbook", "needs.xlsx", "The file is not an XLSX"),
    ],
)
def test_a_file_that_may_not_be_taken_is_an_event_of_security(
    bringer: Callable[[Person], Bringer],
    session: Session,
    cast: Cast,
    infected: Mock,
    data: bytes,
    name: str,
    why: str,
) -> None:
    assert why in bringer(cast.hin).send(data, name)
    [told] = files_refused(session)
    assert told.startswith(why)
    assert told.endswith(f": {name}, POST /import/new/innovations")
