"""The places of the national directory that a case study names: picked, kept, shown, found."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import etree, html
from sqlalchemy import select

from portal.clock import today
from portal.db import db
from portal.errors import Forbidden, Invalid, Outdated
from portal.exchange.models import ContentItem, ContentKind, content_site
from portal.exchange.queries.content import versions_of
from portal.exchange.services import places
from portal.innovations.models import Sharing
from portal.innovations.services.merging import merge_records
from portal.reference.models import Site, SiteKind, SiteMembership, SiteName, SiteSuccession
from portal.reference.services.site_words import put_words
from tests import makers
from tests.adoption.conftest import place
from tests.cast import Cast, Person
from tests.exchange.makers import draft, published, step
from tests.pages import PageClient

Browser = Callable[[Person], PageClient]
STUDY = ContentKind.CASE_STUDY
ATOM = "{http://www.w3.org/2005/Atom}"


def words_of(page: object) -> str:
    """What a page says, without its markup."""
    return " ".join(html.fromstring(page.text).text_content().split())  # type: ignore[attr-defined]


def linked(item: ContentItem) -> list[int]:
    """The numbers of an item's places, by their rows."""
    found = select(content_site.c.site_id).where(content_site.c.item_id == item.id)
    return sorted(db.session.scalars(found))


def put(code: str, name: str, **values: Any) -> Site:
    """A care home of the directory, found by its words."""
    row = place(code, "QWU", SiteKind.CARE_HOME, **values)
    row.name = name
    put_words([row], is_new=True)
    return row


def add(item: ContentItem, site: Site, by: Person) -> None:
    places.add_place(item=item, version=item.version, site=site, by=by.actor)


@pytest.fixture
def home(session: object) -> Site:
    return put("VHOME", "Willow House", town="Rugby", postcode="CV21 1AA")


@pytest.fixture
def study(cast: Cast, home: Site) -> ContentItem:
    """A published case study that names no area, but one of its places and in words others."""
    answers = {"places": "Two homes by the canal"}
    told = {"by": cast.hin, "second": cast.national, "answers": answers}
    return published(STUDY, title="Fewer falls", site_ids=[home.id], **told)


# Picked ----------------------------------------------------------------------------------------


def test_a_place_is_found_by_its_words_and_several_are_added_and_taken_away(
    cast: Cast, as_: Browser, home: Site
) -> None:
    other, item = put("VOTHER", "Rowan House"), draft(STUDY, by=cast.hin)
    browser, page = as_(cast.hin), f"/exchange/items/{item.id}/places"
    found = browser.post(page, data={"version": item.version, "site": "rugby", "find": "yes"})
    assert "Willow House" in found.text
    assert linked(item) == []
    missed = browser.post(page, data={"version": item.version, "site": "Nowhere"})
    assert "Check the spelling</a>" in missed.text  # it is needed: nobody may leave it empty
    for typed in ("VHOME", "Rowan House"):
        sent = {"version": item.version, "site": typed}
        assert "is added." in browser.post(page, data=sent, follow_redirects=True).text
        db.session.refresh(item)
    assert linked(item) == sorted([home.id, other.id])
    again = browser.post(page, data={"version": item.version, "site": "VHOME"})
    assert "is linked already" in again.text
    gone = browser.post(
        f"{page}/{home.id}/remove", data={"version": item.version}, follow_redirects=True
    )
    assert "is taken away" in gone.text
    assert linked(item) == [other.id]


def test_saving_the_words_leaves_the_places_and_adding_places_leaves_the_words(
    cast: Cast, as_: Browser, home: Site
) -> None:
    item = draft(STUDY, by=cast.hin, answers={"places": "A home in Rugby"})
    add(item, home, cast.hin)
    assert item.answer("places") == "A home in Rugby"
    sent = {"version": item.version, "title": "Anew", "licence": "ogl", "hin_id": item.hin_id}
    as_(cast.hin).post(f"/exchange/items/{item.id}/edit", data=sent)
    db.session.refresh(item)
    assert (item.title, linked(item)) == ("Anew", [home.id])


def test_who_may_not_change_it_who_comes_second_and_other_kinds_are_refused(
    cast: Cast, home: Site
) -> None:
    item, news = draft(STUDY, by=cast.hin), draft(by=cast.hin)
    with pytest.raises(Forbidden):
        add(item, home, cast.other_hin)
    with pytest.raises(Outdated):
        places.add_place(item=item, version=item.version - 1, site=home, by=cast.hin.actor)
    with pytest.raises(Invalid, match="at places"):
        add(news, home, cast.hin)
    with pytest.raises(Invalid, match="not linked"):
        places.remove_place(item=item, version=item.version, site=home, by=cast.hin.actor)


# Kept ------------------------------------------------------------------------------------------


def test_of_a_published_item_a_place_waits_for_a_second_person_and_stands_in_its_versions(
    cast: Cast, as_: Browser, client: FlaskClient, study: ContentItem, home: Site
) -> None:
    other = put("VOTHER", "Rowan House")
    add(study, other, cast.hin)
    address = f"/exchange/case-study/{study.id}"
    assert "Rowan House" not in words_of(client.get(address))
    waits = words_of(as_(cast.national).get(f"/exchange/items/{study.id}"))
    assert "Places of the directory" in waits
    assert "Rowan House" in waits
    assert "As they stand with the change that waits." in waits
    step(study, "accept", by=cast.national)
    assert "Rowan House" in words_of(client.get(address))
    assert linked(study) == sorted([home.id, other.id])
    numbers = [
        one.number for one in versions_of(study.id) if one.step.startswith("added the place")
    ]
    said = as_(cast.hin).get(f"/exchange/items/{study.id}/versions?to={numbers[0]}")
    assert "Rowan House" in words_of(said)


