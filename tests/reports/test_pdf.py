"""The PDF of a published report: tagged, titled, with the numbers of the page; or a plain word."""

import io
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest
from docx import Document
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from portal.clock import today
from portal.reference.rules import Quarter
from portal.reports.models import ReportRelease
from tests import makers
from tests.cast import Cast
from tests.pages import PageClient
from tests.reports.makers import approved, published, report

pikepdf = pytest.importorskip("pikepdf")
TEXTS = {
    "highlights": "### What began\n\nWe began {figure:engagements} after {figure:interactions}.\n\n"
    "- {typed:12 people|the list of the event} came\n\n> Well done",
    "companies": "Hours: {figure:hours}.",
}


@pytest.fixture
def release(cast: Cast, session: Session) -> ReportRelease:
    makers.innovation("Early Warner", of=cast.innovator)
    running = report(by=cast.hin, outline="network", quarter=Quarter.of(today()))
    found = published(approved(running, by=cast.hin, texts=TEXTS), by=cast.hin)
    session.commit()
    return found


def _pdf(release: ReportRelease, client: PageClient) -> bytes:
    pytest.importorskip("weasyprint", exc_type=OSError)
    answer = client.get(f"/reports/{release.report.slug}/v1/report.pdf")
    assert answer.mimetype == "application/pdf"
    return answer.data


def _words(pdf: bytes) -> str:
    tool = shutil.which("pdftotext")
    if tool is None:
        pytest.skip("pdftotext is not there")
    ran = subprocess.run([tool, "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(ran.stdout.decode().split())


def _kinds(node: object) -> Iterator[str]:
    """Yield what each element of a PDF's structure is."""
    if isinstance(node, pikepdf.Array):
        for one in node:
            yield from _kinds(one)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield str(node.S)
        if "/K" in node:
            yield from _kinds(node.K)


def test_it_is_tagged_and_says_its_title_and_language(
    release: ReportRelease, client: PageClient
) -> None:
    with pikepdf.open(io.BytesIO(_pdf(release, client))) as pdf:
        assert str(pdf.Root.Lang) == "en-GB"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert str(pdf.docinfo.Title) == release.title
        with pdf.open_metadata() as about:
            assert about["pdfuaid:part"] == "1"
        kinds = set(_kinds(pdf.Root.StructTreeRoot.K))
    assert {"/H1", "/H2", "/H3", "/P", "/L", "/LI", "/Table", "/TH", "/TD"} <= kinds


def test_pages_are_numbered_under_a_running_head(
    release: ReportRelease, client: PageClient
) -> None:
    words = _words(_pdf(release, client))
    total = int(re.search(r"Page 1 of (\d+)", words)[1])  # type: ignore[index]  # it is there
    assert total > 1
    assert f"Page {total} of {total}" in words
    assert words.count(release.title) >= total  # the heading, then every further page


def test_every_number_is_the_same_in_all_that_leaves(
    release: ReportRelease, client: PageClient
) -> None:
    base = f"/reports/{release.report.slug}"
    shown = [one["shown"] for one in release.content["figures"]]
    assert len(shown) == 4
    docx = Document(io.BytesIO(client.get(f"{base}/v1/report.docx").data))
    book = load_workbook(io.BytesIO(client.get(f"{base}/v1/figures.xlsx").data))
    files = {
        "page": client.get(base).text,
        "pdf": _words(_pdf(release, client)),
        "docx": " ".join(part.text for part in docx.paragraphs)
        + " ".join(cell.text for row in docx.tables[0].rows for cell in row.cells),
        "xlsx": " ".join(
            str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row
        ),
        "csv": client.get(f"{base}/v1/figures.csv").text,
    }
    assert {name: [one for one in shown if one not in words] for name, words in files.items()} == {
        name: [] for name in files
    }


def test_where_none_can_be_made_it_says_so_and_leads_to_print(
    release: ReportRelease, client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    answer = client.get(f"/reports/{release.report.slug}/v1/report.pdf")
    assert answer.status_code == 404
    assert "installed without what makes PDF files" in answer.text
    assert "Open the report to print it" in answer.text
