"""What is commercial in confidence stays there, and the list shows what its reader may see."""

import io
from collections.abc import Callable, Iterator

import openpyxl
import pytest
from sqlalchemy.orm import Session

from portal.innovations.models import Innovation, RecordStatus, Section, Sharing
from portal.innovations.queries import supporters
from portal.innovations.sections.answers import version_of_all
from portal.innovations.services import submit
from tests import makers
from tests.cast import Cast, Person
from tests.innovations.test_submitting import draft, submitted
from tests.pages import PageClient
from tests.statements import Statements

As = Callable[[Person], PageClient]
SECRET = "Half price for the first five trusts"
PLAN = "Sold to a larger company next year"


@pytest.fixture
def secretive(session: Session, cast: Cast) -> Innovation:
    """A public record with prices and plans in confidence."""
    innovation = submitted(cast.innovator)
    innovation.sharing = Sharing.PUBLIC
    draft(innovation, Section.COSTS, cast.innovator, price_note=SECRET, cost="10")
    draft(innovation, Section.PLANS, cast.innovator, commercial_plans=PLAN)
    submit(innovation=innovation, version=version_of_all(innovation), by=cast.innovator.actor)
    session.commit()
    return innovation


@pytest.fixture
def supported_by() -> Iterator[Callable[[set[int]], None]]:
    """Say which HINs support every record."""
    before = supporters._lookup
    yield lambda ids: supporters.come_from(lambda _id: frozenset(ids))
    supporters.come_from(before)


def page(browser: PageClient, url: str) -> str:
    return browser.get(url).get_data(as_text=True)


def test_only_its_side_and_a_supporting_hin_read_what_is_in_confidence(
    secretive: Innovation, cast: Cast, as_: As, supported_by: Callable[[set[int]], None]
) -> None:
    supported_by({makers.hin("HI-WM").id})
    url = f"/innovations/{secretive.id}"
    readers = {name for name in cast.KINDS if SECRET in page(as_(getattr(cast, name)), url)}
    assert readers == {"innovator", "colleague", "hin"}
    plans = {name for name in cast.KINDS if PLAN in page(as_(getattr(cast, name)), url)}
    assert plans == readers


def test_a_stranger_reads_a_public_record_without_what_is_in_confidence(
    secretive: Innovation, cast: Cast, client: PageClient
) -> None:
    for tab in ("", "/evidence", "/standards", "/use"):
        text = page(client, f"/innovations/{secretive.id}{tab}")
        assert "Breathe Easy" in text
        assert SECRET not in text
        assert PLAN not in text


def test_lists_and_downloads_never_hold_what_is_in_confidence(
    secretive: Innovation, cast: Cast, as_: As
) -> None:
    for name in cast.KINDS:
        browser = as_(getattr(cast, name))
        for url in (EVERY_STATE, "/innovations/download.csv"):
            assert SECRET not in page(browser, url)
            assert PLAN not in page(browser, url)
        book = browser.get("/innovations/download.xlsx").get_data()
        assert SECRET not in _cells(book)
        assert PLAN not in _cells(book)


def _cells(book: bytes) -> str:
    sheets = openpyxl.load_workbook(io.BytesIO(book))
    return "\n".join(str(c.value) for sheet in sheets for row in sheet.iter_rows() for c in row)


def test_a_draft_in_confidence_is_seen_by_its_side_alone(
    secretive: Innovation, cast: Cast, as_: As, supported_by: Callable[[set[int]], None]
) -> None:
    supported_by({makers.hin("HI-WM").id})
    draft(secretive, Section.COSTS, cast.innovator, price_note="Not yet agreed")
    url = f"/innovations/{secretive.id}"
    assert "Not yet agreed" not in page(as_(cast.hin), url)
    assert "Not yet agreed" in page(as_(cast.colleague), f"{url}/edit/costs")


EVERY_STATE = "/innovations?state=draft&state=submitted&state=archived"


def names_on(text: str, names: dict[str, str]) -> set[str]:
    return {key for key, name in names.items() if f">{name}</a>" in text}


