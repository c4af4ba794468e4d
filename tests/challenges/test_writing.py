"""ICS, HIN and national staff write a challenge, see it as others will, and open it."""

import pytest
from sqlalchemy import select

from portal.audit.models import Audience, AuditEvent
from portal.challenges.models import Challenge, ChallengeChange, ChallengeState, Readers
from portal.notifications.models import Email
from portal.reference.models import Vocabulary
from tests import makers

WHOLE = {
    "title": "People with heart failure feel alone at home",
    "problem": "Many are readmitted within a month.\nNobody watches over them.",
    "who_affected": "People with heart failure after discharge",
    "how_many": "1,200",
    "tried": "Telephone calls by the ward",
    "outcome_wanted": "A third fewer readmissions",
    "must_haves": "No new device for patients",
    "care_setting": ["PRIMARY_CARE"],
    "condition": ["CARDIO"],
    "area": ["PATIENT_SAFETY"],
    "needed_by-day": "31",
    "needed_by-month": "3",
    "needed_by-year": "2030",
    "contact_name": "Isla Ward",
    "contact_email": "isla.ward@example.org",
    "readers": "registered",
    "version": "0",
}


@pytest.fixture
def codes():
    """Whole answers with codes that the vocabularies hold."""
    chosen = {"care_setting": Vocabulary.CARE_SETTING, "condition": Vocabulary.CONDITION}
    return {**WHOLE, **{k: [_first(v)] for k, v in {**chosen, "area": Vocabulary.AREA}.items()}}


def _first(vocabulary: Vocabulary) -> str:
    from portal.reference.queries import terms

    return terms(vocabulary)[0].code


def only(session) -> Challenge:
    session.expire_all()
    return session.scalars(select(Challenge)).one()


@pytest.mark.parametrize("person", ["ics", "hin", "national"])
def test_staff_draft_preview_and_open_a_challenge(cast, as_, session, codes, person):
    browser = as_(getattr(cast, person))
    assert browser.get("/challenges/new").status_code == 200
    answer = browser.post("/challenges/new", data=codes)
    challenge = only(session)
    assert answer.location == f"/challenges/{challenge.id}"
    assert challenge.state is ChallengeState.DRAFT
    assert challenge.how_many == 1200
    assert challenge.is_national is (person == "national")
    assert len(challenge.terms) == 3
    preview = browser.get(answer.location).text
    assert "This is a preview" in preview
    assert "About 1,200 people in a year" in preview
    opened = browser.post(f"{answer.location}/open", data={"version": challenge.version})
    assert opened.location == f"{answer.location}/matches"
    assert only(session).state is ChallengeState.OPEN
    changes = session.scalars(select(ChallengeChange.state).order_by(ChallengeChange.id)).all()
    assert changes == [ChallengeState.DRAFT, ChallengeState.OPEN]


@pytest.mark.parametrize("person", ["innovator", "administrator"])
def test_nobody_else_may_write_one(cast, as_, codes, session, person):
    browser = as_(getattr(cast, person))
    assert browser.get("/challenges/new").status_code == 403
    assert browser.post("/challenges/new", data=codes).status_code == 403
    assert session.scalars(select(Challenge)).all() == []


def test_a_draft_needs_its_first_line_only_and_says_what_opening_needs(cast, as_, session):
    browser = as_(cast.ics)
    page = browser.post("/challenges/new", data={"title": "One line", "readers": "nhs"})
    challenge = only(session)
    preview = browser.get(page.location).text
    assert f"/challenges/{challenge.id}/edit#problem" in preview
    assert "Open the challenge" not in preview
    refused = browser.post(f"{page.location}/open", data={"version": challenge.version})
    assert "Enter what the problem is" in refused.text
    assert only(session).state is ChallengeState.DRAFT


