"""Maps, driver diagrams and case studies in a report: on its page and in every file, with every
number in their words listed."""

import hashlib
import io
from collections.abc import Callable

import pytest
from docx import Document
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clock import today
from portal.errors import Forbidden, Invalid
from portal.exchange.models import ContentItem, ContentKind
from portal.files import content_of
from portal.improvement.models import Diagram
from portal.jobs import run_waiting
from portal.reference.rules import Quarter
from portal.reports.models import Report, ReportRelease
from portal.reports.queries.checking import checked, read
from portal.reports.queries.exhibits import NO_DIAGRAM, NO_STUDY
from portal.reports.rules.document import Content, numbers_of
from portal.reports.rules.text import ALONE, blocks
from tests import makers
from tests.cast import Cast, Person
from tests.exchange.makers import draft
from tests.exchange.makers import published as published_item
from tests.exchange.test_content import PNG
from tests.improvement.makers import diagram, node, programme
from tests.pages import PageClient
from tests.reports.makers import approved, photographed, published, report, section, write
from tests.web.test_pictures import photograph

Browser = Callable[[Person], PageClient]
NOW = Quarter.of(today())


def _whole(cast: Cast) -> tuple[Report, str, str]:
    """Return England's report of this quarter, with references to a diagram and a case study."""
    spread = programme("Safer wards", by=cast.national, is_public=True)
    drivers = diagram(by=cast.national, of=spread)
    node("Staff see the risk in 95% of wards", into=drivers, by=cast.national)
    item = published_item(
        ContentKind.CASE_STUDY, by=cast.hin, second=cast.national, title="Calmer nights"
    )
    running = report(by=cast.national, quarter=NOW)
    return running, f"{{diagram:{spread.code}}}", f"{{study:{item.id}}}"


@pytest.fixture
def release(cast: Cast, session: Session) -> ReportRelease:
    makers.innovation("Early Warner", of=cast.innovator)
    running, drivers, study = _whole(cast)
    photo = photographed(running, PNG, by=cast.national)
    texts = {
        "overview": f"What we try:\n\n{drivers}\n\n{study}\n\n{{photo:{photo.id}}}",
        "pipeline": "Where:\n\n{chart:engagements by=map}",
    }
    found = published(approved(running, by=cast.national, texts=texts), by=cast.national)
    session.commit()
    return found


def test_what_a_section_shows_is_taken_by_a_tick(
    cast: Cast, session: Session, as_: Browser
) -> None:
    running, drivers, study = _whole(cast)
    photo = f"{{photo:{photographed(running, PNG, by=cast.national).id}}}"
    part = section(running, "overview")
    session.commit()
    browser, path = as_(cast.national), f"/reports/sections/{part.id}"
    page = browser.get(path).text
    for words in ("Driver diagrams", "Safer wards", "The newest case studies", "Calmer nights"):
        assert words in page
    typed = {"version": str(part.version), "text": "Ours.", "show": [drivers, study, photo]}
    assert browser.post(path, data=typed).status_code == 302
    session.expire_all()
    assert part.text == f"Ours.\n\n{drivers}\n\n{study}\n\n{photo}"


def _blocks(release: ReportRelease, kind: str) -> list[Content]:
    every = (block for one in release.content["sections"] for block in one["blocks"])
    return [block for block in every if block["kind"] == kind]


def test_the_numbers_in_words_of_others_are_listed_with_their_source(
    release: ReportRelease,
) -> None:
    [drivers], [study] = _blocks(release, "diagram"), _blocks(release, "study")
    listed = {one["number"]: one for one in release.content["figures"]}
    [share] = [listed[run["figure"]] for run in numbers_of(drivers)]
    assert share["shown"] == "95%"
    assert share["source"].startswith("Driver diagram: Safer wards, ")
    [result] = [listed[run["figure"]] for run in numbers_of(study)]
    assert (result["shown"], result["source"]) == ("12.5%", "Case study: Calmer nights")
    assert {one.number for one in release.figures} == set(listed)


def test_the_page_draws_them_and_says_them_in_words(
    release: ReportRelease, client: PageClient
) -> None:
    page = client.get(f"/reports/{release.report.slug}").text
    assert "Driver diagram: Safer wards" in page
    assert "app-drivers__box--aim" in page
    assert "Staff see the risk in " in page
    assert "Calmer nights" in page
    assert f'href="{_blocks(release, "study")[0]["exhibit"]["address"]}"' in page
    assert client.get(_blocks(release, "study")[0]["exhibit"]["address"]).status_code == 200
    assert client.get(_blocks(release, "diagram")[0]["exhibit"]["address"]).status_code == 200
    assert page.count("app-chart__tile") == 15


def test_word_has_their_words_and_the_map_as_a_table(
    release: ReportRelease, client: PageClient
) -> None:
    base = f"/reports/{release.report.slug}/v1"
    made = Document(io.BytesIO(client.get(f"{base}/report.docx").data))
    words = "\n".join(one.text for one in made.paragraphs)
    assert "Primary driver: Staff see the risk" in words
    assert "fewer falls. Worked out: Counted" in words
    assert len(made.tables[0].rows) == 16
    parts = client.get(f"{base}/parts").text
    assert "Words of diagrams and case studies: 2 numbers" in parts


def test_a_photograph_goes_with_its_words_into_every_file(
    release: ReportRelease, client: PageClient
) -> None:
    [block] = _blocks(release, "photo")
    told = block["exhibit"]["photo"]
    base = f"/reports/{release.report.slug}/v1"
    assert told["sha256"] == hashlib.sha256(PNG).hexdigest()
    page = client.get(base).text
    assert 'alt="A ward at night"' in page
    assert "Photograph: The trust. Creative Commons Attribution 4.0." in page
    assert "Nobody can be recognised" not in page
    assert told["place"] == 1
    assert f'src="{base}/photos/1"' in page
    assert client.get(f"{base}/photos/1").data == PNG
    made = Document(io.BytesIO(client.get(f"{base}/report.docx").data))
    [drawn] = made.inline_shapes
    assert drawn._inline.docPr.get("descr") == "A ward at night"


