"""Where it is used: a place of the national directory, found while the form is filled in."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.innovations.models import Innovation, Section, Sharing, Use
from portal.innovations.queries.on_day import is_used_in, used_in_ics
from portal.innovations.rules.deciding import spread
from portal.innovations.sections.answers import copy_of
from portal.reference.models import Ics, Site, SiteKind
from portal.reference.queries.sites import find_sites
from portal.reference.services.site_words import put_words
from portal.search import documents
from portal.search.models import IndexChange
from portal.web.paging import PER_PAGE
from tests import makers
from tests.cast import Cast, Person
from tests.pages import PageClient
from tests.statements import Statements

As = Callable[[Person], PageClient]
DAY = {"from_on-day": "1", "from_on-month": "2", "from_on-year": "2026"}


def place(code: str, name: str, town: str = "Exampleton", **values: object) -> Site:
    site = Site(**{"code": code, "name": name, "town": town, "kind": SiteKind.PRACTICE, **values})
    makers.put(site)
    put_words([site])
    return site


@pytest.fixture
def record(session: Session, cast: Cast) -> Innovation:
    return makers.innovation(of=cast.innovator, sharing=Sharing.PUBLIC)


@pytest.fixture
def surgeries(session: Session) -> list[Site]:
    return [
        place("A90001", "Rose Surgery", "Exampleton", postcode="ZZ1 1AA"),
        place("A90002", "Rose Surgery", "Sampleford", postcode="ZZ2 2BB"),
        place("A90003", "The Elms Surgery", geography_ics_id=makers.ics("QWU").id),
        place("A90004", "Rose Surgery", "Oldtown", closed_on=date(2020, 1, 1)),
    ]


def test_words_find_places_by_name_town_postcode_and_code(surgeries: list[Site]) -> None:
    def codes(typed: str) -> list[str]:
        return [site.code for site in find_sites(typed).sites]

    assert codes("rose surg") == ["A90001", "A90002", "A90004"]  # what is closed comes last
    assert codes("SAMPLE rose") == ["A90002"]
    assert codes("zz2 2bb") == codes("ZZ22BB") == codes("a90002") == ["A90002"]
    assert codes("elms nowhere") == codes("  ") == codes("%") == []
    assert find_sites("rose", limit=2).has_more


def test_few_statements_find_a_place(surgeries: list[Site], statements: Statements) -> None:
    with statements.at_most(3):
        find_sites("rose surgery example")


def test_a_place_is_looked_for_chosen_and_saved_without_a_script(
    as_: As, session: Session, cast: Cast, record: Innovation, surgeries: list[Site]
) -> None:
    browser, url = as_(cast.innovator), f"/innovations/{record.id}/edit/use/add"
    looked = browser.post(url, data={"directory_site": "rose surgery", "find": "1", "version": "0"})
    assert looked.status_code == 200
    assert "There is a problem" not in looked.text
    assert "3 that fit “rose surgery”" in looked.text
    assert "Sampleford, ZZ2 2BB, A90002, GP practice" in looked.text
    saved = {"directory_site": "rose surgery", **DAY, "version": "0"}
    refused = browser.post(url, data=saved)
    assert "Place: select one of those that fit" in refused.text
    assert browser.post(url, data={**saved, "directory_site-choice": "A90002"}).status_code == 302
    session.expire_all()
    copy = copy_of(record, Section.USE)
    assert copy is not None
    assert copy.draft["items"][0]["directory_site"] == "A90002"
    again = browser.get(f"/innovations/{record.id}/edit/use/1")
    assert 'value="Rose Surgery, Sampleford, ZZ2 2BB"' in again.text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"directory_site": "no such place"}, "nothing fits “no such place”"),
        (
            {"directory_site": "the elms surgery", "organisation_named": "Elms"},
            "Say in one way who uses it",
        ),
        ({}, "Enter the place or select the organisation that uses it"),
        ({"directory_site": "x" * 5000}, "nothing fits"),
        ({"directory_site": "rose", "directory_site-choice": "A90003"}, "select one of those"),
    ],
)
def test_what_names_no_place_is_said(
    as_: As, cast: Cast, record: Innovation, surgeries: list[Site], data: dict[str, str], words: str
) -> None:
    url = f"/innovations/{record.id}/edit/use/add"
    assert words in as_(cast.innovator).post(url, data={**data, **DAY, "version": "0"}).text


def test_the_whole_name_or_code_needs_no_choice(
    as_: As, session: Session, cast: Cast, record: Innovation, surgeries: list[Site]
) -> None:
    browser, url = as_(cast.innovator), f"/innovations/{record.id}/edit/use/add"
    data = {"directory_site": "the elms surgery", **DAY, "version": "0"}
    assert browser.post(url, data=data).status_code == 302
    assert (
        browser.post(f"/innovations/{record.id}/edit/use/submit", data={"version": "1"}).status_code
        == 302
    )
    session.expire_all()
    (use,) = record.uses
    assert use.directory_site is surgeries[2]
    shown = browser.get(f"/innovations/{record.id}/use")
    assert "The Elms Surgery" in shown.text


def test_many_places_are_shown_in_pages(as_: As, session: Session, cast: Cast) -> None:
    record = makers.innovation(
        of=cast.innovator,
        uses=[
            Use(organisation_named=f"Place {number:03}", from_on=date(2026, 1, 1))
            for number in range(PER_PAGE + 1)
        ],
    )
    session.commit()
    browser, path = as_(cast.innovator), f"/innovations/{record.id}/use"
    first, last = browser.get(path).text, browser.get(f"{path}?page=2").text
    assert f"Showing 1 to {PER_PAGE} of {PER_PAGE + 1} places" in first
    assert (first.count("Place 0"), last.count("Place 0")) == (PER_PAGE, 1)


def test_a_place_counts_in_its_area_like_an_organisation(
    session: Session, record: Innovation, surgeries: list[Site], cast: Cast
) -> None:
    at = {"innovation_id": record.id, "from_on": date(2026, 1, 1)}
    makers.put(Use(directory_site=surgeries[2], **at))
    makers.put(Use(organisation=cast.ics.organisation, **at))
    makers.put(Use(organisation_named="A hospital abroad", **at))
    qwu, qop = makers.ics("QWU").id, makers.ics("QOP").id
    both = place("A90005", "The Oaks", geography_ics_id=qwu, commissioner_ics_id=qop)
    other = makers.put(Use(directory_site=both, **at))
    session.refresh(record)
    for use in record.uses:
        found = session.scalar(select(used_in_ics()).where(Use.id == use.id))
        assert found == use.ics_id == (use.ics.id if use.ics else None)
        for ics in makers.ics("QWU"), makers.ics("QOP"), makers.ics("QJM"):
            here = select(Use.id).where(is_used_in(select(Ics.id).where(Ics.id == ics.id)))
            assert (use.id in session.scalars(here).all()) is (found == ics.id)
    session.delete(other)
    session.flush()
    session.refresh(record)
    told = spread(record.uses, date(2026, 2, 1))
    assert len(told.places) == 3
    assert makers.ics("QWU").region.name in told.regions
    document = documents.document(record, today=date(2026, 2, 1), version=1)
    assert document is not None
    assert document.facets["sites"] == ["3"]


def test_suggestions_come_while_one_types(as_: As, cast: Cast, surgeries: list[Site]) -> None:
    found = as_(cast.innovator).get("/innovations/places/suggest?q=elm").json
    label = "The Elms Surgery, Exampleton"
    assert found == {"items": [{"text": label, "kind": "GP practice, A90003"}]}
    assert as_(cast.innovator).get("/innovations/places/suggest?q=e").json == {"items": []}


def test_staff_find_what_was_entered_by_name(
    as_: As, session: Session, cast: Cast, record: Innovation, surgeries: list[Site]
) -> None:
    named = Use(
        innovation_id=record.id, organisation_named="Elms Surgery", from_on=date(2026, 1, 1)
    )
    makers.put(named)
    browser = as_(cast.hin)
    assert "Elms Surgery" in browser.get("/innovations/places/named").text
    page = browser.get(f"/innovations/places/named/{named.id}")
    assert "The Elms Surgery" in page.text  # looked for already
    data = {"site": "elms surgery", "site-choice": "A90003"}
    assert browser.post(f"/innovations/places/named/{named.id}", data=data).status_code == 302
    session.expire_all()
    assert (named.directory_site, named.organisation_named) == (surgeries[2], "")
    assert "Every place of use" in browser.get("/innovations/places/named").text
    trail = browser.get(f"/innovations/{record.id}/activity").text
    assert "Elms Surgery" in trail


def test_a_draft_that_waits_hears_of_the_place(
    as_: As, session: Session, cast: Cast, record: Innovation, surgeries: list[Site]
) -> None:
    named = Use(
        innovation_id=record.id, organisation_named="Elms Surgery", from_on=date(2026, 1, 1)
    )
    makers.put(named)
    owner, url = as_(cast.innovator), f"/innovations/{record.id}/edit/use/add"
    owner.post(url, data={"organisation_named": "Another", **DAY, "version": "0"})
    data = {"site": "elms surgery", "site-choice": "A90003"}
    as_(cast.hin).post(f"/innovations/places/named/{named.id}", data=data)
    session.expire_all()
    copy = copy_of(record, Section.USE)
    assert copy is not None
    first, second = copy.draft["items"]
    assert (first["directory_site"], first["organisation_named"]) == ("A90003", "")
    assert second["organisation_named"] == "Another"


def test_a_place_with_another_name_is_found_by_it(
    session: Session, record: Innovation, surgeries: list[Site]
) -> None:
    makers.put(Use(innovation_id=record.id, directory_site=surgeries[2], from_on=date(2026, 1, 1)))
    session.execute(delete(IndexChange))
    surgeries[2].name = "The Oaks Surgery"
    session.flush()
    assert session.scalars(select(IndexChange.innovation_id)).all() == [record.id]
