"""The PDF of a published report: tagged, titled, with the numbers of the page; or a plain word."""

import io
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from docx import Document
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from portal.clock import today
from portal.jobs import Job, JobState, Progress, enqueue, run_waiting
from portal.reference.rules import Quarter
from portal.reports.models import ReportPdf, ReportRelease
from portal.reports.queries.pdfs import job_key
from portal.reports.serialise import pdf as pdfs
from portal.reports.serialise.pdf import NoPdf
from portal.reports.services.pdfs import TASK
from portal.reports.services.publishing import take_back
from tests import makers
from tests.cast import Cast
from tests.office import converted
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


def _address(release: ReportRelease, page: str) -> str:
    return f"/reports/{release.report.slug}/v1/{page}"


def _pdf(release: ReportRelease, client: PageClient) -> bytes:
    pytest.importorskip("weasyprint", exc_type=OSError)
    run_waiting()
    answer = client.get(_address(release, "report.pdf"))
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


def test_another_programme_opens_the_word_document_with_every_number(
    release: ReportRelease, client: PageClient, tmp_path: Path
) -> None:
    data = client.get(_address(release, "report.docx")).data
    words = _words(converted(data, "report.docx", "pdf", tmp_path))
    assert [one["shown"] for one in release.content["figures"] if one["shown"] not in words] == []
    assert "Page 1" in words
    assert words.count(release.title) > 1  # the running head


def test_the_table_of_numbers_in_word_fits_a_page(
    release: ReportRelease, client: PageClient
) -> None:
    found = Document(io.BytesIO(client.get(_address(release, "report.docx")).data))
    page, table = found.sections[0], found.tables[-1]
    room = (page.page_width or 0) - (page.left_margin or 0) - (page.right_margin or 0)
    assert table.cell(0, 0).text == "No."
    for row in table.rows:
        assert sum(cell.width or 0 for cell in row.cells) == pytest.approx(room, abs=2_000)


def test_no_page_makes_it_and_it_is_made_once(
    release: ReportRelease, client: PageClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, told = [], []

    def fake(_release: ReportRelease, progress: Progress) -> bytes:
        made.append(1)
        for step in range(3):
            progress(step, 7, "Laying out page 1")
            told.append(client.get(_address(release, "pdf")).text)
        return b"%PDF-made"

    monkeypatch.setattr("portal.reports.tasks.pdf", fake)
    monkeypatch.setattr("portal.reports.services.pdfs.is_made_here", lambda: True)
    waiting = client.get(_address(release, "report.pdf"), follow_redirects=True)
    assert "It waits for its turn" in waiting.text
    assert waiting.headers["Refresh"]
    assert not made
    run_waiting()
    assert all("Laying out page 1" in words for words in told)
    assert "The PDF is ready" in client.get(_address(release, "pdf")).text
    assert client.get(_address(release, "report.pdf")).data == b"%PDF-made"
    client.post(_address(release, "pdf"))
    assert run_waiting() == 0
    enqueue(TASK, release_id=release.id)  # as a worker that was stopped, and began again
    session.commit()
    run_waiting()
    assert made == [1]


def test_of_a_version_without_one_it_is_made_when_somebody_asks(
    release: ReportRelease, client: PageClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.reports.tasks.pdf", lambda *_: b"%PDF-made")
    monkeypatch.setattr("portal.reports.services.pdfs.is_made_here", lambda: True)
    session.execute(delete(Job).where(Job.kind == TASK))
    session.commit()
    page = client.get(_address(release, "report.pdf"), follow_redirects=True)
    assert "The PDF is not made yet" in page.text
    client.post(_address(release, "pdf"))
    run_waiting()
    assert client.get(_address(release, "report.pdf")).data == b"%PDF-made"


def test_the_job_of_a_version_that_was_taken_back_makes_nothing(
    cast: Cast, session: Session, app: Flask
) -> None:
    running = report(by=cast.hin, outline="network", quarter=Quarter.of(today()))
    approved(running, by=cast.hin, texts=TEXTS)
    coming = published(running, by=cast.hin, on=today() + timedelta(days=2))
    enqueue(TASK, release_id=coming.id)
    take_back(report=running, by=cast.hin.actor)
    session.commit()
    run_waiting()
    states = set(session.scalars(select(Job.state).where(Job.kind == TASK)))
    assert states == {JobState.DONE}
    assert session.scalar(select(func.count()).select_from(ReportPdf)) == 0


def test_the_progress_of_the_library_is_told_by_steps() -> None:
    pytest.importorskip("weasyprint", exc_type=OSError)
    steps: list[tuple[int, int | None, str]] = []
    with pdfs._told(lambda done, total=None, message="": steps.append((done, total, message))):
        assert pdfs._printed("<!doctype html><title>One</title><p>Words").startswith(b"%PDF")
    assert {total for _, total, _ in steps} == {pdfs.STEPS}
    assert [done for done, _, _ in steps] == sorted(done for done, _, _ in steps)
    assert "Laying out page 1" in {message for _, _, message in steps}


def test_where_none_can_be_made_it_says_so_and_leads_to_print(
    release: ReportRelease, client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.reports.views.pdfs.is_made_here", lambda: False)
    monkeypatch.setattr("portal.reports.views.pdfs.job_of", lambda _: None)
    answer = client.get(_address(release, "report.pdf"), follow_redirects=True)
    assert "installed without what makes PDF files" in answer.text
    assert "Open the report to print it" in answer.text


def test_a_missing_library_ends_the_job_and_the_page_says_that_it_failed(
    release: ReportRelease, client: PageClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setitem(sys.modules, "weasyprint", None)
        with pytest.raises(NoPdf):
            pdfs._printed("<p>Words")
    monkeypatch.setattr("portal.reports.views.pdfs.is_made_here", lambda: True)
    job = Job(kind=TASK, key=job_key(release.id), arguments={}, state=JobState.FAILED)
    session.add(job)
    session.commit()
    assert "could not be made the last time" in client.get(_address(release, "pdf")).text