def test_bad_input_is_refused_with_what_was_typed(cast, as_, session, codes):
    browser = as_(cast.ics)
    bad = {
        **codes,
        "title": "",
        "problem": "Kept <b>exactly</b> “as typed” 🫀 שלום",
        "how_many": "a few",
        "needed_by-day": "31",
        "needed_by-month": "2",
        "contact_email": "nobody at all",
        "care_setting": ["NO_SUCH"],
    }
    page = browser.post("/challenges/new", data=bad).text
    assert "Enter the challenge in one line" in page
    assert "Kept &lt;b&gt;exactly&lt;/b&gt;" in page
    assert 'value="a few"' in page
    assert "Enter an email address in the correct format" in page
    assert "Select an option from the list" in page
    assert session.scalars(select(Challenge)).all() == []


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("problem", "x" * 10_000_000),
        ("title", "=1+1 " * 100),
        ("problem", "a\x00b"),
        ("needed_by-year", "20"),
        ("readers", "everybody"),
    ],
)
def test_each_kind_of_bad_input_changes_nothing(cast, as_, session, codes, field, typed):
    page = as_(cast.ics).post("/challenges/new", data={**codes, field: typed})
    assert page.status_code in {200, 413}
    assert session.scalars(select(Challenge)).all() == []


def test_formulas_and_markup_are_kept_as_text(cast, as_, session, codes):
    browser = as_(cast.ics)
    browser.post("/challenges/new", data={**codes, "title": "=SUM(A1) <script>alert(1)</script>"})
    page = browser.get(f"/challenges/{only(session).id}").text
    assert "&lt;script&gt;alert(1)" in page
    assert "'=SUM(A1)" in browser.get("/challenges.csv?state=mine").text


def test_a_change_is_audited_from_what_to_what(cast, as_, session, codes):
    challenge = makers.challenge(of=cast.ics, who_affected="Residents", outcome_wanted="Fewer")
    browser = as_(cast.ics)
    form = {**codes, "version": challenge.version, "title": "Falls in care homes"}
    browser.post(f"/challenges/{challenge.id}/edit", data=form)
    event = session.scalars(
        select(AuditEvent).where(AuditEvent.action == "challenge.changed")
    ).one()
    assert event.changes["title"] == ["Too many falls in care homes", "Falls in care homes"]
    assert event.changes["area"][0] == []
    assert event.audience is Audience.STAFF
    page = browser.get(f"/challenges/{challenge.id}").text
    assert "from “Too many falls in care homes” to “Falls in care homes”" in page


def test_saving_the_same_again_changes_nothing(cast, as_, session, codes):
    browser = as_(cast.ics)
    browser.post("/challenges/new", data=codes)
    challenge = only(session)
    version = challenge.version
    browser.post(f"/challenges/{challenge.id}/edit", data={**codes, "version": version})
    assert only(session).version == version


def test_a_stale_copy_is_shown_beside_what_is_stored_and_keeps_what_was_typed(
    cast, as_, session, codes
):
    challenge = makers.challenge(of=cast.ics, who_affected="Residents", outcome_wanted="Fewer")
    browser = as_(cast.ics)
    stale = challenge.version
    url = f"/challenges/{challenge.id}/edit"
    assert browser.post(url, data={**codes, "version": stale, "title": "Theirs"}).status_code == 302
    page = browser.post(url, data={**codes, "version": stale, "title": "Mine"})
    assert page.status_code == 409
    assert "Theirs" in page.text
    assert 'value="Mine"' in page.text
    session.expire_all()
    assert challenge.title == "Theirs"
    again = browser.post(url, data={**codes, "version": challenge.version, "title": "Mine"})
    assert again.status_code == 302
    session.expire_all()
    assert challenge.title == "Mine"


def test_an_open_challenge_cannot_lose_what_it_needs(cast, as_, session, codes):
    challenge = makers.challenge(of=cast.ics, who_affected="Residents", outcome_wanted="Fewer")
    page = as_(cast.ics).post(
        f"/challenges/{challenge.id}/edit",
        data={**codes, "problem": " ", "version": challenge.version},
    )
    assert "Enter what the problem is" in page.text
    session.expire_all()
    assert challenge.problem == "Residents fall and nobody knows why."


