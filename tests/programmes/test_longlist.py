"""The longlist of next programmes: what puts a record there, with its numbers."""

import csv
import io
from collections.abc import Callable
from datetime import date
from random import Random

from sqlalchemy.orm import Session

from portal.clock import months_after, today
from portal.db import db
from portal.innovations.models import (
    Adoption,
    AdoptionSource,
    AdoptionState,
    Innovation,
    RecordStatus,
)
from portal.matching.models import Readership, Suggestion
from portal.programmes.queries.longlist import RecordNumbers, longlist, numbers_for, numbers_of
from portal.programmes.rules.choosing import Numbers, Rule, rules_met
from portal.reference.models import Site
from tests import makers
from tests.adoption.conftest import place
from tests.cast import Cast, Person
from tests.pages import PageClient
from tests.programmes import makers as spread
from tests.statements import Statements

As = Callable[[Person], PageClient]


def used(
    record: Innovation, site: Site, on: date, *, source: AdoptionSource = AdoptionSource.HIN
) -> None:
    """The site uses the record from a day on."""
    state = AdoptionState.STAGE_5
    makers.put(
        Adoption(innovation_id=record.id, site_id=site.id, state=state, on=on, source=source)
    )


def matched(record: Innovation, *, by: Person, likeness: float, title: str) -> None:
    """An open challenge that has so much in common with the record."""
    challenge = makers.challenge(title, of=by)
    makers.put(
        Suggestion(
            challenge_id=challenge.id,
            innovation_id=record.id,
            readership=Readership.PROMISING_STAFF,
            rank=1,
            score=0.5,
            reasons={"likeness": likeness},
            engine_version="1",
        )
    )


def test_a_record_without_any_rule_is_not_on_the_list() -> None:
    assert rules_met(Numbers(False, 1, 3, 2, 1)) == []
    assert rules_met(Numbers(True, 2, 4, 2, 2)) == list(Rule)


def test_each_rule_puts_a_record_there_with_its_number(
    session: Session, cast: Cast, as_: As
) -> None:
    old, new = months_after(today(), -20), months_after(today(), -2)
    here, there, third = place("RA1"), place("RB1", "QOP"), place("RA2")
    names = ("Sure", "Wide", "Wanted", "Rising", "Claimed", "Nothing")
    made = {name: makers.innovation(name, of=cast.innovator) for name in names}
    makers.proven(made["Sure"])
    used(made["Wide"], here, old)
    used(made["Wide"], there, old)
    for number, likeness in enumerate((0.3, 0.25, 0.24)):
        title = f"Challenge {number}"
        matched(made["Wanted"], by=cast.ics, likeness=likeness, title=title)
    used(made["Rising"], here, new)
    used(made["Rising"], third, new)
    used(made["Claimed"], here, old, source=AdoptionSource.INNOVATOR)
    used(made["Claimed"], there, old, source=AdoptionSource.INNOVATOR)
    known = RecordNumbers(cast.hin.actor, today())
    rows = session.execute(longlist(cast.hin.actor, known)).all()
    found = {row.Innovation.name: rules_met(numbers_of(row)) for row in rows}
    assert found == {
        "Sure": [Rule.PROVEN],
        "Wide": [Rule.REGIONS],
        "Wanted": [Rule.CHALLENGES],
        "Rising": [Rule.GROWING],
    }
    numbers = {row.Innovation.name: numbers_of(row) for row in rows}
    assert numbers["Wide"] == Numbers(False, 2, 2, 2, 0)
    assert numbers["Wanted"].challenges == 2
    assert (numbers["Rising"].sites, numbers["Rising"].sites_before) == (2, 0)
    db.session.commit()
    page = as_(cast.hin).get("/programmes/longlist?rule=growing").get_data(as_text=True)
    assert "Rising" in page
    assert "Wide" not in page


def test_what_was_used_a_year_ago_counts_for_that_day_alone(session: Session, cast: Cast) -> None:
    here, there = place("RA1"), place("RB1", "QOP")
    left = makers.innovation("Left", of=cast.innovator)
    makers.proven(left)
    used(left, here, months_after(today(), -20))
    used(left, there, months_after(today(), -2))
    stopped = Adoption(
        innovation_id=left.id,
        site_id=here.id,
        state=AdoptionState.STOPPED,
        on=months_after(today(), -1),
        source=AdoptionSource.HIN,
    )
    makers.put(stopped)
    known = RecordNumbers(cast.hin.actor, today())
    (row,) = session.execute(longlist(cast.hin.actor, known)).all()
    assert numbers_of(row) == Numbers(True, 1, 1, 1, 0)
    alone = session.execute(numbers_for(cast.hin.actor, left, today())).one()
    assert numbers_of(alone) == numbers_of(row)


def test_the_rules_and_their_twin_in_sql_agree(session: Session, cast: Cast) -> None:
    draw = Random(14)  # noqa: S311 - the same world every time
    sites = [place(f"R{n}", ("QWU", "QOP", "QHL")[n % 3]) for n in range(6)]
    days = [months_after(today(), -months) for months in (1, 6, 14, 30)]
    records = [makers.innovation(f"Thing {n}", of=cast.innovator) for n in range(12)]
    for number, record in enumerate(records):
        if draw.random() < 0.3:
            makers.proven(record)
        for site in draw.sample(sites, draw.randrange(4)):
            used(record, site, draw.choice(days))
        for one in range(draw.randrange(4)):
            likeness, title = draw.choice((0.1, 0.25, 0.6)), f"Need {number}.{one}"
            matched(record, by=cast.ics, likeness=likeness, title=title)
    known = RecordNumbers(cast.national.actor, today())
    listed = session.execute(longlist(cast.national.actor, known)).all()
    assert len(listed) > 4
    for rule in Rule:
        rows = session.execute(longlist(cast.national.actor, known, rules=[rule])).all()
        by_sql = {row.Innovation.id for row in rows}
        by_rule = {r.Innovation.id for r in listed if rule in rules_met(numbers_of(r))}
        assert by_sql == by_rule


def test_it_is_paged_in_few_statements_and_leaves_as_a_file(
    session: Session, cast: Cast, as_: As
) -> None:
    for number in range(22):
        makers.proven(makers.innovation(f"Proven {number:02}", of=cast.innovator))
    inside = makers.innovation("Spread already", of=cast.innovator)
    makers.proven(inside)
    programme = spread.programme(by=cast.national)
    spread.product(of=programme, by=cast.national).innovation_id = inside.id
    archived = RecordStatus.ARCHIVED
    makers.proven(makers.innovation("Withdrawn", of=cast.innovator, status=archived))
    db.session.commit()
    browser, counted = as_(cast.other_hin), Statements(db.engine)
    browser.get("/programmes/longlist")
    with counted.at_most(10):
        page = browser.get("/programmes/longlist?page=2").get_data(as_text=True)
    counted.stop()
    assert "Proven 21" in page
    assert "Withdrawn" not in page
    text = browser.get("/programmes/longlist/download.csv?programme=yes").get_data(as_text=True)
    rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))
    assert [row[0] for row in rows[1:]] == ["Spread already"]
    assert as_(cast.ics).get("/programmes/longlist").status_code == 403