def test_two_records_made_one_keep_the_places_of_what_was_published(
    cast: Cast, client: FlaskClient, home: Site
) -> None:
    records = [
        makers.innovation(name, of=cast.innovator, sharing=Sharing.PUBLIC)
        for name in ("SteadyStep", "Steady Step")
    ]
    told = {"by": cast.hin, "second": cast.national}
    item = published(STUDY, innovation_id=records[1].id, site_ids=[home.id], **told)
    one, another = records
    merge_records(one=one, another=another, why="The same", chosen=(), by=cast.national.actor)
    db.session.expire_all()
    assert (item.innovation_id, linked(item)) == (one.id, [home.id])


def test_an_item_that_is_deleted_takes_its_links_along_and_leaves_the_place(
    cast: Cast, study: ContentItem, home: Site
) -> None:
    db.session.delete(study)
    db.session.flush()
    assert db.session.scalars(select(content_site)).all() == []
    assert db.session.get(Site, home.id) is home


# Shown -----------------------------------------------------------------------------------------


def test_its_page_names_places_beside_the_words_as_of_its_day_and_who_followed(
    cast: Cast, client: FlaskClient, study: ContentItem, home: Site
) -> None:
    successor = put("VNEXT", "Rowan House")
    said = words_of(client.get(f"/exchange/case-study/{study.id}"))
    assert "Two homes by the canal" in said
    assert "Willow House, Rugby, CV21 1AA" in said
    makers.put(SiteName(site_id=home.id, name="Ash House", until_on=today()))
    makers.put(SiteSuccession(predecessor_id=home.id, successor_id=successor.id, on=today()))
    home.closed_on = today()
    db.session.commit()
    said = words_of(client.get(f"/exchange/case-study/{study.id}"))
    assert "(then Ash House)" in said
    assert "followed by Rowan House)" in said


def test_the_page_of_the_area_of_a_place_and_the_list_of_that_area_show_it(
    cast: Cast, client: FlaskClient, study: ContentItem
) -> None:
    area = client.get("/exchange/ics/QWU").text
    assert f"/exchange/case-study/{study.id}" in area
    assert f"/exchange/case-study/{study.id}" not in client.get("/exchange/ics/QUA").text
    listed = words_of(client.get("/exchange?ics=QWU"))
    assert "Fewer falls" in listed
    assert "(1)" in listed or "1 item" in listed
    assert "Fewer falls" not in words_of(client.get("/exchange?ics=QUA"))


def test_a_place_that_moved_shows_on_the_area_where_it_lies(
    cast: Cast, client: FlaskClient, study: ContentItem, home: Site
) -> None:
    other, before = makers.ics("QUA"), today() - timedelta(days=1)
    held = db.session.scalars(select(SiteMembership).where(SiteMembership.site_id == home.id)).one()
    held.valid_to = before
    makers.put(SiteMembership(site_id=home.id, commissioner_ics_id=other.id, valid_from=today()))
    home.commissioner_ics_id = other.id
    db.session.commit()
    assert f"/exchange/case-study/{study.id}" not in client.get("/exchange/ics/QWU").text
    assert f"/exchange/case-study/{study.id}" in client.get("/exchange/ics/QUA").text


def test_the_pages_of_the_place_name_it(
    cast: Cast, as_: Browser, study: ContentItem, home: Site
) -> None:
    record = makers.innovation("SteadyStep", of=cast.innovator, sharing=Sharing.PUBLIC)
    for person, page in (
        (cast.administrator, f"/admin/places/{home.id}"),
        (cast.hin, f"/innovations/{record.id}/sites/{home.id}"),
    ):
        assert f"/exchange/case-study/{study.id}" in as_(person).get(page).text


def test_feeds_files_search_and_structured_data_have_the_place(
    cast: Cast, client: FlaskClient, study: ContentItem
) -> None:
    for path in ("/exchange/feed.atom", "/exchange/feeds/ics/QWU.atom"):
        entry = etree.fromstring(client.get(path).data).find(f"{ATOM}entry")
        assert entry is not None
        codes = {one.get("term") for one in entry.findall(f"{ATOM}category")}
        assert "VHOME" in codes
    assert "Willow House (VHOME)" in client.get("/exchange.csv").text
    assert "Fewer falls" in words_of(client.get("/exchange?q=Rugby"))
    page = client.get(f"/exchange/case-study/{study.id}").text
    assert '"addressLocality": "Rugby"' in page


def test_a_draft_shows_on_no_page_of_an_area_or_place(
    cast: Cast, as_: Browser, client: FlaskClient, home: Site
) -> None:
    item = draft(STUDY, by=cast.hin, site_ids=[home.id])
    for text in (
        client.get("/exchange/ics/QWU").text,
        as_(cast.administrator).get(f"/admin/places/{home.id}").text,
    ):
        assert f"/exchange/case-study/{item.id}" not in text