def test_another_ics_cannot_change_it_and_an_unknown_number_is_not_found(cast, as_, codes):
    challenge = makers.challenge(of=cast.ics)
    browser = as_(cast.other_ics)
    assert browser.post(f"/challenges/{challenge.id}/edit", data=codes).status_code == 403
    assert browser.get("/challenges/999999/edit").status_code == 404


def test_the_hin_of_the_area_is_told_when_a_challenge_opens(cast, as_, session, codes):
    browser = as_(cast.ics)
    page = browser.post("/challenges/new", data=codes)
    browser.post(f"{page.location}/open", data={"version": only(session).version})
    told = session.scalars(select(Email)).all()
    assert [email.address for email in told] == [cast.hin.user.email]
    assert told[0].subject == "New challenge in your area: " + WHOLE["title"]


def test_close_with_outcome_then_open_again(cast, as_, session):
    challenge = makers.challenge(of=cast.ics, who_affected="Residents", outcome_wanted="Fewer")
    browser = as_(cast.ics)
    url = f"/challenges/{challenge.id}"
    missing = browser.post(f"{url}/close", data={"version": challenge.version})
    assert "Select what came of it" in missing.text
    answer = {
        "version": challenge.version,
        "outcome": "trial",
        "outcome_note": "Six homes try it",
        "outcome_innovation": "SteadyStep",
    }
    assert browser.post(f"{url}/close", data=answer).status_code == 302
    page = browser.get(url).text
    assert "We are trying an innovation out" in page
    assert "Six homes try it" in page
    session.expire_all()
    assert browser.get(f"{url}/edit").status_code == 200
    assert browser.post(f"{url}/reopen", data={"version": challenge.version}).status_code == 302
    session.expire_all()
    assert challenge.state is ChallengeState.OPEN
    rows = session.scalars(select(ChallengeChange).order_by(ChallengeChange.id)).all()
    assert [(row.state.value, row.outcome and row.outcome.value) for row in rows] == [
        ("closed", "trial"),
        ("open", None),
    ]


def test_a_stale_button_is_refused(cast, as_, session):
    challenge = makers.challenge(of=cast.ics, state=ChallengeState.CLOSED)
    browser = as_(cast.ics)
    page = browser.post(f"/challenges/{challenge.id}/reopen", data={"version": 77})
    assert page.status_code == 409
    session.expire_all()
    assert challenge.state is ChallengeState.CLOSED


def test_the_contact_is_for_those_who_broker(cast, as_, client, session):
    challenge = makers.challenge(
        of=cast.ics, readers=Readers.PUBLIC, contact_email="contact@example.org"
    )
    session.commit()
    url = f"/challenges/{challenge.id}"
    shown = {
        name: "contact@example.org" in as_(getattr(cast, name)).get(url).text for name in cast.KINDS
    }
    assert {name for name, is_shown in shown.items() if is_shown} == {
        "ics",
        "hin",
        "other_hin",
        "national",
    }
    assert "contact@example.org" not in client.get(url).text
    assert "contact@example.org" not in as_(cast.hin).get("/challenges.csv").text


def test_pages_warn_against_patient_data(cast, as_):
    challenge = makers.challenge(of=cast.ics)
    browser = as_(cast.ics)
    for url in ("/challenges/new", f"/challenges/{challenge.id}/close"):
        assert "could identify a patient" in browser.get(url).text


def test_a_demonstration_challenge_says_so(cast, client, session):
    challenge = makers.challenge(of=cast.ics, readers=Readers.PUBLIC, is_demo=True)
    session.commit()
    assert "Demonstration data" in client.get(f"/challenges/{challenge.id}").text
    assert "Demonstration data" in client.get("/challenges").text