def test_the_pdf_has_pictures_with_words_in_their_place(
    release: ReportRelease, client: PageClient
) -> None:
    pytest.importorskip("weasyprint", exc_type=OSError)
    pikepdf = pytest.importorskip("pikepdf")
    run_waiting()
    data = client.get(f"/reports/{release.report.slug}/v1/report.pdf").data
    with pikepdf.open(io.BytesIO(data)) as found:
        tags = [one for one in found.objects if isinstance(one, pikepdf.Dictionary)]
        said = [str(one.Alt) for one in tags if one.get("/S") == "/Figure"]
    assert "A ward at night" in said
    assert any(words.startswith("Picture 1 of 1 of the driver diagram") for words in said)
    assert any(words.startswith("Support engagements") for words in said) or len(said) == 3


def test_a_photograph_that_a_version_shows_stays(
    release: ReportRelease, client: PageClient, cast: Cast, as_: Browser
) -> None:
    number = _blocks(release, "photo")[0]["exhibit"]["photo"]["id"]
    lead = as_(cast.national)
    answer = lead.post(f"/reports/{release.report_id}/photos/{number}/remove")
    assert answer.status_code == 409
    assert client.get(f"/reports/{release.report.slug}/v1/photos/1").data == PNG


def test_only_a_photograph_that_is_shown_is_public(
    cast: Cast, session: Session, client: PageClient, as_: Browser
) -> None:
    running = report(by=cast.hin, outline="network", quarter=NOW)
    photo = photographed(running, PNG, by=cast.hin)
    found = published(
        approved(running, by=cast.hin, texts={"highlights": "We met {figure:engagements}."}),
        by=cast.hin,
    )
    session.commit()
    assert client.get(f"/reports/{found.report.slug}/v1/photos/1").status_code == 302
    here, number = f"/reports/{running.id}/photos", photo.id
    shown = as_(cast.hin).get(f"{here}/{number}")
    assert (shown.data, shown.headers["Cache-Control"]) == (PNG, "no-store")
    assert as_(cast.other_hin).get(f"{here}/{number}").status_code == 404
    page = as_(cast.hin).get(here).text
    assert f"{{photo:{number}}}" in page
    as_(cast.hin).post(f"{here}/{number}/remove")
    assert as_(cast.hin).get(f"{here}/{number}").status_code == 404


def test_what_is_no_picture_or_says_numbers_is_refused(cast: Cast, session: Session) -> None:
    running = report(by=cast.hin, outline="network", quarter=NOW)
    with pytest.raises(Invalid, match="PNG or JPEG"):
        photographed(running, b"only words", by=cast.hin, name="words.txt")
    with pytest.raises(Invalid, match="Leave numbers out"):
        photographed(running, PNG, by=cast.hin, alt="600 nurses")
    with pytest.raises(Forbidden):
        photographed(running, PNG, by=cast.other_hin)


def test_photographs_are_no_more_than_a_document_can_hold(
    cast: Cast, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = report(by=cast.hin, outline="network", quarter=NOW)
    monkeypatch.setattr("portal.reports.services.photos.MAX_TOGETHER", 2 * len(PNG))
    for _ in range(2):
        photographed(running, PNG, by=cast.hin)
    with pytest.raises(Invalid, match="together"):
        photographed(running, PNG, by=cast.hin)


def test_no_photograph_tells_where_it_was_taken(cast: Cast, session: Session) -> None:
    running = report(by=cast.hin, outline="network", quarter=NOW)
    sent = photograph("JPEG", 6)
    row = photographed(running, sent, by=cast.hin, name="ward.jpg")
    kept = content_of(row.stored, room=row.kept_in)
    assert b"Telephone" in sent
    assert b"Telephone" not in kept
    assert (row.width, row.height) == (24, 40)
    assert row.digest == hashlib.sha256(kept).hexdigest()


def test_what_changes_afterwards_changes_nothing_that_was_published(
    release: ReportRelease, session: Session, cast: Cast, client: PageClient
) -> None:
    address = f"/reports/{release.report.slug}/v1"
    before = client.get(address).data
    found = session.scalars(select(Diagram)).one()
    node("Something new", into=found, by=cast.national)
    item = session.scalars(select(ContentItem)).one()
    item.title, item.summary = "Another title", "Another summary"
    session.commit()
    assert client.get(address).data == before


def test_what_not_everybody_may_read_stands_in_no_report(cast: Cast, session: Session) -> None:
    hidden = diagram(by=cast.national, of=programme(by=cast.national, is_public=False))
    draft_one = draft(ContentKind.CASE_STUDY, by=cast.hin)
    running = report(by=cast.national, quarter=NOW)
    text = f"{{diagram:{hidden.programme.code}}}\n\n{{study:{draft_one.id}}}\n\nSee {{study:999}}"
    write(text, by=cast.national, into=section(running))
    found = checked(cast.national.actor, read(cast.national.actor, running))
    words = " ".join(one.words for one in found if one.is_blocker)
    for problem in (NO_DIAGRAM, NO_STUDY, ALONE):
        assert problem in words


def test_an_exhibit_stands_alone_and_takes_no_options() -> None:
    shown, beside = blocks("{study:3}\n\nSee {study:3}")
    assert (shown.kind, beside.kind) == ("study", "paragraph")
    [wrong] = blocks("{study:3 round=10}")
    reference = wrong.runs[0].reference
    assert reference
    assert "round" in reference.problem
