"""Whatever is typed, the page says what is wrong, keeps it and changes nothing."""

from collections.abc import Callable
from html import escape

import pytest
from sqlalchemy.orm import Session

from portal.accounts.models import OrganisationKind
from portal.innovations.models import Innovation, Section
from portal.innovations.sections.answers import SectionState, state_of, version_of
from tests import makers
from tests.cast import Cast, Person
from tests.innovations.test_submitting import draft, submitted
from tests.pages import PageClient

As = Callable[[Person], PageClient]


def send(browser: PageClient, innovation: Innovation, path: str, section: Section, **data: object):
    version = version_of(innovation, section)
    url = f"/innovations/{innovation.id}/edit/{path}"
    return browser.post(url, data={"version": version, "action": "submit", **data})


@pytest.fixture
def innovation(session: Session, cast: Cast) -> Innovation:
    """A submitted record."""
    return submitted(cast.innovator)


@pytest.mark.parametrize(
    ("section", "field", "typed", "said", "kept"),
    [
        (Section.ABOUT, "name", "", "Enter the name of the innovation", ""),
        (Section.ABOUT, "name", "   ", "Enter the name of the innovation", ""),
        (Section.ABOUT, "name", "n" * 10_001, "must be 200 characters or fewer", "n" * 10_001),
        (Section.ABOUT, "summary", "s" * 301, "must be 300 characters or fewer", "s" * 301),
        (Section.ABOUT, "name", "Breathe\x00 Easy!", "hidden control characters", "Breathe Easy!"),
        (Section.ABOUT, "website", "javascript:alert(1)", "Enter a website address", "alert(1)"),
        (Section.ABOUT, "postcode", "NOWHERE", "Enter a full UK postcode", "NOWHERE"),
        (Section.ABOUT, "ics", "ATLANTIS", "Select an option from the list", ""),
        (Section.ABOUT, "stage", "<script>", "Select an option from the list", ""),
        (Section.NEED, "need", "n" * 10_001, "must be 4,000 characters or fewer", "n" * 10_001),
        (Section.NEED, "care_settings", "MOON", "Select an option from the list", ""),
        (Section.COSTS, "cost", "lots", "must be an amount in pounds", "lots"),
        (Section.COSTS, "cost", "-1", "must be between 0 and", "-1"),
        (Section.COSTS, "patients_a_year", "1e9", "must be a whole number", "1e9"),
        (Section.PLANS, "plans", "p" * 10_001, "must be 4,000 characters or fewer", "p" * 10_001),
    ],
)
def test_a_wrong_answer_is_named_kept_and_not_saved(
    session: Session,
    cast: Cast,
    as_: As,
    innovation: Innovation,
    section: Section,
    field: str,
    typed: str,
    said: str,
    kept: str,
) -> None:
    answer = send(as_(cast.innovator), innovation, section.value, section, **{field: typed})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert text.count(said) == 2, "in the summary and beside the field"
    assert escape(kept) in text
    session.expire_all()
    assert state_of(innovation, section) is not SectionState.DRAFT
    assert innovation.name == "Breathe Easy"


@pytest.mark.parametrize(
    "typed",
    [
        "مساعد التنفس",
        "Breathe 🫁👩🏽‍⚕️",
        '<script>alert("1")</script>',
        "=1+1",
        "Robert'); DROP TABLE innovation;--",
        "{{ 7 * 7 }}",
    ],
)
def test_strange_but_honest_words_are_kept_as_typed(
    session: Session, cast: Cast, as_: As, innovation: Innovation, typed: str
) -> None:
    browser = as_(cast.innovator)
    sent = send(browser, innovation, "about", Section.ABOUT, name=typed)
    assert sent.status_code == 302
    session.expire_all()
    assert innovation.name == typed
    page = as_(cast.hin).get(f"/innovations/{innovation.id}").get_data(as_text=True)
    assert "<script>alert(" not in page
    assert escape(typed).replace("&quot;", "&#34;").replace("&#x27;", "&#39;") in page


