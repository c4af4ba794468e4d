"""An exported table opened in LibreOffice: right kinds, right days, and no formula."""

from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy.orm import Session

from portal.clock import LONDON, today
from portal.innovations.models import Innovation, Sharing
from tests import makers
from tests.cast import Cast, Person
from tests.office import converted
from tests.pages import PageClient

Browser = Callable[[Person], PageClient]


@pytest.fixture
def named_as_a_formula(session: Session, cast: Cast) -> Innovation:
    """A record whose name a spreadsheet would take for a formula."""
    return makers.innovation("=1+1", of=cast.innovator, sharing=Sharing.PUBLIC)


def opened(data: bytes, folder: Path) -> Workbook:
    """Let LibreOffice read the file and write it again: what it understood."""
    return load_workbook(BytesIO(converted(data, "export.xlsx", "xlsx", folder)))


def test_libreoffice_reads_numbers_days_and_text_and_no_formula(
    named_as_a_formula: Innovation, cast: Cast, as_: Browser, tmp_path: Path
) -> None:
    browser = as_(cast.national)
    listed = opened(browser.get("/pipeline/crosstab/records.xlsx").data, tmp_path)["Data"]
    header, row = ([cell.value for cell in line] for line in listed.iter_rows())
    told = dict(zip(header, row, strict=True))
    assert told["Name"] == "=1+1"
    assert named_as_a_formula.submitted_at is not None
    submitted = named_as_a_formula.submitted_at.astimezone(LONDON)
    assert isinstance(told["Submitted"], datetime)
    assert told["Submitted"].date() == submitted.date()
    assert {cell.data_type for line in listed.iter_rows() for cell in line} <= {"s", "n", "d", "b"}


def test_libreoffice_reads_the_filters_and_the_day_on_the_first_sheet(
    named_as_a_formula: Innovation, cast: Cast, as_: Browser, tmp_path: Path
) -> None:
    asked = "row=stage&column=care_setting&proven=no"
    book = opened(as_(cast.national).get(f"/pipeline/crosstab.xlsx?{asked}").data, tmp_path)
    assert book.sheetnames[0] == "About"
    about = {line[0].value: line[1].value for line in book["About"].iter_rows()}
    assert about["Proven"] == "Not proven"
    assert isinstance(about["As at"], date)
    assert about["As at"].date() == today()
    last = [cell.value for cell in list(book["Data"].iter_rows())[-1]]
    assert last[0] == "Total"
    assert last[-1] == 1
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line]
    assert not any(cell.data_type == "f" for cell in cells)
