"""Milestones, agreements, awards and events: who enters them, who reads them, how they count."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.accounts.models import ANONYMOUS
from portal.clock import PartialDate, Precision, clock_at
from portal.db import db
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.figures.rules import Period, RowsQuery
from portal.impact.figures import EVENT_FIGURES
from portal.impact.models import EventKind, ImpactEvent
from portal.impact.queries.events import event_for, events
from portal.impact.rules.events import AWARDS, PEOPLE
from portal.impact.services.events import tell, withdraw
from portal.reference.rules import Quarter
from tests.cast import Cast, Person
from tests.impact import makers
from tests.pages import PageClient
from tests.programmes import makers as programmes

As = Callable[[Person], PageClient]
TODAY = makers.NOW.date()
QUARTER = Quarter.of(TODAY)
MAY = PartialDate(date(2026, 5, 1), Precision.MONTH)


def _told(by: Person, kind: EventKind = EventKind.AWARD, **values: object) -> ImpactEvent:
    given = {"title": "HSJ Award", "day": MAY, "hin_id": by.actor.hin_id, **values}
    return tell(kind=kind, by=by.actor, **given)  # type: ignore[arg-type]


def _counts() -> dict[tuple[str, int | None], float]:
    return {(v.code, v.hin_id): v.value for v in EVENT_FIGURES.count(Period(QUARTER, TODAY))}


def test_each_counts_once_for_its_network_and_once_for_england(
    cast: Cast, session: Session
) -> None:
    _told(cast.hin)
    _told(cast.other_hin)
    _told(cast.national, hin_id=None)
    for number in (40, 25):
        _told(cast.hin, EventKind.HELD, people=number)
    _told(cast.hin, day=PartialDate(date(2026, 3, 31)))  # the quarter before
    _told(cast.hin, day=PartialDate(date(2026, 4, 1), Precision.YEAR))
    hin, other = cast.hin.actor.hin_id, cast.other_hin.actor.hin_id
    assert _counts() == {
        (AWARDS.code, None): 3,
        (AWARDS.code, hin): 1,
        (AWARDS.code, other): 1,
        ("events_held", None): 2,
        ("events_held", hin): 2,
        (PEOPLE.code, None): 65,
        (PEOPLE.code, hin): 65,
    }
    rows = EVENT_FIGURES.rows(RowsQuery(PEOPLE, Period(QUARTER, TODAY), hin, "")).rows
    assert sum(row[4] for row in rows) == 65
    assert len(EVENT_FIGURES.rows(RowsQuery(AWARDS, Period(QUARTER, TODAY), None, "")).rows) == 3
    assert EVENT_FIGURES.first_day() == date(2026, 3, 31)


def test_what_is_withdrawn_counts_no_more_but_did(cast: Cast, session: Session) -> None:
    row = _told(cast.hin)
    moment = makers.NOW + timedelta(hours=1)
    with clock_at(moment + timedelta(hours=1)):
        with pytest.raises(Forbidden):
            withdraw(event=row, why="No.", by=cast.other_hin.actor)
        with pytest.raises(Invalid):
            withdraw(event=row, why="", by=cast.hin.actor)
        withdraw(event=row, why="It was another network’s.", by=cast.hin.actor)
        with pytest.raises(Conflict):
            withdraw(event=row, why="Again.", by=cast.hin.actor)
        assert _counts() == {}
        as_known = list(EVENT_FIGURES.count(Period(QUARTER, TODAY, moment)))
        assert [value.value for value in as_known] == [1, 1]
        assert events(cast.national.actor) == []
        with pytest.raises(NotFound):
            event_for(cast.hin.actor, row.id)


def test_who_enters_what(cast: Cast, session: Session) -> None:
    for person, values in (
        (cast.hin, {"hin_id": cast.other_hin.actor.hin_id}),
        (cast.hin, {"hin_id": None}),
        (cast.ics, {"hin_id": None}),
        (cast.innovator, {"hin_id": None}),
    ):
        with pytest.raises(Forbidden):
            _told(person, **values)
    for values, words in (
        ({"day": PartialDate(date(2026, 6, 16))}, "today or in the past"),
        ({"kind": EventKind.HELD}, "how many people"),
        ({"people": 5}, "Only an event"),
    ):
        with pytest.raises(Invalid, match=words):
            _told(cast.hin, **values)


def test_a_network_enters_it_on_the_page_and_everybody_reads_it(cast: Cast, as_: As) -> None:
    browser = as_(cast.hin)
    typed = {
        "kind": "held",
        "title": "Open day for practices",
        "on-month": "5",
        "on-year": "2026",
        "people": "",
        "other": "An ICS",
    }
    assert (
        "Enter how many people took part" in browser.post("/impact/timeline/new", data=typed).text
    )
    sent = browser.post("/impact/timeline/new", data=typed | {"people": "1"})
    assert sent.status_code == 302
    text = re.sub(r"\s+", " ", as_(cast.innovator).get("/impact/timeline").text)
    assert "Open day for practices" in text
    assert "May 2026" in text
    assert "with An ICS, 1 person took part." in text
    assert "/withdraw" not in text
    assert "Open day" not in as_(cast.innovator).get("/impact/timeline?kind=award").text
    [row] = events(ANONYMOUS)
    path = f"/impact/timeline/{row.id}/withdraw"
    assert "Figures that are frozen keep it" in browser.get(path).text
    assert browser.post(path, data={"why": "It was moved."}).status_code == 302
    assert "Nothing is entered" in as_(cast.ics).get("/impact/timeline").text


def test_what_is_of_a_programme_that_one_may_not_read_is_not_shown(
    cast: Cast, session: Session
) -> None:
    programme = programmes.programme("Not public", by=cast.national, is_public=False)
    row = _told(cast.hin, programme_id=programme.id)
    db.session.commit()
    assert [one.id for one in events(cast.national.actor)] == [row.id]
    assert events(ANONYMOUS) == events(cast.innovator.actor) == []
    with pytest.raises(NotFound):
        event_for(cast.innovator.actor, row.id)
