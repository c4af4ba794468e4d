"""Administrators look at places, let one ICS follow another and rename networks."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import jobs
from portal.clock import begin_of, clock_at, today
from portal.innovations.models import ProvenStatus, Sharing
from portal.pipeline.queries.values import all_values
from portal.reference import services as reference
from portal.reference.models import Ics, Site, SiteKind, SiteMembership
from portal.reference.queries import (
    PlaceNames,
    hin_name_on,
    ics_ids_served,
    ics_names_on,
    icss,
    lead_hin,
    successors,
)
from portal.reference.rules import Quarter
from portal.reference.services import rename_ics
from portal.reference.services.site_words import put_words
from tests import makers
from tests.cast import Cast, Person
from tests.pages import PageClient

As = Callable[[Person], PageClient]


@pytest.fixture
def site(session: Session) -> Site:
    ics = makers.ics("QWU")
    row = makers.put(
        Site(
            code="A90001",
            name="Rose Surgery",
            kind=SiteKind.PRACTICE,
            geography_ics_id=ics.id,
            commissioner_ics_id=ics.id,
            postcode="ZZ1 1AA",
        )
    )
    makers.put(SiteMembership(site_id=row.id, geography_ics_id=ics.id, commissioner_ics_id=ics.id))
    put_words([row])
    return row


def test_places_are_listed_under_filters_and_given_as_a_file(
    as_: As, cast: Cast, site: Site
) -> None:
    browser = as_(cast.administrator)
    found = browser.get(f"/admin/places?q=rose&kind=practice&state=open&ics={site.ics_id}").text
    assert "Rose Surgery" in found
    assert "Rose Surgery" not in browser.get("/admin/places?kind=pharmacy").text
    assert "Rose Surgery" not in browser.get("/admin/places?state=closed").text
    assert browser.get("/admin/places?q=%25&kind=none&ics=x&page=99999999999999").status_code == 200
    assert "A90001" in browser.get("/admin/places.csv?q=zz1").text


def test_an_administrator_says_what_a_place_is(
    as_: As, cast: Cast, session: Session, site: Site
) -> None:
    browser = as_(cast.administrator)
    assert "ZZ1 1AA" in browser.get(f"/admin/places/{site.id}").text
    saved = browser.post(f"/admin/places/{site.id}", data={"kind": "mental_health"})
    assert saved.status_code == 302
    session.expire_all()
    assert (site.kind, site.is_kind_edited) == (SiteKind.MENTAL_HEALTH, True)
    assert "Select an option" in browser.post(f"/admin/places/{site.id}", data={"kind": "x"}).text


def told(on: date, **data: str) -> dict[str, str]:
    return {
        "on-day": str(on.day),
        "on-month": str(on.month),
        "on-year": str(on.year),
        "share": "100",
        **data,
    }


def test_an_ics_that_another_follows_keeps_its_past(
    as_: As, cast: Cast, session: Session, site: Site
) -> None:
    old, day = makers.ics("QWU"), today()
    before = lead_hin(old.id, day - timedelta(days=1))
    browser, url = as_(cast.administrator), f"/admin/networks/ics/{old.id}/follow"
    data = told(day, name="Coventry and Rugby", ods_code="q99")
    checked = browser.post(url, data=data).text
    assert "1 place of the national directory" in checked
    assert "goes to Coventry and Rugby" in checked
    session.expire_all()
    assert old.valid_to is None  # nothing is done before it was seen
    assert browser.post(url, data={**data, "seen": "yes"}).status_code == 302
    session.expire_all()
    new = session.scalars(select(Ics).where(Ics.name == "Coventry and Rugby")).one()
    assert (new.code, new.valid_from, old.valid_to) == ("Q99", day, day - timedelta(days=1))
    assert old in icss(day - timedelta(days=1))
    assert new not in icss(day - timedelta(days=1))
    assert (old in icss(), new in icss(), successors(old)) == (False, True, [new])
    assert lead_hin(new.id) is before
    assert lead_hin(old.id, day - timedelta(days=1)) is before
    assert before is not None
    assert {old.id, new.id} <= set(session.scalars(ics_ids_served(before.id)))
    assert site.ics_id == new.id
    spans = [(row.ics_id, row.valid_from, row.valid_to) for row in site.memberships]
    assert spans == [(old.id, None, day - timedelta(days=1)), (new.id, day, None)]
    assert list(reference.load().lines()) == []
    session.expire_all()
    assert old.valid_to == day - timedelta(days=1)  # the files do not undo it


def test_what_a_merger_affects_is_named_as_far_as_the_reader_may_see(
    as_: As, cast: Cast, session: Session
) -> None:
    old = cast.ics.organisation.ics
    assert old is not None
    for number in range(22):
        makers.organisation(f"Firm {number:02}", ics=old)
    makers.innovation("Open lamp", of=cast.innovator, ics=old, sharing=Sharing.PUBLIC)
    makers.innovation("Hidden lamp", of=cast.innovator, ics=old, sharing=Sharing.HINS)
    session.commit()
    url = f"/admin/networks/ics/{old.id}/follow"
    page = as_(cast.administrator).post(url, data=told(today(), name="Newer", ods_code="q98")).text
    assert "2 records of innovations that come from there" in page
    assert "Open lamp and 1 more" in page
    assert "Hidden lamp" not in page
    assert cast.ics.user.name in page
    named = [number for number in range(22) if f"Firm {number:02}" in page]
    assert len(named) < 22
    assert re.search(r"Firm \d\d and \d more", page)


def test_an_ics_goes_in_parts_and_ends_with_the_last(
    as_: As, cast: Cast, session: Session, site: Site
) -> None:
    old, day = makers.ics("QWU"), today()
    browser, url = as_(cast.administrator), f"/admin/networks/ics/{old.id}/follow"
    first = told(day, successor_id=str(makers.ics("QHL").id), share="40", part="North", seen="yes")
    assert browser.post(url, data=first).status_code == 302
    session.expire_all()
    assert old.valid_to is None
    assert "already" in browser.post(url, data=first).text
    too_much = {**first, "successor_id": str(makers.ics("QUA").id), "share": "61"}
    assert "must add up to 100" in browser.post(url, data=too_much).text
    assert browser.post(url, data={**too_much, "share": "60", "part": "South"}).status_code == 302
    session.expire_all()
    assert old.valid_to == day - timedelta(days=1)
    assert site.ics_id == old.id  # which place went where, the directory says


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Select an ICS, or enter the name of a new one"),
        ({"name": "Frimley"}, "There is an ICS of this name"),
        ({"name": "New", "ods_code": "QHL"}, "has this code"),
        ({"name": "New", "share": "0"}, "must add up to 100"),
        ({"name": "New", "share": "x"}, "Share must be"),
        ({"name": "New", "share": "50"}, "Enter what the part is called"),
        ({"name": "New", "on-year": "2020"}, "The day must be in this quarter or later"),
        ({"successor_id": "999999"}, "Select an option from the list"),
    ],
)
def test_what_cannot_be_is_refused(as_: As, cast: Cast, data: dict[str, str], words: str) -> None:
    url = f"/admin/networks/ics/{makers.ics('QWU').id}/follow"
    assert words in as_(cast.administrator).post(url, data={**told(today()), **data}).text


def test_a_network_is_renamed_with_its_organisation_from_a_day(
    as_: As, cast: Cast, session: Session
) -> None:
    hin, day = cast.hin.organisation.hin, today()
    was = hin.name
    cast.hin.organisation.name = was
    browser, url = as_(cast.administrator), f"/admin/networks/hins/{hin.id}/rename"
    data = told(day, name="Health Innovation Heart of England")
    assert "1 organisation that it is" in browser.post(url, data=data).text
    session.expire_all()
    assert hin.name == was
    assert browser.post(url, data={**data, "seen": "yes"}).status_code == 302
    session.expire_all()
    assert (hin.name, cast.hin.organisation.name) == (data["name"], data["name"])
    assert hin_name_on(hin, day - timedelta(days=1)) == was
    reference.load()
    session.expire_all()
    assert [row.name for row in hin.names if row.valid_to is None] == [data["name"]]
    early = Quarter.of(day).first - timedelta(days=1)
    refused = browser.post(url, data=told(early, name="Another"))
    assert "must be in this quarter" in refused.text


def test_an_ics_is_renamed_with_its_organisation_from_a_day(
    as_: As, cast: Cast, session: Session
) -> None:
    ics, day = cast.ics.organisation.ics, today()
    was, organisation = ics.name, cast.ics.organisation.name
    browser, url = as_(cast.administrator), f"/admin/networks/ics/{ics.id}/rename"
    data = told(day, name="Heart of England")
    assert organisation in browser.post(url, data=data).text
    session.expire_all()
    assert ics.name == was
    assert browser.post(url, data={**data, "seen": "yes"}).status_code == 302
    session.expire_all()
    assert (ics.name, ics.ics_name) == ("Heart of England", "Heart of England ICS")
    assert cast.ics.organisation.name == "Heart of England ICS"
    eve = day - timedelta(days=1)
    assert (ics.name_on(eve), ics.name_on(day)) == (was, "Heart of England")
    assert ics_names_on([ics], eve) == {ics.id: was}
    assert ics_names_on([ics], day) == {ics.id: "Heart of England"}
    for text in (was, f"NHS {was} ICB", "Heart of England ICS"):
        assert PlaceNames().ics(text).ics is ics, "files may name it as it was called"
    reference.load()
    session.expire_all()
    assert ics.name == "Heart of England"
    page = browser.get("/admin/networks").text
    assert f"{was}," in page.replace("<br>", "")
    other = makers.ics("QOP").name
    assert "already an ICS or organisation" in browser.post(url, data=told(day, name=other)).text
    early = told(Quarter.of(day).first - timedelta(days=1), name="Another")
    assert "must be in this quarter" in browser.post(url, data=early).text


def test_a_crosstab_of_a_past_day_calls_an_ics_as_it_was_called(
    cast: Cast, session: Session
) -> None:
    ics, day = cast.ics.organisation.ics, today()
    was = ics.name
    rename_ics(ics=ics, name="Heart of England", on=day)
    labels = {value.label for value in all_values(day - timedelta(days=1))["ics"].values()}
    assert was in labels
    assert "Heart of England" not in labels
    assert "Heart of England" in {value.label for value in all_values()["ics"].values()}


def test_the_code_of_a_board_is_said_once(as_: As, cast: Cast, session: Session) -> None:
    ics = makers.ics("X26-CENTRAL-EAST")
    browser, url = as_(cast.administrator), f"/admin/networks/ics/{ics.id}/code"
    assert browser.post(url, data={"ods_code": "qzz"}).status_code == 302
    session.expire_all()
    assert ics.ods_code == "QZZ"
    other = f"/admin/networks/ics/{makers.ics('QWU').id}/code"
    assert "Central East has this code" in browser.post(other, data={"ods_code": "QZZ"}).text


def test_a_merger_that_lies_ahead_moves_places_when_its_day_has_come(
    as_: As, cast: Cast, session: Session, site: Site
) -> None:
    old, new, day = makers.ics("QWU"), makers.ics("QHL"), today() + timedelta(days=30)
    url = f"/admin/networks/ics/{old.id}/follow"
    as_(cast.administrator).post(url, data=told(day, successor_id=str(new.id), seen="yes"))
    session.expire_all()
    assert site.ics_id == old.id
    with clock_at(begin_of(day)):
        jobs.enqueue("reference.move_places")
        session.commit()
        jobs.run_waiting()
    session.expire_all()
    assert site.ics_id == new.id


def test_a_page_of_a_past_day_calls_a_network_as_it_was_called(
    as_: As, cast: Cast, session: Session
) -> None:
    with clock_at(begin_of(date(2026, 11, 20))):
        browser = as_(cast.national)
        url = f"/admin/networks/hins/{makers.hin('HI-WM').id}/rename"
        data = told(date(2026, 11, 10), name="Health Innovation Heart", seen="yes")
        assert as_(cast.administrator).post(url, data=data).status_code == 302
        now, before = (browser.get(f"/pipeline/network?on=2026-11-{day}") for day in ("15", "09"))
        assert "Health Innovation Heart" in now.text
        assert "Health Innovation West Midlands" not in now.text
        assert "Health Innovation West Midlands" in before.text
        assert "Health Innovation Heart" not in before.text
        past = browser.get("/pipeline/network.csv?on=2023-01-01").text
        assert "West Midlands AHSN" in past
        figures = browser.get("/figures/download.csv?quarter=2026-27-Q2")
        assert "Health Innovation West Midlands" in figures.text


def test_tables_and_timelines_of_a_past_day_call_a_network_as_it_was_called(
    as_: As, cast: Cast, session: Session
) -> None:
    hin, was, new = (
        makers.hin("HI-WM"),
        "Health Innovation West Midlands",
        "Health Innovation Heart",
    )
    with clock_at(begin_of(date(2026, 11, 5))):
        record = makers.innovation("Lamp", of=cast.innovator, hin=hin, sharing=Sharing.PUBLIC)
        verified = ProvenStatus(
            innovation_id=record.id,
            hin_id=hin.id,
            verified_by_id=cast.hin.user.id,
            valid_until=date(2027, 11, 5),
            findings=[],
        )
        session.add(verified)
        session.commit()
    with clock_at(begin_of(date(2026, 11, 20))):
        url = f"/admin/networks/hins/{hin.id}/rename"
        data = told(date(2026, 11, 10), name=new, seen="yes")
        assert as_(cast.administrator).post(url, data=data).status_code == 302
        browser = as_(cast.national)
        table = "/pipeline/crosstab.csv?row=first_hin&column=stage"
        before, after = (browser.get(f"{table}&on=2026-11-{day}").text for day in ("09", "15"))
        assert (was in before, new in before) == (True, False)
        assert (was in after, new in after) == (False, True)
        page = browser.get("/pipeline/crosstab?row=first_hin&column=stage&on=2026-11-09").text
        assert new not in page
        told_of = browser.get(f"/innovations/{record.id}/proven").text.partition("Verified until")[
            2
        ]
        assert was in told_of.partition("</li>")[0]
