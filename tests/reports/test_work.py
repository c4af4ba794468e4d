"""A report in work: started with what is known, written by several, checked, signed off."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clock import today
from portal.errors import Conflict, Forbidden, Invalid, Outdated
from portal.reference.rules import Quarter
from portal.reports.models import ReleaseKind, Report, ReportText, SectionState
from portal.reports.queries.editing import around
from portal.reports.queries.outlines import newest, outlines
from portal.reports.services import publishing, writing
from tests.cast import Cast, Person
from tests.pages import PageClient
from tests.reports.makers import LAST, approved, report, section, write

Browser = Callable[[Person], PageClient]


def test_the_outlines_carry_every_part_of_the_published_reports() -> None:
    assert [len(newest(code).parts) for code in ("quarterly", "annual", "network")] == [46, 19, 8]
    for outline in outlines():
        codes = [part.code for part in outline.parts]
        assert len(set(codes)) == len(codes)
        for place, part in enumerate(outline.parts):
            assert part.number == place + 1
            assert part.heading
            assert part.needs
            assert not part.parent or part.parent in codes[:place], part


def test_a_report_is_started_once_with_a_section_for_each_part(
    cast: Cast, as_: Browser, session: Session
) -> None:
    page = as_(cast.national).get("/reports/new")
    assert "Quarterly report" in page.text
    sent = {"outline": "quarterly", "quarter": LAST.code}
    answer = as_(cast.national).post("/reports/new", data=sent, follow_redirects=True)
    assert "0 of 46 sections" in answer.text
    again = as_(cast.national).post("/reports/new", data=sent)
    assert "There is a report at" in again.text
    made = session.scalars(select(Report)).one()
    assert made.slug == f"{LAST.years.replace('/', '-')}-q{LAST.number}"


def test_who_may_start_what(cast: Cast, as_: Browser) -> None:
    assert "own quarter" in as_(cast.hin).get("/reports/new").text
    assert as_(cast.ics).get("/reports/new").status_code == 403
    with pytest.raises(Forbidden):
        report(by=cast.hin, outline="quarterly")
    with pytest.raises(Forbidden):
        report(by=cast.national, outline="network")
    with pytest.raises(Invalid):
        report(by=cast.national, quarter=Quarter.of(today()).next)


def test_a_network_reads_englands_report_and_writes_what_it_owns(cast: Cast, as_: Browser) -> None:
    made = report(by=cast.national)
    mine = section(made, "pipeline")
    with pytest.raises(Forbidden):
        write("Ours.", by=cast.hin, into=mine)
    writing.assign(
        section=mine,
        version=mine.version,
        owner=cast.hin.user,
        due_on=today() + timedelta(days=3),
        by=cast.national.actor,
    )
    write("Ours.", by=cast.hin, into=mine)
    with pytest.raises(Forbidden):
        write("Not ours.", by=cast.hin, into=section(made, "overview"))
    own = report(by=cast.hin, outline="network")
    assert as_(cast.other_hin).get(f"/reports/{own.id}").status_code == 404
    assert as_(cast.national).get(f"/reports/{own.id}").status_code == 200


def test_two_writers_keep_both_texts(cast: Cast, as_: Browser, session: Session) -> None:
    made = report(by=cast.national)
    mine = section(made)
    address = f"/reports/sections/{mine.id}"
    seen = mine.version
    write("The first to save.", by=cast.national, into=mine)
    answer = as_(cast.national).post(address, data={"text": "The second.", "version": seen})
    assert answer.status_code == 409
    assert "The first to save." in answer.text
    assert "The second." in answer.text
    now = re.search(r'name="version"[^>]* value="(\d+)"', answer.text)
    assert now is not None
    with pytest.raises(Outdated):
        writing.save_text(section=mine, version=seen, text="Third", by=cast.national.actor)
    texts = session.scalars(select(ReportText).where(ReportText.section_id == mine.id)).all()
    assert [one.text for one in texts][1:] == ["The first to save."]
    both = {"text": "The first to save. The second.", "version": now[1]}
    assert as_(cast.national).post(address, data=both).status_code == 302


def test_the_buttons_put_a_section_into_another_state(cast: Cast, as_: Browser) -> None:
    mine = section(report(by=cast.national))
    write("One.", by=cast.national, into=mine)
    address = f"/reports/sections/{mine.id}/state"
    for state, said in (("review", "in review"), ("changes", "changes asked")):
        sent = {"state": state, "version": mine.version}
        answer = as_(cast.national).post(address, data=sent, follow_redirects=True)
        assert f"The section is now: {said}" in answer.text


def test_who_wrote_what_and_what_changed(cast: Cast, as_: Browser) -> None:
    mine = section(report(by=cast.national))
    write("One.\n\nTwo.", by=cast.national, into=mine)
    write("One.\n\nThree.", by=cast.national, into=mine)
    page = as_(cast.national).get(f"/reports/sections/{mine.id}/versions").text
    assert "<del>Two.</del>" in page
    assert "<ins>Three.</ins>" in page
    assert page.count("Nadia Cole") >= 2


def test_comments_hold_up_approval_until_they_are_dealt_with(cast: Cast, as_: Browser) -> None:
    made = report(by=cast.national)
    mine = section(made)
    write("A claim.\n\nAnother one.", by=cast.national, into=mine)
    hin = as_(cast.hin)
    sent = {"paragraph": "2", "words": "Is it so?"}
    page = hin.post(f"/reports/sections/{mine.id}/comments", data=sent, follow_redirects=True)
    assert "“Another one.”" in page.text
    state = {"section": mine, "by": cast.national.actor}
    writing.set_state(**state, version=mine.version, state=SectionState.REVIEW)
    with pytest.raises(Invalid, match="Deal with the comments"):
        writing.set_state(**state, version=mine.version, state=SectionState.APPROVED)
    done = f"/reports/comments/{mine.comments[0].id}/done"
    assert as_(cast.other_hin).post(done).status_code == 403
    assert as_(cast.national).post(done, follow_redirects=True).status_code == 200
    assert as_(cast.national).post(done).status_code in {302, 409}
    writing.set_state(**state, version=mine.version, state=SectionState.APPROVED)
    with pytest.raises(Forbidden):
        writing.set_state(
            section=mine,
            version=mine.version,
            state=SectionState.CHANGES,
            by=cast.hin.actor,
        )


def test_it_is_signed_off_by_the_lead_when_all_is_approved_and_nothing_stands_in_the_way(
    cast: Cast,
) -> None:
    made, lead = report(by=cast.hin, outline="network"), cast.hin.actor
    with pytest.raises(Invalid, match="Approve every section first: not approved yet: 8"):
        publishing.sign_off(report=made, version=made.version, by=lead)
    approved(made, by=cast.hin, texts={"highlights": "About 600 companies."})
    with pytest.raises(Invalid, match="600” is typed"):
        publishing.sign_off(report=made, version=made.version, by=lead)
    approved(made, by=cast.hin, texts={"highlights": "In all {figure:companies}."})
    with pytest.raises(Forbidden):
        publishing.sign_off(report=made, version=made.version, by=cast.national.actor)
    publishing.sign_off(report=made, version=made.version, by=lead)
    assert made.signed_off_at
    write("Another {figure:companies}.", by=cast.hin, into=section(made, "highlights"))
    assert made.signed_off_at is None
    refused = {"kind": ReleaseKind.FIRST, "note": "", "next_on": None, "by": lead}
    with pytest.raises(Conflict):
        publishing.publish(report=made, version=made.version, **refused)


def test_a_sentence_with_its_numbers_is_taken_by_a_tick(
    cast: Cast, as_: Callable[[Person], PageClient], session: Session
) -> None:
    made = report(by=cast.national)
    part = section(made, "economic")
    session.commit()
    browser, path = as_(cast.national), f"/reports/sections/{part.id}"
    offered = around(cast.national.actor, part).offered[0]
    assert offered.words in unescape(browser.get(path).text)
    typed = {"version": str(part.version), "text": "Ours.", "add": [offered.addition]}
    assert browser.post(path, data=typed).status_code == 302
    session.expire_all()
    assert part.text == f"Ours.\n\n{offered.addition}"
    wrong = browser.post(path, data={**typed, "version": str(part.version), "add": ["Other."]})
    assert "not offered any more" in wrong.text
    assert "Ours." in wrong.text
