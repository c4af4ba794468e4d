"""Pages about spread: who may read them, what they say, and how many statements they take."""

from collections.abc import Callable
from datetime import date, timedelta

from portal.adoption.services import lists
from portal.adoption.services.sending import record_money
from portal.clock import today
from portal.db import db
from portal.innovations.models import AdoptionState, Use
from portal.innovations.services.adoption import NewStage, record_stages
from portal.reference.models import SiteKind, Vocabulary
from tests import makers
from tests.adoption.conftest import Field, place
from tests.cast import Cast, Person
from tests.pages import PageClient
from tests.statements import Statements, end_transaction

Signed = Callable[[Person], PageClient]
DAY = date(2025, 1, 10)


def stand(cast: Cast, field: Field, *states: AdoptionState, on: date = DAY) -> None:
    reason = makers.term(Vocabulary.ADOPTION_REASON, "OTHER").id
    said = [
        NewStage(one.id, state, on, reason_id=reason)
        for one, state in zip(field.places, states, strict=False)
    ]
    record_stages(innovation=field.innovation, stages=said, by=cast.hin.actor)


def test_spread_is_told_with_what_is_unknown_beside_it(
    cast: Cast, field: Field, as_: Signed
) -> None:
    stand(
        cast,
        field,
        AdoptionState.STAGE_5,
        AdoptionState.STAGE_3,
        AdoptionState.NO_ANSWER,
        AdoptionState.STOPPED,
    )
    by = cast.hin.actor
    record_money(
        innovation=field.innovation, site_id=field.places[0].id, code="CENTRAL", on=DAY, by=by
    )
    field.innovation.uses.append(Use(directory_site=field.places[4], from_on=DAY))
    db.session.commit()
    client = as_(cast.ics)
    url = f"/adoption/lists/{field.eligible.id}"
    page = client.get(url).text
    assert "In use at 1 of 5 (20%) sites" in page
    assert "Paid centrally until a day" in page
    assert "1 more site uses it as the innovator alone says" in page
    assert "1 of 3 (33%)" in page  # the West Midlands
    before = client.get(f"{url}?on=2025-01-09").text
    assert "In use at 0 of 5 (0%) sites" in before
    sites = client.get(f"{url}/sites?level=5").text
    assert "1 site as at" in sites
    assert "Trust RW0" in sites
    assert "Trust RW1" not in sites
    assert client.get(f"{url}/sites?claimed=1").text.count("Innovator says in use") == 1
    assert "Trust RW0,RW0," in client.get(f"{url}/sites.csv?level=5").text
    assert client.get(f"{url}/spread.csv").status_code == 200
    assert "In use here today" in client.get("/adoption/areas/QWU").text
    assert 'href="/adoption/areas"' in client.get("/adoption").text
    assert 'href="/adoption/areas"' not in as_(cast.hin).get("/adoption").text


def test_who_is_no_staff_learns_of_no_site(cast: Cast, field: Field, as_: Signed) -> None:
    client = as_(cast.innovator)
    assert client.get(f"/adoption/lists/{field.eligible.id}").status_code == 403
    assert client.get(f"/adoption/lists/{field.eligible.id}/sites").status_code == 403
    page = client.get(f"/innovations/{field.innovation.id}/spread")
    assert page.status_code == 200
    assert "Trusts" in page.text
    other = as_(cast.other_innovator)
    assert other.get(f"/innovations/{field.innovation.id}/spread").status_code == 404


def test_a_network_says_where_its_own_sites_stand_and_no_others(
    cast: Cast, field: Field, as_: Signed
) -> None:
    own, other = field.places[0], field.places[4]
    client = as_(cast.hin)
    said = {"state": "STAGE_5", "on-day": "1", "on-month": "2", "on-year": "2025", "source": "hin"}
    url = f"/innovations/{field.innovation.id}/sites"
    client.get(f"{url}/{own.id}")
    assert client.post(f"{url}/{own.id}", data=said).status_code == 302
    assert "Adopted" in client.get(f"{url}/{own.id}").text
    assert client.post(f"{url}/{other.id}", data=said).status_code == 403