def test_the_list_holds_what_its_reader_may_see(session: Session, cast: Cast, as_: As) -> None:
    names = {
        "draft": "Alpha drafted",
        "hins": "Beta for HINs",
        "icss": "Gamma for ICSs",
        "public": "Delta for all",
        "archived": "Epsilon archived",
        "theirs": "Zeta of others",
    }
    makers.innovation(names["draft"], of=cast.innovator, status=RecordStatus.DRAFT)
    makers.innovation(names["hins"], of=cast.innovator)
    makers.innovation(names["icss"], of=cast.innovator, sharing=Sharing.HINS_AND_ICSS)
    makers.innovation(names["public"], of=cast.innovator, sharing=Sharing.PUBLIC)
    makers.innovation(names["archived"], of=cast.innovator, status=RecordStatus.ARCHIVED)
    makers.innovation(names["theirs"], of=cast.other_innovator)
    ours = {"draft", "hins", "icss", "public", "archived"}
    staff = {"hins", "icss", "public", "archived", "theirs"}
    expected = {
        "innovator": ours,
        "colleague": ours,
        "other_innovator": {"theirs"},
        "ics": {"icss", "public"},
        "other_ics": {"icss", "public"},
        "hin": staff,
        "other_hin": staff,
        "national": staff,
        "administrator": {"public"},
    }
    for person, seen in expected.items():
        browser = as_(getattr(cast, person))
        assert names_on(page(browser, EVERY_STATE), names) == seen, person
        file = page(browser, "/innovations/download.csv")
        assert {key for key, name in names.items() if name in file} == seen, person


def test_search_is_the_list_of_those_who_have_no_innovations(cast: Cast, as_: As) -> None:
    asked = "/innovations?q=falls+at+night&proven=yes&stage=READY&sort=name"
    for person in (cast.ics, cast.hin, cast.national):
        answer = as_(person).get(asked)
        assert answer.location == "/search?q=falls+at+night&proven=yes&stage=READY", person
        assert as_(person).get("/innovations").location == "/search", person
    assert as_(cast.innovator).get("/innovations").status_code == 200
    drafts = page(as_(cast.hin), "/innovations?state=draft&state=archived")
    assert "<h1" in drafts
    assert "Drafts and archived innovations" in drafts
    assert "state=draft&amp;state=archived" in page(as_(cast.hin), "/search")
    assert "state=draft&amp;state=archived" not in page(as_(cast.ics), "/search")


def test_the_list_is_narrowed_sorted_and_paged(session: Session, cast: Cast, as_: As) -> None:
    for number in range(25):
        makers.innovation(f"Record {number:02}", of=cast.innovator)
    proven = makers.proven(makers.innovation("Zulu", of=cast.other_innovator))
    browser = as_(cast.hin)
    text = page(browser, f"{EVERY_STATE}&sort=name")
    assert "Showing 1 to 20 of 26 innovations" in text
    assert text.index("Record 00") < text.index("Record 19")
    assert "Record 20" not in text
    assert "Zulu" in page(browser, f"{EVERY_STATE}&sort=-name")
    only = page(browser, f"{EVERY_STATE}&proven=yes")
    assert f'href="/innovations/{proven.id}"' in only
    assert "Record 00" not in only
    found = page(browser, f"{EVERY_STATE}&q=northgate")
    assert "Zulu" in found
    assert "Record 00" not in found
    assert "No innovation fits" in page(browser, f"{EVERY_STATE}&q=100%25")
    assert "25 innovations" in page(browser, "/innovations?state=submitted&q=record&page=999")


def test_the_list_runs_few_statements_however_long_it_is(
    session: Session, cast: Cast, as_: As, statements: Statements
) -> None:
    for number in range(30):
        makers.innovation(f"Record {number:02}", of=cast.innovator)
    for person in (cast.innovator, cast.hin, cast.ics):
        browser = as_(person)
        with statements.at_most(8):
            browser.get(f"{EVERY_STATE}&sort=stage&q=record")
        with statements.at_most(8):
            browser.get("/innovations/download.csv")


def test_a_download_is_safe_to_open(session: Session, cast: Cast, as_: As) -> None:
    makers.innovation('=HYPERLINK("http://x.example","Click")', of=cast.innovator)
    browser = as_(cast.hin)
    assert "\"'=HYPERLINK" in page(browser, "/innovations/download.csv")
    book = openpyxl.load_workbook(io.BytesIO(browser.get("/innovations/download.xlsx").get_data()))
    assert book["Data"]["A2"].data_type == "s"
