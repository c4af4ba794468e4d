"""The pages of the record, as browsers without JavaScript send them."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import db
from portal.innovations.models import Innovation, RecordStatus, Section, Sharing
from portal.innovations.sections.answers import version_of, version_of_all
from portal.innovations.services import register
from tests.cast import Cast, Person
from tests.innovations.test_submitting import draft, ready, submitted
from tests.pages import PageClient

As = Callable[[Person], PageClient]


def text_of(response: object) -> str:
    return response.get_data(as_text=True)


def test_an_innovator_registers_step_by_step_and_submits(
    session: Session, cast: Cast, as_: As
) -> None:
    browser = as_(cast.innovator)
    page = browser.get("/innovations/register")
    assert "You register it for <strong>Brightwell Health</strong>" in text_of(page)
    sent = browser.post(
        "/innovations/register", data={"name": "Breathe Easy", "summary": "Coaches people."}
    )
    innovation = session.scalars(select(Innovation)).one()
    base = f"/innovations/{innovation.id}"
    answers = [
        ("problem", {"need": "People wait too long."}),
        ("category", {"category": "DIGITAL"}),
        ("stage", {"stage": "READY"}),
        ("care-settings", {"care_settings": ["AMBULANCE"]}),
        ("conditions", {"conditions": []}),
        ("place", {"nation": "england", "ics": "", "postcode": "cv1 1aa"}),
        ("hin", {"hin": "HI-WM"}),
        ("sharing", {"sharing": "hins_and_icss"}),
    ]
    for slug, data in answers:
        assert sent.status_code == 302
        assert sent.location == f"{base}/register/{slug}"
        page = browser.get(sent.location)
        assert page.status_code == 200
        version = {"version": _version_on(page)}
        sent = browser.post(f"{base}/register/{slug}", data={**data, **version})
    assert sent.location == f"{base}/edit"
    tasks = text_of(browser.get(sent.location))
    assert "Ready to submit" in tasks
    check = browser.get(f"{base}/check")
    assert "CV1 1AA" in text_of(check)
    done = browser.post(f"{base}/check", data={"version": _version_on(check)})
    assert done.location == f"{base}/submitted"
    arrived = text_of(browser.get(done.location))
    assert "<strong>Health Innovation West Midlands</strong> looks at it first, by" in arrived
    session.expire_all()
    assert innovation.status is RecordStatus.SUBMITTED
    later = text_of(browser.get(f"{done.location}?changes=1"))
    assert "looks at it" not in later
    assert "What you changed in " in later
    assert innovation.sharing is Sharing.HINS_AND_ICSS


def _version_on(page: object) -> str:
    import re

    found = re.search(r'name="version" value="(\d+)"', text_of(page))
    assert found, "the form carries no version"
    return found[1]


def test_every_step_shows_again_what_was_sent(session: Session, cast: Cast, as_: As) -> None:
    innovation = ready(cast.innovator)
    browser = as_(cast.innovator)
    page = text_of(browser.get(f"/innovations/{innovation.id}/register/problem"))
    assert "People wait too long." in page
    page = text_of(browser.get(f"/innovations/{innovation.id}/register/hin"))
    assert '<option value="HI-WM" selected>' in page
    assert "looks first at what comes from where you are based" in page


def test_an_empty_step_says_what_to_enter(session: Session, cast: Cast, as_: As) -> None:
    browser = as_(cast.innovator)
    page = text_of(browser.post("/innovations/register", data={"name": "", "summary": ""}))
    assert "Enter the name of the innovation" in page
    assert "Enter a summary in one sentence" in page
    assert session.scalars(select(Innovation)).all() == []


def test_only_innovators_reach_the_registration(session: Session, cast: Cast, as_: As) -> None:
    for person in (cast.ics, cast.hin, cast.national, cast.administrator):
        assert as_(person).get("/innovations/register").status_code == 403


def test_every_page_of_an_own_record_opens(session: Session, cast: Cast, as_: As) -> None:
    innovation = submitted(cast.innovator)
    browser = as_(cast.colleague)
    base = f"/innovations/{innovation.id}"
    for section in ("about", "need", "evidence", "standards", "costs", "use", "plans"):
        assert browser.get(f"{base}/edit/{section}").status_code == 200
    for section in ("evidence", "standards", "use"):
        assert browser.get(f"{base}/edit/{section}/add").status_code == 200
    for tab in ("", "/evidence", "/standards", "/use", "/edit", "/check", "/submitted"):
        assert browser.get(base + tab).status_code == 200
    for wrong in ("/edit/nothing", "/edit/sharing", "/edit/evidence/1", "/register/nothing"):
        assert browser.get(base + wrong).status_code == 404


@pytest.mark.parametrize(
    ("section", "name", "label"),
    [
        ("evidence", "on", "Date published or finished"),
        ("use", "from_on", "In use from"),
    ],
)
def test_a_day_of_the_past_is_in_the_past(
    cast: Cast, as_: As, section: str, name: str, label: str
) -> None:
    innovation = submitted(cast.innovator)
    url = f"/innovations/{innovation.id}/edit/{section}/add"
    day = {f"{name}-day": "1", f"{name}-month": "3", f"{name}-year": "2030"}
    page = text_of(as_(cast.innovator).post(url, data={**day, "version": "1"}))
    assert f"{label} must be today or in the past" in page


def test_a_section_is_kept_as_a_draft_until_it_is_submitted(
    session: Session, cast: Cast, as_: As
) -> None:
    innovation = submitted(cast.innovator)
    browser, url = as_(cast.innovator), f"/innovations/{innovation.id}/edit/plans"
    page = browser.get(url)
    data = {"plans": "A trial in May.", "version": _version_on(page)}
    assert browser.post(url, data={**data, "action": "draft"}).status_code == 302
    session.expire_all()
    assert innovation.plans == ""
    assert "A trial in May." not in text_of(browser.get(f"/innovations/{innovation.id}"))
    page = browser.get(url)
    assert "A trial in May." in text_of(page)
    sent = {**data, "version": _version_on(page), "action": "submit"}
    assert browser.post(url, data=sent).status_code == 302
    session.expire_all()
    assert innovation.plans == "A trial in May."


def test_a_discarded_draft_goes_back_to_what_was_submitted(
    session: Session, cast: Cast, as_: As
) -> None:
    innovation = submitted(cast.innovator)
    draft(innovation, Section.ABOUT, cast.innovator, name="Breathe Better")
    browser, url = as_(cast.innovator), f"/innovations/{innovation.id}/edit/about"
    version = _version_on(browser.get(url))
    browser.post(f"{url}/discard", data={"version": version})
    page = text_of(browser.get(url))
    assert "Breathe Better" not in page
    assert "Discard the draft" not in page


def test_evidence_is_added_changed_removed_and_submitted(
    session: Session, cast: Cast, as_: As
) -> None:
    innovation = submitted(cast.innovator)
    browser, url = as_(cast.innovator), f"/innovations/{innovation.id}/edit/evidence"
    data = {
        "kind": "REAL_WORLD",
        "type": "PUBLISHED",
        "title": "A year in Coventry",
        "result": "12% fewer visits",
        "on-day": "28",
        "on-month": "2",
        "on-year": "2025",
        "link": "example.org/report",
    }
    version = _version_on(browser.get(f"{url}/add"))
    assert browser.post(f"{url}/add", data={**data, "version": version}).status_code == 302
    page = text_of(browser.get(url))
    assert "28 February 2025" in page
    assert "https://example.org/report" in page
    version = _version_on(browser.get(f"{url}/1"))
    browser.post(f"{url}/1", data={**data, "title": "Two years in Coventry", "version": version})
    version = _version_on(browser.get(url))
    browser.post(f"{url}/submit", data={"version": version})
    session.expire_all()
    assert [row.title for row in innovation.evidence] == ["Two years in Coventry"]
    assert "Two years in Coventry" in text_of(
        as_(cast.hin).get(f"/innovations/{innovation.id}/evidence")
    )
    browser = as_(cast.innovator)
    version = _version_on(browser.get(f"{url}/1"))
    browser.post(f"{url}/1/remove", data={"version": version})
    session.expire_all()
    assert len(innovation.evidence) == 1, "a removal is a draft too"
    assert "There is nothing here yet" in text_of(browser.get(url))


def test_a_conflict_shows_both_and_keeps_what_was_typed(
    session: Session, cast: Cast, as_: As
) -> None:
    innovation = submitted(cast.innovator)
    browser, url = as_(cast.innovator), f"/innovations/{innovation.id}/edit/plans"
    old = _version_on(browser.get(url))
    draft(innovation, Section.PLANS, cast.colleague, plans="Colm's plan")
    db.session.commit()
    answer = browser.post(url, data={"plans": "Ida's plan", "version": old, "action": "draft"})
    page = text_of(answer)
    assert answer.status_code == 409
    assert "Somebody else changed this section" in page
    assert "Colm Reid saved it" in page
    assert page.count("Ida&#39;s plan") == 2, "beside theirs, and in the form"
    assert page.count("Colm&#39;s plan") == 1
    again = {"plans": "Both plans", "version": _version_on(answer), "action": "draft"}
    assert browser.post(url, data=again).status_code == 302
    assert "Both plans" in text_of(browser.get(url))


def test_a_conflict_in_a_list_loses_no_row(session: Session, cast: Cast, as_: As) -> None:
    innovation = submitted(cast.innovator)
    browser, url = as_(cast.innovator), f"/innovations/{innovation.id}/edit/standards"
    old = _version_on(browser.get(f"{url}/add"))
    theirs = {"id": None, "standard": "DTAC", "status": "yes", "reference": "Colm's"}
    draft(innovation, Section.STANDARDS, cast.colleague, items=[theirs])
    db.session.commit()
    mine = {"standard": "CE_UKCA_CLASS_I", "status": "yes", "reference": "Ida's"}
    answer = browser.post(f"{url}/add", data={**mine, "version": old})
    assert answer.status_code == 409
    assert "Colm&#39;s" in text_of(answer)
    sent = browser.post(f"{url}/add", data={**mine, "version": _version_on(answer)})
    assert sent.status_code == 302
    page = text_of(browser.get(url))
    assert "Colm&#39;s" in page
    assert "Ida&#39;s" in page


def test_nothing_is_submitted_that_was_not_read(session: Session, cast: Cast, as_: As) -> None:
    innovation = submitted(cast.innovator)
    draft(innovation, Section.PLANS, cast.innovator, plans="Read")
    browser, url = as_(cast.innovator), f"/innovations/{innovation.id}/check"
    old = _version_on(browser.get(url))
    draft(innovation, Section.NEED, cast.colleague, need="Not read")
    db.session.commit()
    answer = browser.post(url, data={"version": old})
    assert answer.status_code == 409
    assert "The record changed while you were reading" in text_of(answer)
    assert "Not read" in text_of(answer)
    session.expire_all()
    assert innovation.plans == ""


def test_a_change_that_a_hin_wants_is_marked(session: Session, cast: Cast, as_: As) -> None:
    innovation = submitted(cast.innovator)
    plans = next(copy for copy in innovation.copies if copy.section is Section.PLANS)
    plans.change_wanted = "Say when the trial starts."
    browser = as_(cast.innovator)
    page = text_of(browser.get(f"/innovations/{innovation.id}/edit"))
    assert "Changes requested" in page
    assert "Say when the trial starts." in page
    page = text_of(browser.get(f"/innovations/{innovation.id}/edit/plans"))
    assert "Say when the trial starts." in page


def test_a_check_is_shown_apart_from_what_the_innovator_says(
    session: Session, cast: Cast, as_: As
) -> None:
    from portal.clock import today

    innovation = submitted(cast.innovator)
    items = [
        {"id": None, "standard": "DTAC", "status": "yes", "reference": "A1"},
        {"id": None, "standard": "CE_UKCA_CLASS_I", "status": "yes", "reference": ""},
    ]
    draft(innovation, Section.STANDARDS, cast.innovator, items=items)
    from portal.innovations.services.submission import submit

    submit(innovation=innovation, version=version_of_all(innovation), by=cast.innovator.actor)
    dtac = next(row for row in innovation.standards if row.standard.code == "DTAC")
    dtac.checked_by, dtac.checked_on = cast.hin.user, today()
    page = text_of(as_(cast.hin).get(f"/innovations/{innovation.id}/standards"))
    assert page.count("Verified") == 1
    assert page.count("Self-declared") == 1
    assert "Hana West" in page


def test_a_draft_record_leads_its_people_to_the_task_list(
    session: Session, cast: Cast, as_: As
) -> None:
    innovation = ready(cast.innovator)
    answer = as_(cast.innovator).get(f"/innovations/{innovation.id}")
    assert answer.location == f"/innovations/{innovation.id}/edit"
    assert as_(cast.hin).get(f"/innovations/{innovation.id}").status_code == 404
    assert version_of(innovation, Section.ABOUT) > 0


def test_what_is_still_needed_leads_to_its_questions(session: Session, cast: Cast, as_: As) -> None:
    innovation = register(name="Breathe Easy", by=cast.innovator.actor)
    browser = as_(cast.innovator)
    for page in ("edit", "check"):
        text = text_of(browser.get(f"/innovations/{innovation.id}/{page}"))
        assert "Still needed before you can submit" in text
        link = f'<a href="/innovations/{innovation.id}/edit/need#need">'
        assert f"{link}What problem does it solve?</a> in “Need, benefits and inequalities”" in text
        assert ">Submit</button>" not in text


def test_a_place_of_use_is_chosen_or_named(session: Session, cast: Cast, as_: As) -> None:
    innovation = submitted(cast.innovator)
    browser, url = as_(cast.innovator), f"/innovations/{innovation.id}/edit/use/add"
    day = {"from_on-day": "1", "from_on-month": "2", "from_on-year": "2026"}
    version = {"version": _version_on(browser.get(url))}
    page = text_of(browser.post(url, data={**day, **version}))
    assert "Enter the place or select the organisation that uses it" in page
    named = {**day, **version, "organisation_named": "Rose Court care home"}
    assert browser.post(url, data=named).status_code == 302
    version = {"version": _version_on(browser.get(f"/innovations/{innovation.id}/edit/use"))}
    browser.post(f"/innovations/{innovation.id}/edit/use/submit", data=version)
    session.expire_all()
    assert [use.place for use in innovation.uses] == ["Rose Court care home"]
    assert "Rose Court care home" in text_of(browser.get(f"/innovations/{innovation.id}/use"))
