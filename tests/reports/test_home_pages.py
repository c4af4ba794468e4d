"""Everybody's home page counts what waits for them, and each number leads to its list."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from portal.innovations.models import Life, Sharing
from portal.reference.queries import today
from portal.reports.queries.stages import standing
from tests import makers
from tests.cast import Cast, Person
from tests.pages import PageClient
from tests.statements import Statements

Browser = Callable[[Person], PageClient]


def number(page: str, label: str) -> str:
    """The number on the card with this label."""
    cards = re.findall(
        r'app-stat__number">([^<]+)</span>\s*<a class="nhsuk-card__link" href="[^"]+">([^<]+)', page
    )
    return {words: found for found, words in cards}[label]


def test_an_innovator_sees_their_own_records_only(
    session: Session, cast: Cast, as_: Browser
) -> None:
    makers.innovation("Ours", of=cast.innovator)
    makers.innovation("Our draft", of=cast.innovator, life=Life.DRAFT)
    makers.innovation("Theirs", of=cast.other_innovator)
    page = as_(cast.innovator).get("/home").text
    assert number(page, "Our innovations") == "2"
    assert "1 still drafts" in page


def test_an_ics_counts_proven_records_that_it_may_open(
    session: Session, cast: Cast, as_: Browser
) -> None:
    for sharing in Sharing:
        makers.proven(makers.innovation(sharing.value, of=cast.innovator, sharing=sharing))
    makers.challenge("Ours", of=cast.ics)
    page = as_(cast.ics).get("/home").text
    assert number(page, "Proven innovations") == "2"
    assert number(page, "Our open challenges") == "1"


def test_a_hin_sees_what_waits_on_its_desk(session: Session, cast: Cast, as_: Browser) -> None:
    makers.innovation("New", of=cast.innovator)
    assert number(as_(cast.hin).get("/home").text, "New, to pick up") == "1"
    assert number(as_(cast.other_hin).get("/home").text, "New, to pick up") == "0"


def test_the_nation_counts_the_whole_pipeline(session: Session, cast: Cast, as_: Browser) -> None:
    makers.innovation("One", of=cast.innovator)
    makers.innovation("Two", of=cast.other_innovator)
    makers.innovation("Draft", of=cast.innovator, life=Life.DRAFT)
    page = as_(cast.national).get("/home").text
    assert number(page, "Innovations on the pipeline") == "2"


def test_stages_tell_national_totals_and_what_the_reader_may_open(
    session: Session, cast: Cast
) -> None:
    makers.innovation("HINs only", of=cast.innovator, sharing=Sharing.HINS)
    makers.innovation("Public", of=cast.innovator, sharing=Sharing.PUBLIC)
    makers.innovation("Draft", of=cast.innovator, life=Life.DRAFT)
    ready = next(s for s in standing(cast.ics.actor, today()).stages if s.stage.code == "READY")
    assert (ready.total, ready.readable) == (2, 1)
    ready = next(s for s in standing(cast.hin.actor, today()).stages if s.stage.code == "READY")
    assert (ready.total, ready.readable) == (2, 2)


@pytest.mark.parametrize("name", Cast.KINDS)
@pytest.mark.parametrize("path", ["/home", "/pipeline"])
def test_a_page_of_figures_takes_few_statements(
    cast: Cast, as_: Browser, statements: Statements, name: str, path: str
) -> None:
    browser = as_(getattr(cast, name))
    with statements.at_most(8):
        assert browser.get(path).status_code == 200
