"""Who reads a version before it is published, and what a version says of itself."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from docx import Document
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.models import AuditEvent
from portal.clock import clock_at, today
from portal.errors import Conflict, Forbidden, Invalid
from portal.reports.models import ReleaseKind, Report
from portal.reports.rules.releases import moment_of
from portal.reports.serialise.documents import document
from portal.reports.services import publishing
from portal.reports.services.early import end_reader, name_reader
from portal.reports.services.several import approve_several, leave_out_several
from tests.cast import Cast, Person
from tests.pages import PageClient
from tests.reports.makers import (
    approved,
    commented,
    early,
    published,
    report,
    section,
    signed_off,
    write,
)

Browser = Callable[[Person], PageClient]
DAY = today() + timedelta(days=3)
TEXTS = {"overview": "In all {figure:companies|Without those that are no companies.}."}


@pytest.fixture
def ready(cast: Cast) -> Report:
    return approved(report(by=cast.national), by=cast.national, texts=TEXTS)


def files(slug: str) -> list[str]:
    names = ("report.docx", "figures.csv", "figures.xlsx", "charts.zip", "parts")
    return [f"/reports/{slug}", f"/reports/{slug}/v1", *(f"/reports/{slug}/v1/{n}" for n in names)]


def test_those_on_the_list_and_nobody_else_read_it_until_it_is_published(
    cast: Cast, as_: Browser, client: PageClient, ready: Report, session: Session
) -> None:
    row = early(ready, by=cast.national, reader=cast.ics)
    published(ready, by=cast.national, on=DAY)
    others = (cast.other_ics, cast.hin, cast.innovator, cast.administrator)
    for path in files(ready.slug):
        assert as_(cast.ics).get(path).status_code == 200, path
        assert client.get(path).status_code == 302, path  # to the page where one signs in
        for one in others:
            assert as_(one).get(path).status_code == 404, (one, path)
    assert "Not published yet" in as_(cast.ics).get(f"/reports/{ready.slug}").text
    assert ready.title not in as_(cast.ics).get("/reports").text
    session.refresh(row)
    assert row.read_at is not None
    read = select(AuditEvent).where(AuditEvent.action == "report.read_early")
    assert len(session.scalars(read).all()) > len(files(ready.slug))
    with clock_at(moment_of(DAY)):
        page = client.get(f"/reports/{ready.slug}").text
    assert "Not published yet" not in page
    assert "Read before publication by:" in page
    assert "Chief executive" in page
    assert cast.ics.user.name not in page


def test_it_ends_by_itself_or_by_being_taken_off(
    cast: Cast, as_: Browser, ready: Report, session: Session
) -> None:
    last = today() + timedelta(days=1)
    early(ready, by=cast.national, reader=cast.ics, until=last)
    other = early(ready, by=cast.national, reader=cast.other_ics)
    published(ready, by=cast.national, on=DAY)
    session.commit()
    end_reader(report=ready, row=other, by=cast.national.actor)
    session.commit()
    assert as_(cast.other_ics).get(f"/reports/{ready.slug}").status_code == 404
    assert as_(cast.ics).get(f"/reports/{ready.slug}").status_code == 200
    with clock_at(moment_of(last + timedelta(days=1))):
        assert as_(cast.ics).get(f"/reports/{ready.slug}").status_code == 404
    with pytest.raises(Conflict):
        end_reader(report=ready, row=other, by=cast.national.actor)


def test_who_keeps_the_list(cast: Cast, as_: Browser, ready: Report) -> None:
    with pytest.raises(Forbidden):
        early(ready, by=cast.hin, reader=cast.ics)
    early(ready, by=cast.national, reader=cast.ics)
    with pytest.raises(Conflict):
        early(ready, by=cast.national, reader=cast.ics)
    given = {"capacity": "Nobody", "until_on": None, "by": cast.national.actor}
    with pytest.raises(Invalid):
        name_reader(report=ready, user=None, **given)
    sent = {"email": "nobody@nowhere.example", "capacity": "Chair"}
    answer = as_(cast.national).post(f"/reports/{ready.id}/early", data=sent)
    assert "Nobody with an account has this address" in answer.text
    assert "nobody@nowhere.example" in answer.text


def test_a_version_that_is_coming_is_taken_back_and_one_that_is_public_is_not(
    cast: Cast, as_: Browser, ready: Report
) -> None:
    published(ready, by=cast.national, on=DAY)
    signed_off(ready, by=cast.national)
    more = {"note": "", "next_on": None, "by": cast.national.actor}
    with pytest.raises(Conflict):
        publishing.publish(report=ready, version=ready.version, kind=ReleaseKind.FIRST, **more)
    publishing.take_back(report=ready, by=cast.national.actor)
    release = published(ready, by=cast.national)
    assert release.number == 1
    with pytest.raises(Conflict):
        publishing.take_back(report=ready, by=cast.national.actor)


def test_a_correction_and_a_revision_are_told_apart(
    cast: Cast, client: PageClient, ready: Report
) -> None:
    published(ready, by=cast.national, final_on=DAY)
    write(
        f"{TEXTS['overview']} And {{figure:interactions}}.", by=cast.national, into=section(ready)
    )
    approve_several(sections=ready.sections, by=cast.national.actor)
    published(ready, by=cast.national, kind=ReleaseKind.REVISION, note="They are final.")
    page = client.get(f"/reports/{ready.slug}").text
    assert "Planned revisions" in page
    assert "Corrections of errors" not in page
    assert "Numbers that changed in version 2 (1)" in page
    assert "not there before" in page
    assert "become final by" in client.get(f"/reports/{ready.slug}/v1").text


def test_what_was_never_provisional_is_not_revised(cast: Cast) -> None:
    made = report(by=cast.national)
    texts = {"overview": "{typed:600 people|attendance list} came."}
    approved(made, by=cast.national, texts=texts)
    published(made, by=cast.national)
    signed_off(made, by=cast.national)
    with pytest.raises(Invalid, match="it is a correction"):
        publishing.publish(
            report=made,
            version=made.version,
            kind=ReleaseKind.REVISION,
            note="Final.",
            next_on=None,
            by=cast.national.actor,
        )


def test_methodology_and_footnotes_stand_in_every_form(
    cast: Cast, client: PageClient, ready: Report
) -> None:
    publishing.describe(
        report=ready,
        version=ready.version,
        methodology="Counted at night.\n\nNothing is filled in.",
        by=cast.national.actor,
    )
    release = published(ready, by=cast.national)
    page = client.get(f"/reports/{ready.slug}")
    assert "Counted at night." in page.text
    assert 'href="#note-1"' in page.text
    assert 'id="note-1"' in page.text
    words = "\n".join(one.text for one in Document(BytesIO(document(release))).paragraphs)
    for said in ("Counted at night.", "Note 1: Without those that are no companies.", "note 1]"):
        assert said in words
    assert release.content["footnotes"] == ["Without those that are no companies."]


def test_a_number_in_a_footnote_is_found(cast: Cast, as_: Browser) -> None:
    made = report(by=cast.national)
    write("{figure:companies|Without 40 others.}", by=cast.national, into=section(made))
    page = as_(cast.national).get(f"/reports/sections/{section(made).id}").text
    assert "“40” is typed and not traced" in page


def test_several_sections_at_once(cast: Cast, as_: Browser) -> None:
    made = report(by=cast.national)
    address, some = f"/reports/{made.id}/several", made.sections[1:4]
    keys = [f"{one.id}-{one.version}" for one in some]
    sent = {"doing": "assign", "owner": str(cast.hin.user.id), "sections": keys}
    assert as_(cast.national).post(address, data=sent).status_code == 302
    again = as_(cast.national).post(address, data=sent)
    assert "was changed meanwhile" in again.text
    assert "Write “" in as_(cast.hin).get("/home").text
    with pytest.raises(Invalid):
        leave_out_several(sections=some, why=" ", by=cast.national.actor)
    commented(some[0], by=cast.hin)
    with pytest.raises(Invalid, match="Deal with the comments"):
        approve_several(sections=some, by=cast.national.actor)
