"""The pages of the pipeline: every number leads to a list with that many rows."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.accounts.models import OrganisationKind
from portal.clock import clock_at, now, today
from portal.innovations.models import (
    Innovation,
    ProvenStatus,
    RecordStatus,
    Sharing,
    StageChange,
    StatusChange,
    Use,
)
from portal.reference.models import Vocabulary
from portal.support.models import Engagement, EngagementState
from portal.support.queries import engagement_of
from tests import makers
from tests.cast import Cast, Person
from tests.pages import PageClient
from tests.statements import Statements

Browser = Callable[[Person], PageClient]
LINK = re.compile(r'<a href="([^"]+)">([\d,]+)<span class="nhsuk-u-visually-hidden">')
CARD = re.compile(
    r'app-stat__number">([\d,]+)</span>\s*<a class="nhsuk-card__link" href="([^"]+)">'
)
TOTAL = re.compile(
    r"(?:Showing [\d,]+ to [\d,]+ of )?(\d[\d,]*) (?:\w+ )?"
    r"(?:innovat(?:ion|or)|challenge|introduction|update|answer|idea|claim)s?\b"
)
VIEWS = (
    *("/pipeline", "/pipeline?by=category", "/pipeline?by=condition_group"),
    *("/pipeline?by=care_setting", "/pipeline/flow", "/pipeline/network", "/home"),
    "/pipeline/places",
)


@pytest.fixture
def world(session: Session, cast: Cast) -> dict[str, Innovation]:
    """Five records with a past: one archived, one proven and in use, two with several HINs."""
    early = now() - timedelta(days=300)
    stage = {
        code: makers.term(Vocabulary.DEVELOPMENT_STAGE, code)
        for code in ("IDEA", "PROTOTYPE", "READY")
    }
    with clock_at(early):
        found = {
            "old": makers.innovation("Old", of=cast.innovator, stage=stage["IDEA"]),
            "moved": makers.innovation(
                "Moved", of=cast.innovator, stage=stage["IDEA"], sharing=Sharing.PUBLIC
            ),
            "gone": makers.innovation("Gone", of=cast.other_innovator, sharing=Sharing.PUBLIC),
        }
    found["new"] = makers.innovation(
        "New", of=cast.other_innovator, sharing=Sharing.HINS_AND_ICSS, hin=makers.hin("HI-MAN")
    )
    makers.innovation("Draft", of=cast.innovator, status=RecordStatus.DRAFT)
    moved, gone = found["moved"], found["gone"]
    moved.stage = stage["PROTOTYPE"]
    makers.put(StageChange(innovation_id=moved.id, stage=stage["PROTOTYPE"]))
    gone.status = RecordStatus.ARCHIVED
    makers.put(StatusChange(innovation_id=gone.id, status=RecordStatus.ARCHIVED))
    moved.terms = [
        makers.term(Vocabulary.CARE_SETTING, code) for code in care_setting_codes(session)
    ]
    prove(moved, cast)
    used(moved, cast)
    join(moved, "HI-MAN", EngagementState.ENGAGING)
    join(found["new"], "HI-WM", EngagementState.ASSESSING)
    session.commit()
    return found


def care_setting_codes(session: Session) -> list[str]:
    from portal.reference.queries import terms

    return [term.code for term in terms(Vocabulary.CARE_SETTING)[:2]]


def prove(innovation: Innovation, cast: Cast) -> None:
    makers.proven(innovation)
    makers.put(
        ProvenStatus(
            innovation_id=innovation.id,
            hin=makers.hin(),
            verified_by=cast.hin.user,
            valid_until=today() + timedelta(days=365),
            findings=[],
        )
    )


def used(innovation: Innovation, cast: Cast) -> None:
    trust = makers.organisation(
        "A trust", kind=OrganisationKind.NHS_TRUST, ics=cast.other_ics.organisation.ics
    )
    makers.put(Use(innovation_id=innovation.id, organisation=trust, from_on=date(2026, 1, 1)))


def join(innovation: Innovation, code: str, state: EngagementState) -> Engagement:
    hin = makers.hin(code)
    found = engagement_of(innovation.id, hin.id)
    found = found or makers.put(Engagement(innovation=innovation, hin=hin))
    found.state = state
    return found


def main_of(page: str) -> str:
    return page.split("<main", 1)[1]


def numbers(page: str) -> list[tuple[str, int]]:
    """Every number of a page that is a link, with its address."""
    cells = [(href, number) for href, number in LINK.findall(main_of(page))]
    cards = [(href, number) for number, href in CARD.findall(main_of(page))]
    return [
        (href.replace("&amp;", "&"), int(number.replace(",", ""))) for href, number in cells + cards
    ]


def total(page: str) -> int:
    """How many rows the list behind a number has; a list without any says so in a box."""
    main = re.sub(r"<[^>]+>", " ", main_of(page))
    found = TOTAL.search(main)
    return int(found[1].replace(",", "")) if found else 0


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", ["innovator", "other_innovator", "ics", "hin", "national"])
def test_every_number_leads_to_so_many_records(
    world: dict[str, Innovation], cast: Cast, as_: Browser, name: str, view: str
) -> None:
    browser = as_(getattr(cast, name))
    found = numbers(browser.get(view).text)
    assert found or view == "/pipeline/places"
    for href, number in found:
        page = browser.get(href)
        assert page.status_code == 200
        assert total(page.text) == number, href


def test_every_number_of_a_flow_leads_to_so_many_records(
    world: dict[str, Innovation], cast: Cast, as_: Browser
) -> None:
    browser = as_(cast.national)
    page = browser.get(f"/pipeline/flow?since={today() - timedelta(days=90)}").text
    found = dict(numbers(page))
    assert any("left=IDEA" in href for href in found)
    assert any("came=PROTOTYPE" in href for href in found)
    for href, number in found.items():
        assert total(browser.get(href).text) == number, href


def test_the_numbers_of_a_past_day_lead_to_the_records_of_that_day(
    world: dict[str, Innovation], cast: Cast, as_: Browser
) -> None:
    browser = as_(cast.national)
    past = today() - timedelta(days=100)
    page = browser.get(f"/pipeline?on={past}").text
    assert "3 innovations were on the national pipeline" in page
    for href, number in numbers(page):
        assert total(browser.get(href).text) == number, href
    assert ">Gone<" in browser.get(f"/pipeline/records?on={past}").text
    assert ">Gone<" not in browser.get("/pipeline/records").text


def test_national_totals_are_for_all_and_the_rest_for_who_may_know(
    world: dict[str, Innovation], cast: Cast, as_: Browser
) -> None:
    page = as_(cast.ics).get("/pipeline").text
    assert "3 innovations were on the national pipeline" in page
    assert "You may open 2 of them" in page
    assert ">Old<" not in as_(cast.ics).get("/pipeline/records").text
    own = as_(cast.other_innovator).get("/pipeline?by=hin").text
    assert "You may open 2 of them" in own


def test_who_supports_a_record_is_told_only_to_staff_and_its_own_people(
    world: dict[str, Innovation], cast: Cast, as_: Browser
) -> None:
    href = "/pipeline/records?with=HI-WM,HI-MAN"
    assert ">Moved<" in as_(cast.national).get(href).text
    assert ">Moved<" in as_(cast.innovator).get(href).text
    for stranger in (cast.ics, cast.other_innovator):
        assert ">Moved<" not in as_(stranger).get(href).text
        listed = as_(stranger).get("/pipeline/records").text
        assert ">Moved<" in listed
        assert "Health Innovation Manchester: joined" not in listed


def test_a_hin_sees_who_already_works_with_what_it_has_in_triage(
    world: dict[str, Innovation], cast: Cast, as_: Browser
) -> None:
    join(world["new"], "HI-MAN", EngagementState.ENGAGING)
    page = as_(cast.hin).get("/pipeline/records?also_elsewhere=yes").text
    assert "New" in main_of(page)
    assert "Health Innovation Manchester" in main_of(page)
    assert total(as_(cast.other_hin).get("/pipeline/records?also_elsewhere=yes").text) == 0


def test_innovators_with_several_networks_are_counted_and_listed(
    world: dict[str, Innovation], cast: Cast, as_: Browser
) -> None:
    page = as_(cast.national).get("/pipeline/network/innovators").text
    assert "2 innovators" in page
    for href, number in numbers(page):
        assert total(as_(cast.national).get(href).text) == number


def test_what_is_proved_in_one_region_and_used_in_another_is_counted(
    world: dict[str, Innovation], cast: Cast, as_: Browser
) -> None:
    rows = read(as_(cast.ics).get("/pipeline/trade.csv").data)
    midlands = next(row for row in rows[1:] if row[0] == "Midlands")
    assert midlands[rows[0].index("In use in North West")] == "1"
    assert sum(int(n) for row in rows[1:] for n in row[1:]) == 1


def read(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def test_downloads_hold_what_the_pages_show(
    world: dict[str, Innovation], cast: Cast, as_: Browser
) -> None:
    browser = as_(cast.national)
    stages = read(browser.get("/pipeline.csv").data)
    assert sum(int(row[2]) for row in stages[1:]) == 3
    groups = read(browser.get("/pipeline/groups.csv?by=hin").data)
    assert sorted((row[0], row[-1]) for row in groups[1:]) == [
        ("Health Innovation Manchester", "1"),
        ("Health Innovation West Midlands", "2"),
    ]
    flow = read(browser.get("/pipeline/flow.csv").data)
    assert sum(int(row[4]) for row in flow[1:]) == 3
    quarters = read(browser.get("/pipeline/quarters.csv").data)
    assert sum(int(n) for n in quarters[-1][2:]) == 3
    records = read(browser.get("/pipeline/records.csv").data)
    assert [row[0] for row in records[1:]] == ["Moved", "New", "Old"]
    assert browser.get("/pipeline/records.xlsx").status_code == 200


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("on=2026-02-31", "Enter a real date"),
        ("on=2999-01-01", "not in the future"),
        ("on=yesterday", "Enter a real date"),
        ("on=1066-10-14", "from the year 2000"),
    ],
)
def test_a_day_that_is_none_is_refused_with_words(
    cast: Cast, as_: Browser, asked: str, words: str
) -> None:
    for path in ("/pipeline", "/pipeline/flow", "/pipeline/records"):
        answer = as_(cast.hin).get(f"{path}?{asked}")
        assert answer.status_code == 400
        assert words in answer.text


def test_strange_values_in_an_address_do_no_harm(
    world: dict[str, Innovation], cast: Cast, as_: Browser
) -> None:
    strange = (
        *("by=nothing", "hins=99999999999", "organisation=99999999999", "hins=-1"),
        *("move=flown", "with=,", "stage=%00", "hin=%F0%9F%98%80", "proved_in=<b>", "sort=x"),
    )
    browser = as_(cast.national)
    for query in strange:
        assert browser.get(f"/pipeline/records?{query}").status_code == 200
        assert browser.get(f"/pipeline?{query}").status_code == 200


@pytest.mark.parametrize("name", Cast.KINDS)
@pytest.mark.parametrize(
    "path",
    [
        *VIEWS,
        "/pipeline/quarters",
        "/pipeline/records",
        "/pipeline/records?move=advanced&hins=2&with=HI-WM,HI-MAN&proved_in=Y60",
        "/pipeline/network/innovators",
    ],
)
def test_a_view_takes_few_statements(
    world: dict[str, Innovation],
    cast: Cast,
    as_: Browser,
    statements: Statements,
    name: str,
    path: str,
) -> None:
    browser = as_(getattr(cast, name))
    # Home asks besides what is announced.
    with statements.at_most(8 if path == "/home" else 7):
        assert browser.get(path).status_code == 200
