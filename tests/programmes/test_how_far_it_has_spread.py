"""A programme counts over adoption's lists: spread, sheets, who reads which place."""

from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from re import findall, search, sub

import pytest
from sqlalchemy import select

from portal.adoption.models import Sheet, SheetRow
from portal.adoption.services import lists as adoption_lists
from portal.adoption.services import sheets
from portal.adoption.services.sending import record_money
from portal.clock import today
from portal.db import db
from portal.errors import Forbidden, Invalid
from portal.innovations.models import AdoptionState
from portal.innovations.services.adoption import NewStage, record_stages
from portal.programmes.models import Programme, ProgrammeList
from portal.programmes.services.lists import drop_list, name_list
from portal.programmes.services.programmes import save_programme
from portal.reference.rules import Quarter
from tests import makers as records
from tests.adoption.conftest import Field, place
from tests.cast import Cast, Person
from tests.pages import PageClient
from tests.programmes import makers
from tests.statements import Statements

As = Callable[[Person], PageClient]
Seen = Callable[[Person | None], PageClient]


@dataclass
class Joint:
    """A public programme that counts over the list of its product."""

    programme: Programme
    row: ProgrammeList
    field: Field

    @property
    def path(self) -> str:
        return f"/programmes/{self.programme.id}"


@pytest.fixture
def joint(cast: Cast, field: Field) -> Joint:
    """Three trusts of the West Midlands, two of Manchester: one at stage 5, one at 3."""
    programme = makers.programme("Chest drains", is_public=True, by=cast.national)
    by = cast.national.actor
    makers.product("Thopaz+", of=programme, by=cast.national, record=field.innovation)
    row = name_list(programme=programme, list_id=field.eligible.id, by=by)
    said = [
        NewStage(one.id, state, today())
        for one, state in zip(
            field.places, (AdoptionState.STAGE_5, AdoptionState.STAGE_3), strict=False
        )
    ]
    record_stages(innovation=field.innovation, stages=said, by=cast.hin.actor)
    record_money(
        innovation=field.innovation,
        site_id=field.places[0].id,
        code="CENTRAL",
        on=today(),
        by=cast.hin.actor,
    )
    db.session.commit()
    return Joint(programme, row, field)


@pytest.fixture
def seen_by(client: PageClient, as_: As) -> Seen:
    """Return somebody's browser; None is a stranger's."""
    return lambda person: client if person is None else as_(person)


def text_of(client: PageClient, path: str) -> str:
    """The words of a page, on one line."""
    return " ".join(unescape(client.get(path).text).split())


def say_names(joint: Joint, cast: Cast) -> None:
    save_programme(
        programme=joint.programme,
        settings=(),
        version=joint.programme.version,
        names_sites=True,
        by=cast.national.actor,
    )
    db.session.commit()


def test_the_spread_is_adoptions_own_in_england_and_a_network(
    joint: Joint, cast: Cast, as_: As, statements: Statements
) -> None:
    group = adoption_lists.make_group(
        name="Drains",
        definition="",
        members=[joint.field.innovation, records.innovation("Its rival", of=cast.innovator)],
        since=today(),
        by=cast.national.actor,
    )
    both = adoption_lists.make_list(name="Trusts", group=group, by=cast.national.actor)
    ids = [one.id for one in joint.field.places]
    adoption_lists.add_places(eligible=both, site_ids=ids, since=today(), by=cast.national.actor)
    cohort = adoption_lists.make_cohort(
        name="First two", definition="", site_ids=ids[:2], by=cast.national.actor
    )
    name_list(
        programme=joint.programme, list_id=both.id, cohort_id=cohort.id, by=cast.national.actor
    )
    db.session.commit()
    client = as_(cast.hin)
    client.get(f"{joint.path}/spread")
    with statements.at_most(10):
        assert client.get(f"{joint.path}/spread").status_code == 200
    page = text_of(client, f"{joint.path}/spread")
    assert (
        "<strong>1 of 5 (20%)</strong>. At stage 3 or above: <strong>2 of 5 (40%)</strong>" in page
    )
    assert "Not asked: 3;" in page
    assert "1 of 3 (33%)" in page  # a network's people are shown their own
    assert "1 of 4 (25%)" in page  # pairs of the two places of the cohort and two products
    assert "Paid centrally until a day" in page
    assert f"/adoption/lists/{both.id}?hin=HI-WM&cohort={cohort.id}" in page
    own = text_of(client, f"/adoption/lists/{joint.field.eligible.id}?hin=HI-WM")
    assert "1 of 3 (33%)" in own
    alone = text_of(client, f"{joint.path}/spread?network=")
    assert "1 of 3 (33%)" not in alone


