"""The pages of the cross-tab: what they say, how they sort and shade, and where numbers lead."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape

import pytest
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from portal.clock import today
from portal.figures.dimensions import cell_figures, dimensions
from portal.innovations.models import RecordStatus, Sharing
from portal.pipeline.rules.figures import FIGURES
from portal.reference.models import Vocabulary
from tests import makers
from tests.cast import Cast, Person
from tests.pages import PageClient
from tests.statements import Statements

Browser = Callable[[Person], PageClient]
PAGE = "/pipeline/crosstab"


def links(page: str) -> list[tuple[str, str]]:
    """Every number of the tables with the address behind it."""
    found = re.findall(r'<td[^>]*><a href="([^"]+)">([^<]+)</a></td>', page)
    return [(unescape(href), text) for href, text in found]


def names(page: str) -> list[str]:
    """The names of the lines, in order."""
    return [unescape(name) for name in re.findall(r'<tr><th scope="row">([^<]+)', page)]


@pytest.fixture
def catalogue(session: Session, cast: Cast) -> None:
    """Four records of two organisations, at two stages, in two settings."""
    wards, clinics = (
        makers.term(Vocabulary.CARE_SETTING, code)
        for code in ("ACUTE_INPATIENT", "ACUTE_OUTPATIENT")
    )
    idea = makers.term(Vocabulary.DEVELOPMENT_STAGE, "IDEA")
    both = makers.innovation("Both", of=cast.innovator, sharing=Sharing.PUBLIC)
    both.terms = [wards, clinics]
    ward = makers.innovation("Ward", of=cast.innovator, stage=idea, sharing=Sharing.HINS_AND_ICSS)
    ward.terms = [wards]
    makers.innovation("Nowhere", of=cast.other_innovator, stage=idea)
    makers.innovation("Draft", of=cast.innovator, status=RecordStatus.DRAFT)
    makers.proven(both)
    session.commit()


def test_every_number_leads_to_that_many_records(catalogue: None, cast: Cast, as_: Browser) -> None:
    for person in (cast.national, cast.ics, cast.innovator):
        browser = as_(person)
        for pair in ("row=stage&column=care_setting", "row=hin&column=proven&split=in_use"):
            found = links(browser.get(f"{PAGE}?{pair}").text)
            assert found or person is cast.ics
            for href, number in found:
                assert f": {number} innovation" in browser.get(href).text, href


def test_the_page_says_what_it_counts_and_that_settings_count_twice(
    catalogue: None, cast: Cast, as_: Browser
) -> None:
    page = as_(cast.hin).get(f"{PAGE}?row=stage&column=care_setting&proven=yes").text
    assert "Innovations by stage of development and care setting" in page
    assert "1 innovation that you may see with proven: Proven, as at" in page
    assert "can have more than one care setting" in page
    assert "Remove filter </span>Proven: Proven" in page


def test_on_paper_a_table_lies_across(catalogue: None, cast: Cast, as_: Browser) -> None:
    browser = as_(cast.national)
    page = browser.get("/pipeline/crosstab").text
    (sheet,) = re.findall(r'<link rel="stylesheet" href="([^"]+)" media="print">', page)
    with browser.get(sheet) as answer:
        assert "landscape" in answer.text


def test_percentages_are_of_what_was_asked(catalogue: None, cast: Cast, as_: Browser) -> None:
    asked = f"{PAGE}?row=stage&column=proven"
    browser = as_(cast.hin)
    cells = [
        [text for _, text in links(browser.get(f"{asked}&show={show}").text)]
        for show in ("row", "column", "total")
    ]
    assert cells[0] == ["100%", "100%", "100%", "100%", "33.3%", "66.7%", "100%"]
    assert cells[1] == ["100%", "66.7%", "100%", "33.3%", "100%", "100%", "100%"]
    assert cells[2] == ["66.7%", "66.7%", "33.3%", "33.3%", "33.3%", "66.7%", "100%"]


def test_a_table_is_sorted_by_any_column(catalogue: None, cast: Cast, as_: Browser) -> None:
    browser, asked = as_(cast.hin), f"{PAGE}?row=stage&column=proven"
    assert names(browser.get(f"{asked}&sort=-total").text)[0] == "Idea shaped"
    assert names(browser.get(f"{asked}&sort=total").text)[0] != "Idea shaped"
    assert names(browser.get(f"{asked}&sort=-yes").text)[0] != "Idea shaped"
    assert 'aria-sort="descending"' in browser.get(f"{asked}&sort=-yes").text


def test_empty_rows_are_hidden_unless_asked_for(catalogue: None, cast: Cast, as_: Browser) -> None:
    browser = as_(cast.hin)
    hidden, shown = browser.get(PAGE).text, browser.get(f"{PAGE}?empty=show").text
    assert "Exploring the need" not in names(hidden)
    assert "Exploring the need" in names(shown)


def test_figures_as_at_a_past_day_come_from_dated_rows(
    catalogue: None, cast: Cast, as_: Browser
) -> None:
    yesterday = today() - timedelta(days=1)
    page = as_(cast.hin).get(f"{PAGE}?on={yesterday}").text
    assert "0 innovations that you may see" in page
    assert "Nothing to count" in page


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("2026-02-31", "Enter a real day"),
        ("soon", "Enter a real day"),
        ("1066-10-14", "Enter a day from 1 April 2013"),
        (str(date(2999, 1, 1)), "Enter a day from 1 April 2013"),
    ],
)
def test_a_day_that_is_none_is_refused_and_kept(
    cast: Cast, as_: Browser, typed: str, message: str
) -> None:
    page = as_(cast.hin).get(PAGE, query_string={"on": typed}).text
    assert page.count(message) >= 2
    assert f'value="{typed}"' in page


def test_unknown_words_in_the_address_give_way(cast: Cast, as_: Browser) -> None:
    asked = "row=nothing&column=%3Cb%3E&split=stage&measure=x&show=y&sort=z&cell=a:b&stage=NO"
    for path in (PAGE, f"{PAGE}/records"):
        assert as_(cast.hin).get(f"{path}?{asked}").status_code == 200


def test_who_supports_what_is_not_told_to_others(catalogue: None, cast: Cast, as_: Browser) -> None:
    page = as_(cast.other_innovator).get(f"{PAGE}?row=hin&column=stage").text
    assert "here only your own innovations count" in page
    assert names(page) == ["Health Innovation West Midlands", "Total"]
    assert "Number of HINs" not in as_(cast.ics).get(PAGE).text


def test_files_hold_counts_as_numbers_and_no_formula(
    session: Session, catalogue: None, cast: Cast, as_: Browser
) -> None:
    makers.innovation("=1+1", of=cast.innovator)
    browser = as_(cast.hin)
    book = load_workbook(io.BytesIO(browser.get(f"{PAGE}.xlsx?proven=no").data))
    about = {row[0].value: row[1].value for row in book["About"].iter_rows()}
    assert about["Proven"] == "Not proven"
    assert about["As at"].date() == today()
    last = [cell.value for cell in list(book["Data"].iter_rows())[-1]]
    assert last[0] == "Total"
    assert last[-1] == 3
    listed = load_workbook(io.BytesIO(browser.get(f"{PAGE}/records.xlsx").data))["Data"]
    kinds = {cell.value: cell.data_type for row in listed.iter_rows() for cell in row}
    assert kinds["=1+1"] == "s"
    rows = list(
        csv.reader(io.StringIO(browser.get(f"{PAGE}/records.csv").data.decode("utf-8-sig")))
    )
    assert "'=1+1" in [row[0] for row in rows]


def test_a_split_gives_one_table_for_each_value_in_page_and_file(
    catalogue: None, cast: Cast, as_: Browser
) -> None:
    browser, asked = as_(cast.hin), "row=stage&column=care_setting&split=proven"
    page = browser.get(f"{PAGE}?{asked}").text
    assert page.count("<table") == 3
    rows = browser.get(f"{PAGE}.csv?{asked}").data.decode("utf-8-sig").splitlines()
    assert {row.split(",")[0] for row in rows} == {"Proven", "All", "Not proven"}


def test_every_field_and_measure_is_defined_on_one_page(cast: Cast, as_: Browser) -> None:
    page = unescape(as_(cast.ics).get("/pipeline/definitions").text)
    counted = [one.figure for one in cell_figures().values()]
    for one in (*dimensions().values(), *counted, *FIGURES.values()):
        assert one.definition in page
        assert one.source in page
    assert f"What is counted ({len(counted)})" in page
    fields = re.findall(
        r'<span class="nhsuk-details__summary-text">(?!What|Figures)[^<]+ [(](\d+)[)]', page
    )
    assert sum(map(int, fields)) >= len(dimensions()) - 3


def test_hours_are_known_to_staff_and_to_innovators_only(cast: Cast, as_: Browser) -> None:
    for person, knows in ((cast.hin, True), (cast.innovator, True), (cast.ics, False)):
        assert ("Support hours" in as_(person).get(PAGE).text) == knows
    asked = f"{PAGE}?measure=hours"
    assert "Innovations by stage of development" in as_(cast.ics).get(asked).text


@pytest.mark.parametrize(
    "measure", ["innovations", "organisations", "sites", "hours", "challenges"]
)
@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/records"])
def test_a_view_takes_at_most_eight_statements(
    catalogue: None, cast: Cast, as_: Browser, statements: Statements, path: str, measure: str
) -> None:
    browser = as_(cast.national)
    with statements.at_most(8):
        asked = (
            f"row=condition&column=hin&split=level&measure={measure}&care_setting=ACUTE_INPATIENT"
        )
        assert browser.get(f"{path}?{asked}").status_code == 200


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("row=stage&column=stage", "Stage of development stands there twice"),
        ("row=stage&column=hin&split=hin", "HIN (supporting) stands there twice"),
        ("measure=challenges&on=2026-01-31", "Challenges matched is known of today"),
    ],
)
def test_what_has_no_meaning_is_refused_in_words(
    catalogue: None, cast: Cast, as_: Browser, asked: str, words: str
) -> None:
    browser = as_(cast.national)
    page = browser.get(f"{PAGE}?{asked}").text
    assert words in unescape(page)
    assert "<table" not in page
    assert browser.get(f"{PAGE}.csv?{asked}").status_code == 400
    assert browser.get(f"{PAGE}?row=stage&column=hin").text.count("<table") == 1