@pytest.mark.parametrize(
    ("day", "month", "year", "said"),
    [
        ("31", "2", "2025", "must be a real date"),
        ("1", "", "2025", "must include a month"),
        ("1", "2", "25", "must have a year with 4 numbers"),
    ],
)
def test_a_day_that_never_was_is_refused(
    cast: Cast, as_: As, innovation: Innovation, day: str, month: str, year: str, said: str
) -> None:
    data = {"kind": "REAL_WORLD", "title": "A year", "on-day": day, "on-month": month}
    sent = send(
        as_(cast.innovator),
        innovation,
        "evidence/add",
        Section.EVIDENCE,
        **data,
        **{"on-year": year},
    )
    text = sent.get_data(as_text=True)
    assert said in text
    assert 'value="A year"' in text
    assert f'value="{year}"' in text


def test_a_use_that_ends_before_it_begins_is_refused(
    session: Session, cast: Cast, as_: As, innovation: Innovation
) -> None:
    trust = makers.organisation("Coventry Hospital", kind=OrganisationKind.NHS_TRUST)
    begun = {"from_on-day": "2", "from_on-month": "3", "from_on-year": "2025"}
    ended = {"until_on-day": "1", "until_on-month": "3", "until_on-year": "2025"}
    days = {**begun, **ended}
    sent = send(
        as_(cast.innovator), innovation, "use/add", Section.USE, organisation=trust.id, **days
    )
    assert "must be after the day it began" in sent.get_data(as_text=True)


def test_a_company_cannot_be_named_as_a_place_of_use(
    cast: Cast, as_: As, innovation: Innovation
) -> None:
    other = cast.other_innovator.organisation.id
    sent = send(
        as_(cast.innovator),
        innovation,
        "use/add",
        Section.USE,
        organisation=other,
        **{"from_on-day": "1", "from_on-month": "1", "from_on-year": "2025"},
    )
    assert "Select an option from the list" in sent.get_data(as_text=True)


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("coventry  HOSPITAL", "Select Coventry Hospital among the organisations"),
        (None, "Enter the name of who uses it, not your own"),
    ],
)
def test_who_is_in_the_portal_is_not_named_in_words(
    cast: Cast, as_: As, innovation: Innovation, named: str | None, said: str
) -> None:
    makers.organisation("Coventry Hospital", kind=OrganisationKind.NHS_TRUST)
    typed = named or cast.innovator.organisation.name.upper()
    answers = {"organisation_named": typed, "from_on-year": "2025"}
    sent = send(as_(cast.innovator), innovation, "use/add", Section.USE, **answers)
    page = sent.get_data(as_text=True)
    assert said in page
    assert f'value="{" ".join(typed.split())}"' in page


def test_a_standard_stands_in_the_list_once(
    session: Session, cast: Cast, as_: As, innovation: Innovation
) -> None:
    item = {"id": None, "standard": "DTAC", "status": "yes", "reference": ""}
    draft(innovation, Section.STANDARDS, cast.innovator, items=[item])
    session.commit()
    browser = as_(cast.innovator)
    again = {"standard": "DTAC", "status": "not_yet"}
    sent = send(browser, innovation, "standards/add", Section.STANDARDS, **again)
    assert "Select a standard that is not in your list yet" in sent.get_data(as_text=True)


def test_an_unknown_version_is_a_conflict_and_keeps_what_was_typed(
    cast: Cast, as_: As, innovation: Innovation
) -> None:
    for version in ("999999", "-1", "x", "1e3"):
        sent = as_(cast.innovator).post(
            f"/innovations/{innovation.id}/edit/plans",
            data={"version": version, "plans": "My plans", "action": "draft"},
        )
        assert sent.status_code == 409
        assert "My plans" in sent.get_data(as_text=True)


def test_another_innovator_gets_a_404_from_every_page(
    cast: Cast, as_: As, innovation: Innovation
) -> None:
    browser = as_(cast.other_innovator)
    base = f"/innovations/{innovation.id}"
    for path in ("", "/evidence", "/edit", "/edit/about", "/edit/evidence/add", "/check"):
        assert browser.get(base + path).status_code == 404
    for path in ("/edit/about", "/edit/evidence/add", "/check", "/edit/evidence/submit"):
        assert browser.post(base + path, data={"name": "Mine"}).status_code == 404
