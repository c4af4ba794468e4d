"""A date known only to its month or year: asked, kept, printed and counted so."""

import json
import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from portal.clock import PartialDate, Precision, partial_date
from portal.imports.serialise.innovations import Codes, checked
from portal.innovations.models import Innovation, Section
from portal.innovations.rules.evidence import is_there
from portal.innovations.rules.on_day import is_running_on
from portal.innovations.sections.answers import version_of, version_of_all
from portal.innovations.services.submission import submit
from portal.proof.rules.progress import progress
from portal.proof.rules.proven import Facts, in_use
from portal.reference.models import Vocabulary
from portal.reference.queries import terms
from portal.wording import day_words
from tests import makers
from tests.cast import Cast
from tests.imports.test_innovations import ROW
from tests.innovations.test_submitting import draft, submitted


@pytest.mark.parametrize(
    ("text", "words", "first", "last"),
    [
        ("2023", "2023", date(2023, 1, 1), date(2023, 12, 31)),
        ("2024-02", "February 2024", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-02-03", "3 February 2024", date(2024, 2, 3), date(2024, 2, 3)),
    ],
)
def test_it_is_printed_as_far_as_it_is_known(
    text: str, words: str, first: date, last: date
) -> None:
    known = partial_date(text)
    assert day_words(known) == words
    assert (known.first, known.last, known.text) == (first, last, text)


@given(st.dates(), st.sampled_from(Precision))
def test_its_text_says_all_of_it(day: date, precision: Precision) -> None:
    known = PartialDate(day, precision)
    again = partial_date(known.text)
    assert (again.first, again.last, again.precision) == (known.first, known.last, precision)
    assert known.first <= day <= known.last


@pytest.mark.parametrize("text", ["", "23", "2023-13", "2023-02-30", "0000", "2023-1", "1.1.2023"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # whichever of ours or Python's words
        partial_date(text)


@pytest.fixture
def innovation(session: Session, cast: Cast) -> Innovation:
    """A record with evidence of a year and a use from a month to a year."""
    row = submitted(cast.innovator)
    found = {"id": None, "kind": "REAL_WORLD", "title": "A year of use", "on": "2023"}
    trust = makers.organisation("Bright Trust", kind=cast.ics.organisation.kind)
    used = {"organisation": trust.id, "site": "", "from_on": "2022-05", "until_on": "2025"}
    draft(row, Section.EVIDENCE, cast.innovator, items=[found])
    draft(row, Section.USE, cast.innovator, items=[{"id": None, **used}])
    submit(innovation=row, version=version_of_all(row), by=cast.innovator.actor)
    session.expire_all()
    return row


def test_every_page_and_file_prints_it_so(innovation: Innovation, cast: Cast, as_: Any) -> None:
    base, browser = f"/innovations/{innovation.id}", as_(cast.innovator)
    for page in ("evidence", "print", "progress"):
        shown = browser.get(f"{base}/{page}").text
        assert "2023" in shown, page
        assert "January 2023" not in shown, page
    shown = browser.get(f"{base}/use").text
    assert "May 2022" in shown
    assert "1 May 2022" not in shown
    assert "31 December" not in shown
    sections = json.loads(browser.get(f"{base}/export.json").data)["sections"]
    assert sections["evidence"][0]["on"] == "2023"
    assert (sections["use"][0]["from_on"], sections["use"][0]["until_on"]) == ("2022-05", "2025")


def test_the_form_shows_it_again_as_it_was_typed(
    innovation: Innovation, cast: Cast, as_: Any
) -> None:
    base, browser = f"/innovations/{innovation.id}/edit/evidence", as_(cast.innovator)
    page = browser.get(f"{base}/1").text
    assert 'name="on-year" type="text" value="2023"' in re.sub(r"\s+", " ", page)
    assert 'name="on-day" type="text" value=""' in re.sub(r"\s+", " ", page)
    data = {"kind": "REAL_WORLD", "title": "A year of use", "on-year": "2022", "on-month": "3"}
    sent = {**data, "version": version_of(innovation, Section.EVIDENCE)}
    assert browser.post(f"{base}/1", data=sent).status_code == 302
    assert "March 2022" in browser.get(base).text


def test_a_year_counts_from_its_first_day_and_to_its_last(innovation: Innovation) -> None:
    item, use = innovation.evidence[0], innovation.uses[0]
    assert is_there(item, date(2023, 1, 1))
    assert not is_there(item, date(2022, 12, 31))
    days = [(2022, 4, 30), (2022, 5, 1), (2025, 12, 31), (2026, 1, 1)]
    assert [is_running_on(use, date(*day)) for day in days] == [False, True, True, False]


def test_rules_say_it_as_it_is_known(innovation: Innovation) -> None:
    facts = Facts(innovation, [], date(2024, 1, 1))
    assert in_use(facts).because == "Bright Trust, since May 2022"
    areas = progress(terms(Vocabulary.PROGRESS_AREA), [], facts)
    days = {day_words(one.on) for one in areas if one.on is not None}
    assert days == {"May 2022", "2023"}


def test_an_import_takes_a_year_or_a_month(session: Session) -> None:
    evidence = [{"kind": "REAL_WORLD", "title": "A year of use", "on": "2023"}]
    uses = [{"organisation_named": "Rose Court", "from_on": "2022-05", "until_on": "2025"}]
    row, wrong = checked(1, {**ROW, "evidence": evidence, "uses": uses}, Codes())
    assert wrong == []
    assert row is not None
    assert row.answers[Section.EVIDENCE]["items"][0]["on"] == "2023"
    assert row.answers[Section.USE]["items"][0]["from_on"] == "2022-05"
    for day, said in (("2031", "today or in the past"), ("2023-13", "like 28/02/2025 or 2025")):
        bad = [{**evidence[0], "on": day}]
        assert said in checked(1, {**ROW, "evidence": bad}, Codes())[1][0]