def test_names_of_places_are_public_only_where_the_programme_says_so(
    joint: Joint, cast: Cast, seen_by: Seen
) -> None:
    spread, sites = f"{joint.path}/spread", f"{joint.path}/lists/{joint.row.id}/sites"
    outside = (None, cast.innovator, cast.other_innovator)
    staff = (cast.ics, cast.hin, cast.other_hin, cast.national)
    for person in (*outside, *staff):
        page = text_of(seen_by(person), spread)
        assert "1 of 5 (20%)" in page
        assert ("Which place stands where" in page) == (person in staff)
        assert "Trust RW0" not in page
    for person in outside:
        answer = seen_by(person).get(sites)
        assert answer.status_code in (302, 404)
        assert "Trust RW0" not in answer.text
        assert "Show a network beside England" not in seen_by(person).get(spread).text
        assert "/adoption/lists/" not in seen_by(person).get(spread).text
    for person in staff:
        assert "Trust RW0" in seen_by(person).get(sites).text
    say_names(joint, cast)
    for person in (*outside, *staff):
        assert "Which place stands where" in text_of(seen_by(person), spread)
        page = text_of(seen_by(person), sites)
        assert "Trust RW0" in page
        assert "Nobody asked" in page
    joint.programme.is_public = False
    db.session.commit()
    for person in outside:
        assert seen_by(person).get(sites).status_code in (302, 404)


def test_every_table_of_two_lists_has_a_name_of_its_own(joint: Joint, cast: Cast, as_: As) -> None:
    both = adoption_lists.make_list(
        name="Two of them", innovation=joint.field.innovation, by=cast.national.actor
    )
    ids = [one.id for one in joint.field.places[:2]]
    adoption_lists.add_places(eligible=both, site_ids=ids, since=today(), by=cast.national.actor)
    name_list(programme=joint.programme, list_id=both.id, by=cast.national.actor)
    db.session.commit()
    page = text_of(as_(cast.national), f"{joint.path}/spread")
    regions = findall(r'role="region" aria-labelledby="([^"]+)"', page)
    names = [search(rf'id="{one}"[^>]*>([^<]+)<', page) for one in regions]
    told = [one[1].strip() for one in names if one]
    assert len(told) == len(regions) == 4
    assert len(set(told)) == 4


def test_places_come_in_pages_whose_rows_alone_are_read(
    joint: Joint, cast: Cast, as_: As, statements: Statements
) -> None:
    more = [place(f"RX{n:02}").id for n in range(26)]
    eligible, by = joint.field.eligible, cast.national.actor
    adoption_lists.add_places(eligible=eligible, site_ids=more, since=today(), by=by)
    db.session.commit()
    client, sites = as_(cast.ics), f"{joint.path}/lists/{joint.row.id}/sites"
    client.get(sites)
    with statements.at_most(10):
        first = text_of(client, sites)
    assert "31 places as at" in first
    assert first.count("<td") == 2 * 20
    assert "5 Adopted" in first
    assert "Trust RX25" not in first
    last = text_of(client, f"{sites}?page=2")
    assert last.count("<td") == 2 * 11
    assert "Trust RX25" in last


