"""What was published: kept as it was, corrected by a new version, the same in every file."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from portal.clock import today
from portal.errors import Conflict, Forbidden, Invalid
from portal.reference.rules import Quarter
from portal.reports.models import ReleaseKind, ReportRelease
from portal.reports.rules.document import digest_of
from portal.reports.services import publishing
from tests import makers
from tests.cast import Cast, Person
from tests.pages import PageClient
from tests.reports.makers import approved, published, report, section, signed_off, write

Browser = Callable[[Person], PageClient]
TEXTS = {
    "highlights": "We began {figure:engagements} after {figure:interactions}.\n\n"
    "- **More** in reserve\n- {typed:12 people|the list of the event} came\n\n> Well done",
    "companies": "Hours: {figure:hours}.",
}


@pytest.fixture
def release(cast: Cast, session: Session) -> ReportRelease:
    makers.innovation("Early Warner", of=cast.innovator)
    running = report(by=cast.hin, outline="network", quarter=Quarter.of(today()))
    found = published(approved(running, by=cast.hin, texts=TEXTS), by=cast.hin)
    session.commit()
    return found


def test_everybody_reads_it_and_every_number_is_explained(
    release: ReportRelease, cast: Cast, client: PageClient
) -> None:
    page = client.get(f"/reports/{release.report.slug}").text
    assert "1 engagement" in page
    assert release.digest in page
    assert "the list of the event" in page
    assert page.count('id="number-') == 4
    for place in range(1, 5):
        assert f'href="#number-{place}"' in page
    assert "Nothing is known of it." in page


def test_a_long_text_begins_with_its_contents_and_says_how_much_is_folded(
    release: ReportRelease, client: PageClient
) -> None:
    page = " ".join(client.get(f"/reports/{release.report.slug}").text.split())
    linked = re.findall(
        r'href="#((?:section-|numbers|left-out|methodology|notes|footnotes)[^"]*)"', page
    )
    assert {f"section-{one['number']}" for one in shown_of(release)} <= set(linked)
    assert [one for one in linked if f'id="{one}"' not in page] == []
    assert "The numbers of this report (4)</a>" in page
    folded = page.split("4 numbers, with what each counts and where it is from</span>")[1]
    assert 'id="number-1"' in folded
    assert 'href="#contents">Back to contents<' in page


def shown_of(release: ReportRelease) -> list[Any]:
    """The chapters and their parts that are not left out."""
    return [
        one for one in release.content["sections"] if one["level"] <= 3 and not one.get("left_out")
    ]


def test_no_number_of_a_published_text_is_without_a_trace(release: ReportRelease) -> None:
    runs = [run for one in release.content["sections"] for b in one["blocks"] for run in b["runs"]]
    digits = [run["text"] for run in runs if re.search(r"\d", run["text"])]
    assert digits == [run["text"] for run in runs if "figure" in run]
    assert len(release.figures) == len(digits) == 4
    assert not [run for run in runs if "is_typed" in run]


def test_whatever_changes_later_its_bytes_stay(
    release: ReportRelease, cast: Cast, as_: Browser, client: PageClient, session: Session
) -> None:
    slug = release.report.slug
    before = client.get(f"/reports/{slug}/v1").data
    rows = as_(cast.hin).get(f"/reports/{release.report_id}/trace/v1/1").data
    assert b"Early Warner" in rows
    makers.innovation("Late Riser", of=cast.innovator)
    highlights = section(release.report, "highlights")
    write("{figure:engagements}.", by=cast.hin, into=highlights)
    session.commit()
    assert highlights.seen == {"figure engagements": 2.0}
    assert b"Late Riser" not in as_(cast.hin).get(f"/reports/{release.report_id}/trace/v1/1").data
    assert client.get(f"/reports/{slug}/v1").data == before
    session.refresh(release)
    assert digest_of(release.content) == release.digest


def test_a_correction_needs_a_note_makes_a_version_and_leaves_the_old_one(
    release: ReportRelease, cast: Cast, client: PageClient, session: Session
) -> None:
    made, lead = release.report, cast.hin.actor
    highlights = section(made, "highlights")
    write("We began {figure:engagements}, no more.", by=cast.hin, into=highlights)
    approved(made, by=cast.hin, texts={"highlights": highlights.text})
    given = {"report": made, "next_on": None, "by": lead}
    with pytest.raises(Conflict):
        publishing.publish(
            **given, version=made.version, kind=ReleaseKind.CORRECTION, note="Wrong."
        )
    signed_off(made, by=cast.hin)
    for kind, note in ((ReleaseKind.CORRECTION, " "), (ReleaseKind.FIRST, "Again")):
        with pytest.raises(Invalid):
            publishing.publish(**given, version=made.version, kind=kind, note=note)
    second = publishing.publish(
        **given, version=made.version, kind=ReleaseKind.CORRECTION, note="Hours were wrong."
    )
    session.commit()
    assert (second.number, second.digest != release.digest) == (2, True)
    newest = client.get(f"/reports/{made.slug}").text
    assert "no more" in newest
    assert "Hours were wrong." in newest
    old = client.get(f"/reports/{made.slug}/v1").text
    assert "no more" not in old
    assert "There is a newer version" in old
    assert client.get(f"/reports/{made.slug}/v3").status_code in {302, 404}


def test_the_numbers_are_the_same_in_every_file(release: ReportRelease, client: PageClient) -> None:
    address = f"/reports/{release.report.slug}/v1"
    shown = [one.shown for one in release.figures]
    word = Document(io.BytesIO(client.get(f"{address}/report.docx").data))
    text = "\n".join(one.text for one in word.paragraphs)
    assert [row.cells[1].text for row in word.tables[0].rows][1:] == shown
    assert all(one in text for one in shown)
    headings = [one.text for one in word.paragraphs if one.style.name.startswith("Heading")]
    assert headings[0] == "1 The quarter in brief"
    assert word.tables[0].rows[0]._tr.xpath("w:trPr/w:tblHeader")
    assert word.styles.element.xpath("//w:lang/@w:val") == ["en-GB"]
    book = load_workbook(io.BytesIO(client.get(f"{address}/figures.xlsx").data))
    rows = list(book.worksheets[-1].iter_rows(values_only=True))
    column = rows[0].index("Shown as")
    assert [row[column] for row in rows[1:]] == shown
    csv = client.get(f"{address}/figures.csv").data.decode("utf-8-sig")
    assert all(one in csv for one in shown)
    assert csv.count(release.report.title) == 0


def test_the_trace_leads_to_the_rows_as_they_were(
    release: ReportRelease, cast: Cast, as_: Browser
) -> None:
    address = f"/reports/{release.report_id}/trace"
    page = as_(cast.hin).get(f"{address}?version=1").text
    assert "Hana West" in page
    assert "figure engagements" in page
    live = as_(cast.national).get(address).text
    assert "figure engagements" in live
    rows = as_(cast.national).get(f"{address}/v1/1").text
    assert "Early Warner" in rows
    empty = as_(cast.hin).get(f"{address}/v1/2").text
    assert "No row stands behind it" in empty
    assert as_(cast.hin).get(f"{address}/v1/9").status_code == 404


def test_only_a_lead_publishes_on_the_page(cast: Cast, as_: Browser, session: Session) -> None:
    made = approved(report(by=cast.hin, outline="network"), by=cast.hin, texts=TEXTS)
    session.commit()
    hin = as_(cast.hin)
    version = {"version": made.version}
    page = hin.post(f"/reports/{made.id}/sign-off", data=version, follow_redirects=True)
    assert "The report is signed off." in page.text
    session.refresh(made)
    sent = {"kind": "first", "version": made.version}
    page = hin.post(f"/reports/{made.id}/publish", data=sent, follow_redirects=True)
    assert "It is published" in page.text
    with pytest.raises(Forbidden):
        publishing.sign_off(report=made, version=made.version, by=cast.national.actor)