def test_a_page_takes_eleven_statements_whatever_it_counts(
    cast: Cast, field: Field, as_: Signed, statements: Statements
) -> None:
    stand(cast, field, *[AdoptionState.STAGE_5] * 5)
    many = [place(f"RX{n}") for n in range(30)]
    lists.add_places(
        eligible=field.eligible,
        site_ids=[one.id for one in many],
        since=date(2024, 4, 1),
        by=cast.national.actor,
    )
    db.session.commit()
    client = as_(cast.national)
    url = f"/adoption/lists/{field.eligible.id}"
    client.get(url)
    for path in (url, f"{url}/sites", "/adoption", "/adoption/areas/QWU"):
        with statements.at_most(11):
            client.get(path)


def test_a_page_is_kept_until_somebody_says_more(
    cast: Cast, field: Field, as_: Signed, statements: Statements
) -> None:
    stand(cast, field, AdoptionState.STAGE_5)
    end_transaction(db.session)
    client, url = as_(cast.ics), f"/adoption/lists/{field.eligible.id}"
    first = client.get(url).text
    assert "In use at 1 of 5 (20%) sites" in first
    with statements.at_most(7):
        assert client.get(url).text == first
    assert not [one for one in statements.ran if "FROM adoption" in one]
    assert "In use at 1 of 3 (33%) sites" in client.get(f"{url}?hin=HI-WM").text
    stand(cast, field, AdoptionState.STAGE_5, AdoptionState.STAGE_6)
    end_transaction(db.session)
    assert "In use at 2 of 5 (40%) sites" in client.get(url).text
    lists.leave_out(
        eligible=field.eligible,
        site=field.places[4],
        why="It has closed",
        since=today(),
        by=cast.national.actor,
    )
    end_transaction(db.session)
    assert "In use at 2 of 4 (50%) sites" in client.get(url).text


def test_the_national_team_curates_a_list(cast: Cast, field: Field, as_: Signed) -> None:
    place("RP1", kind=SiteKind.PRACTICE)
    db.session.commit()
    client = as_(cast.national)
    url = f"/adoption/lists/{field.eligible.id}/places"
    day = today() - timedelta(days=1)
    since = {"since-day": str(day.day), "since-month": str(day.month), "since-year": str(day.year)}
    assert client.post(f"{url}/kind", data={"kind": "practice", **since}).status_code == 302
    out = {"why": "It has no ward for it", **since}
    assert client.post(f"{url}/{field.places[0].id}/leave-out", data=out).status_code == 302
    page = client.get(url).text
    assert "5 places could use it today" in page
    assert "It has no ward for it" in page
    assert "5 places could use it on" in client.get(f"/adoption/lists/{field.eligible.id}").text
    assert as_(cast.hin).post(f"{url}/kind", data={"kind": "practice", **since}).status_code == 403


def test_the_places_of_a_list_come_in_pages(cast: Cast, field: Field, as_: Signed) -> None:
    ids = [place(f"RX{n:02}").id for n in range(20)]
    lists.add_places(eligible=field.eligible, site_ids=ids, since=today(), by=cast.national.actor)
    db.session.commit()
    client, url = as_(cast.national), f"/adoption/lists/{field.eligible.id}/places"
    first, second = client.get(url).text, client.get(url, query_string={"page": 2}).text
    assert "25 places could use it today" in first
    assert first.count("Trust R") == 20 * 2  # its name, and whom the link leaves out
    assert second.count("Trust R") == 5 * 2


def test_an_ics_reads_on_the_card_where_it_is_in_use(cast: Cast, field: Field, as_: Signed) -> None:
    stand(cast, field, *[AdoptionState.STAGE_5] * 4)
    db.session.commit()
    page = as_(cast.ics).get(f"/innovations/{field.innovation.id}").text
    assert "In use at 4 places, 3 in your area" in page
    assert "4 places" not in as_(cast.hin).get(f"/innovations/{field.innovation.id}").text