def test_the_national_team_names_lists_of_the_programmes_own_products(
    joint: Joint, cast: Cast, as_: As
) -> None:
    other = adoption_lists.make_list(
        name="Homes",
        innovation=records.innovation("Elsewhere", of=cast.innovator),
        by=cast.national.actor,
    )
    cohort = adoption_lists.make_cohort(
        name="Theirs",
        definition="",
        site_ids=[joint.field.places[0].id],
        innovation=other.innovation,
        by=cast.national.actor,
    )
    db.session.commit()
    by, eligible = cast.national.actor, joint.field.eligible
    with pytest.raises(Invalid):
        name_list(programme=joint.programme, list_id=other.id, by=by)
    with pytest.raises(Invalid):
        name_list(programme=joint.programme, list_id=eligible.id, cohort_id=cohort.id, by=by)
    for person in (cast.hin, cast.ics):
        with pytest.raises(Forbidden):
            name_list(programme=joint.programme, list_id=eligible.id, by=person.actor)
        with pytest.raises(Forbidden):
            drop_list(programme=joint.programme, row=joint.row, by=person.actor)
    client = as_(cast.national)
    bad = client.post(f"{joint.path}/lists/new", data={"list_id": ""})
    assert "Select a list of places" in bad.text
    assert "Elsewhere" not in bad.text
    sent = client.post(f"{joint.path}/lists/new", data={"list_id": eligible.id})
    assert sent.status_code == 302  # named again it stays one row
    assert len(db.session.scalars(select(ProgrammeList)).all()) == 1
    assert client.post(f"{joint.path}/lists/{joint.row.id}/drop").status_code == 302
    assert "No places are named yet" in client.get(f"{joint.path}/spread").text


def test_the_sheets_of_its_lists_are_the_update_of_the_programme(
    joint: Joint, cast: Cast, as_: As, seen_by: Seen
) -> None:
    quarter = Quarter.of(today())
    path = f"{joint.path}/quarter?quarter={quarter.code}"
    mine = text_of(as_(cast.hin), path)
    assert mine.count("Not begun") == 1
    opened = as_(cast.hin).post(
        "/adoption/sheets", data={"list": joint.field.eligible.id, "quarter": quarter.code}
    )
    assert opened.location in as_(cast.hin).get(path).text
    assert "0 of 3 (0%)" in text_of(as_(cast.hin), path)
    national = text_of(as_(cast.national), path)
    assert "Draft" in national
    assert national.count("Not begun: 1 sheet") == 1
    assert "Thopaz+, Trusts: Health Innovation Manchester" in sub("<[^>]+>", "", national)
    assert opened.location not in as_(cast.other_hin).get(path).text
    for person in (None, cast.innovator, cast.ics):
        assert "Where the sites stand" not in seen_by(person).get(path).text
    review = makers.handed_in(of=joint.programme, by=cast.hin)
    sheet = db.session.scalars(select(Sheet)).one()
    rows = db.session.scalars(select(SheetRow.id)).all()
    sheets.leave_unchanged(sheet=sheet, row_ids=rows, by=cast.hin.actor)
    sheets.submit(sheet=sheet, version=sheet.version, by=cast.hin.actor)
    db.session.commit()
    page = text_of(as_(cast.national), f"{joint.path}/reviews/{review.id}")
    assert "Where their sites stand" in page
    assert "Submitted" in page
    assert "3 of 3 (100%)" in page
    assert "Not begun" not in page
    sheets.accept(sheet=sheet, version=sheet.version, by=cast.national.actor)
    db.session.commit()
    assert "Accepted" in text_of(as_(cast.hin), path)


def test_a_cross_tab_counts_by_public_programme(joint: Joint, cast: Cast, as_: As) -> None:
    hidden = makers.programme("Not yet told", by=cast.national)
    coming = makers.programme(
        "To come", by=cast.national, is_public=True, from_year=today().year + 2
    )
    for one in (hidden, coming):
        makers.product("Thopaz+", of=one, by=cast.national, record=joint.field.innovation)
    records.innovation("In none", of=cast.innovator)
    db.session.commit()
    client = as_(cast.national)
    page = text_of(client, "/pipeline/crosstab?row=programme&column=stage")
    assert "Chest drains" in page
    assert "Not yet told" not in page
    code = joint.programme.code
    listed = client.get(f"/pipeline/crosstab/records?cell=programme:{code}").text
    assert "Thopaz" in listed
    assert "In none" not in listed
    rest = client.get("/pipeline/crosstab/records?cell=programme:none").text
    assert "In none" in rest
    assert "Thopaz" not in rest
    assert (
        "Thopaz" not in client.get(f"/pipeline/crosstab/records?cell=programme:{coming.code}").text
    )
