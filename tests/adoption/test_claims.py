"""Claims of use wait in one list for the network that may confirm them, and nowhere else."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.adoption.queries.claims import claims_to_decide
from portal.clock import today
from portal.db import db
from portal.innovations.models import (
    Adoption,
    AdoptionSource,
    AdoptionState,
    RecordStatus,
    Sharing,
    Use,
)
from portal.innovations.queries.adoption import is_waiting, rows_of
from portal.innovations.rules.adoption import waiting
from portal.innovations.services.adoption import NewStage, record_stages
from tests import makers
from tests.adoption.conftest import Field, place
from tests.cast import Cast, Person
from tests.examples import examples
from tests.home.test_home_pages import number
from tests.pages import PageClient
from tests.statements import Statements

Signed = Callable[[Person], PageClient]
DAY = date(2026, 2, 3)
URL = "/adoption/claims"
STATEMENTS = 6
ROW = st.tuples(
    st.integers(0, 1),  # which product
    st.integers(0, 2),  # which site; the last is a place by name
    st.sampled_from(["", "", "Ward 1"]),
    st.sampled_from([*AdoptionState, AdoptionState.STAGE_4, AdoptionState.STAGE_5]),
    st.integers(0, 40),
    st.sampled_from([AdoptionSource.INNOVATOR, AdoptionSource.INNOVATOR, AdoptionSource.HIN]),
    st.sampled_from(["", "", "corrects", "confirms"]),
)


def claim(field: Field, which: int = 0, **values: Any) -> Adoption:
    """The innovator says that a place of the field uses it."""
    line = Use(directory_site=field.places[which], from_on=DAY, **values)
    field.innovation.uses.append(line)
    db.session.flush()
    return db.session.get_one(Adoption, line.begins_id)


def waits(field: Field) -> list[Adoption]:
    return waiting(rows_of(field.innovation.id), today())


def says(field: Field, by: Person, state: AdoptionState, **more: Any) -> None:
    stage = NewStage(field.places[0].id, state, today(), **more)
    record_stages(innovation=field.innovation, stages=[stage], by=by.actor)


@settings(
    max_examples=examples(40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=st.lists(ROW, max_size=16), day=st.integers(0, 45))
def test_sql_finds_the_claims_that_the_rule_finds(
    session: Session, cast: Cast, rows: list[Any], day: int
) -> None:
    nested = session.begin_nested()
    records = [makers.innovation(name, of=cast.innovator, opens=False) for name in ("A", "B")]
    places = [place("RC0"), place("RC1")]
    put: list[Adoption] = []
    for product, which, unit, state, since, source, about in rows:
        where = {"site_id": places[which].id} if which < len(places) else {"place_named": "Clinic"}
        row = Adoption(
            innovation_id=records[product].id,
            unit=unit,
            state=state,
            source=source,
            on=DAY + timedelta(days=since),
            **where,
        )
        gone = {one.corrects_id for one in put}
        key = (row.innovation_id, row.site_id)
        mine = [o for o in put if (o.innovation_id, o.site_id) == key and o.id not in gone]
        if about == "corrects" and mine:
            row.corrects_id = mine[-1].id
        if about == "confirms" and mine:
            row.confirms_id = mine[-1].id
        put.append(makers.put(row))
    on = DAY + timedelta(days=day)
    found = session.scalars(select(Adoption.id).where(is_waiting(on))).all()
    assert sorted(found) == sorted(row.id for row in waiting(put, on))
    nested.rollback()


def test_a_claim_waits_until_somebody_else_says_where_the_place_stands(
    cast: Cast, field: Field
) -> None:
    first = claim(field)
    assert waits(field) == [first]
    says(field, cast.hin, AdoptionState.STAGE_2)
    assert waits(field) == []  # it was answered, though not as the innovator says
    field.innovation.uses.append(Use(directory_site=field.places[0], from_on=today()))
    db.session.flush()
    assert [row.on for row in waits(field)] == [today()]  # said anew, it waits again


def test_nothing_waits_where_the_place_is_known_to_be_as_far(cast: Cast, field: Field) -> None:
    says(field, cast.hin, AdoptionState.STAGE_6)
    claim(field, site="Ward 1")
    assert waits(field) == []


def test_what_was_taken_out_and_what_has_ended_does_not_wait(cast: Cast, field: Field) -> None:
    claim(field, until_on=DAY + timedelta(days=20))
    claim(field, 1)
    field.innovation.uses.remove(field.innovation.uses[1])
    db.session.flush()
    assert waits(field) == []


def test_the_list_leads_to_where_a_claim_is_decided_and_back(
    cast: Cast, field: Field, as_: Signed
) -> None:
    claim(field)
    claim(field, 1, site="Ward 1")
    claim(field, 4)  # in the area of another network
    db.session.commit()
    browser = as_(cast.hin)
    assert number(browser.get("/home").text, "Claims of use to confirm") == "2"
    assert f'href="{URL}"' in browser.get("/adoption").text
    page = html.fromstring(browser.get(URL).text)
    links = page.xpath("//td//a[contains(@href, '/sites/')]")
    assert [" ".join(link.text_content().split()) for link in links] == [
        "Trust RW0",
        "Trust RW1 (Ward 1)",
    ]
    address, anchor = links[0].get("href").split("#")
    shown = browser.get(address).text
    assert f'id="{anchor}"' in shown
    assert "Back to the claims of use" in shown
    sent = {"state": "STAGE_5", "source": "site", "is_indicative": "no"}
    sent |= {"on-day": "3", "on-month": "2", "on-year": "2026"}
    assert browser.post(address, data=sent).location == URL
    assert "1 claim" in browser.get(URL).text
    ward = browser.get(links[1].get("href").split("#")[0]).text
    assert re.search(r"The innovator says: .* \(Ward 1\) since 3 February 2026", ward)
    browser.post(links[1].get("href").split("#")[0], data=sent)
    page = browser.get(URL).text
    assert "No claim waits" in page
    assert number(browser.get("/home").text, "Claims of use to confirm") == "0"


def test_an_answered_claim_is_called_neither_confirmed_nor_unconfirmed(
    cast: Cast, field: Field, as_: Signed
) -> None:
    claim(field)
    says(field, cast.hin, AdoptionState.STAGE_2)
    db.session.commit()
    page = as_(cast.hin).get(f"/innovations/{field.innovation.id}/sites/{field.places[0].id}").text
    assert "Confirmed" not in page
    assert "Unconfirmed" not in page


def test_a_claim_of_a_record_that_nobody_works_on_is_not_asked(
    cast: Cast, field: Field, as_: Signed
) -> None:
    claim(field)
    field.innovation.status = RecordStatus.DRAFT
    db.session.commit()
    assert "No claim waits" in as_(cast.hin).get(URL).text
    assert number(as_(cast.hin).get("/home").text, "Claims of use to confirm") == "0"


def test_many_claims_come_in_pages_sorted_and_as_a_file(
    session: Session, cast: Cast, field: Field, as_: Signed, statements: Statements
) -> None:
    for n in range(45):
        record = makers.innovation(f"Pump {n:02}", of=cast.innovator, sharing=Sharing.PUBLIC)
        record.uses.append(Use(directory_site=field.places[n % 3], from_on=DAY))
    db.session.commit()
    browser = as_(cast.hin)
    with statements.at_most(STATEMENTS):
        first = browser.get(URL).text
    assert "45 claims" in first
    assert "Pump 44" not in first
    assert "Pump 44" in browser.get(f"{URL}?page=3").text
    assert "Pump 44" in browser.get(f"{URL}?sort=-innovation").text
    lines = browser.get(f"{URL}.csv?sort=-innovation").text.splitlines()
    assert lines[0] == "\ufeffPlace,Code,Innovation,The innovator says,Since,Said on"
    assert len(lines) == 46
    assert "Pump 44" in lines[1]


@pytest.mark.parametrize("code", ["RW0", "RM0"])
def test_who_may_decide_is_whose_list_has_the_claim(cast: Cast, field: Field, code: str) -> None:
    which = next(n for n, one in enumerate(field.places) if one.code == code)
    claim(field, which)
    db.session.commit()
    told = {
        person.actor.hin_id
        for person in (cast.hin, cast.other_hin)
        if db.session.execute(claims_to_decide(person.actor)).all()
    }
    assert told == {cast.hin.actor.hin_id if code == "RW0" else cast.other_hin.actor.hin_id}
