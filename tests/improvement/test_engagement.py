"""Say who is engaged, keep networks of people, and what was learnt."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from portal.clock import today
from portal.errors import Conflict, Forbidden, Invalid
from portal.improvement.queries.engagement import engaged_in, networks
from portal.improvement.services import engagement
from portal.reference.rules import Quarter
from tests.cast import Cast, Person
from tests.improvement import makers
from tests.pages import PageClient

As = Callable[[Person], PageClient]
NOW = Quarter.of(today())


def say(kind: object, engaged: int, by: Person, quarter: Quarter = NOW, why: str = "") -> None:
    engagement.say_engaged(kind=kind, quarter=quarter, engaged=engaged, why=why, by=by.actor)  # type: ignore[arg-type]


def test_england_is_the_sum_of_its_networks_against_the_total_of_the_day(
    session: Session, cast: Cast
) -> None:
    programme = makers.programme(by=cast.national)
    kind = makers.kind(of=programme, total=40, by=cast.national)
    say(kind, 10, cast.hin, NOW.previous)
    say(kind, 12, cast.hin)
    (one,) = engaged_in(NOW, [kind])
    assert (one.words, one.change) == ("12 of 40 (30%)", "+2")
    say(kind, 20, cast.other_hin)
    (one,) = engaged_in(NOW, [kind])
    assert one.words == "32 of 40 (80%)"
    assert one.by_hin == {cast.hin.actor.hin_id: 12, cast.other_hin.actor.hin_id: 20}
    say(kind, 30, cast.national)
    assert engaged_in(NOW, [kind])[0].words == "30 of 40 (75%)"  # the nation's own row
    engagement.set_total(
        kind=kind, total=60, from_on=NOW.first, source="A new list", by=cast.national.actor
    )
    assert engaged_in(NOW, [kind])[0].words == "30 of 60 (50%)"
    assert engaged_in(NOW.previous, [kind])[0].words == "10 of 40 (25%)"


def test_a_number_that_stands_is_corrected_with_its_reason(session: Session, cast: Cast) -> None:
    kind = makers.kind(of=makers.programme(by=cast.national), total=40, by=cast.national)
    say(kind, 12, cast.hin)
    with pytest.raises(Invalid, match="12 was said before"):
        say(kind, 13, cast.hin)
    say(kind, 13, cast.hin, why="One more wrote.")
    assert engaged_in(NOW, [kind])[0].now == 13
    with pytest.raises(Invalid, match="There are 40"):
        say(kind, 41, cast.hin, why="Too many")
    with pytest.raises(Forbidden):
        say(kind, 1, cast.ics)
    with pytest.raises(Forbidden):
        engagement.set_total(kind=kind, total=9, from_on=today(), source="Ours", by=cast.hin.actor)


def test_what_nobody_reported_is_not_known(session: Session, cast: Cast) -> None:
    kind = makers.kind(of=makers.programme(by=cast.national), total=None, by=cast.national)
    (one,) = engaged_in(NOW, [kind])
    assert (one.words, one.change, one.share) == ("Not known", "Not known", None)
    say(kind, 0, cast.hin)
    assert engaged_in(NOW, [kind])[0].words == "0"


def test_a_network_is_planned_running_or_ended_and_its_meetings_are_counted(
    session: Session, cast: Cast
) -> None:
    found = makers.network(of=makers.programme(by=cast.national), by=cast.hin)
    by = cast.hin.actor
    for days, people in ((20, 30), (5, 24)):
        on = today() - timedelta(days=days)
        engagement.note_meeting(network=found, on=on, people=people, places=9, by=by)
    (row,) = networks()
    assert row.state_on(today()) == "Running"
    assert row.state_on(today() - timedelta(days=31)) == "Planned"
    assert (row.attendances, row.meetings[0].people) == (54, 24)
    engagement.change_network(
        network=found,
        version=found.version,
        name=found.name,
        running_from=found.running_from,
        ended_on=today(),
        by=by,
    )
    assert networks()[0].state_on(today()) == "Ended"
    with pytest.raises(Forbidden):
        engagement.note_meeting(network=found, on=today(), people=1, by=cast.other_hin.actor)
    with pytest.raises(Conflict):
        engagement.change_network(
            network=found, version=1, name="Late", running_from=None, ended_on=None, by=by
        )


def test_engagement_is_reported_and_read_by_its_forms(
    session: Session, cast: Cast, as_: As
) -> None:
    kind = makers.kind(of=makers.programme(by=cast.national), total=40, by=cast.national)
    browser, path = as_(cast.hin), f"/improvement/engagement/{kind.id}/say"
    sent = {"quarter": NOW.code, "engaged": "12"}
    assert browser.post(path, data=sent).location.endswith(NOW.code)
    page = browser.get("/improvement/engagement").text
    assert "12 of 40 (30%)" in page
    assert "12 stand for" in browser.get(path).text
    assert "12 was said before" in browser.post(path, data={**sent, "engaged": "13"}).text
    file = browser.get("/improvement/engagement.csv").text
    assert "England,12.0,40,30" in file
    network = {"version": 0, "name": "Falls", "programme": kind.programme_id}
    assert "Select a programme" not in browser.get("/improvement/networks/new").text
    refused = browser.post("/improvement/networks/new", data=network)
    assert refused.status_code == 200  # the programme has no diagram: nobody improves by it yet
    makers.diagram(by=cast.national, of=kind.programme)
    session.commit()
    assert browser.post("/improvement/networks/new", data=network).status_code == 302
    assert "Falls" in browser.get("/improvement/engagement").text
    assert as_(cast.ics).post(path, data=sent).status_code == 403


def test_what_was_learnt_is_found_by_its_words(session: Session, cast: Cast, as_: As) -> None:
    diagram = makers.diagram(by=cast.national)
    idea = makers.node("Huddle", into=diagram, by=cast.national, idea=True)
    makers.lesson(of=diagram.programme, by=cast.hin, node=idea)
    makers.lesson("Ask 100% of carers", of=diagram.programme, by=cast.other_hin)
    browser = as_(cast.ics)
    page = browser.get("/improvement/lessons?q=shift+small").text
    assert "Begin small" in page
    assert "Ask 100%" not in page
    page = browser.get("/improvement/lessons?q=100%25").text
    assert "Ask 100%" in page
    assert "Begin small" not in page
    assert "Nothing fits" in browser.get("/improvement/lessons?network=HI-NENC").text
    assert "Begin small" in browser.get(f"/improvement/drivers/{idea.id}").text
    sent = {"programme": diagram.programme_id, "title": "Third", "words": "Words of it"}
    assert as_(cast.hin).post("/improvement/lessons/new", data=sent).status_code == 302
    assert "Third" in browser.get(f"/improvement/programmes/{diagram.programme_id}").text
    assert "Words of it" in browser.get("/improvement/lessons.csv").text
    assert browser.get("/improvement/lessons/new").status_code == 403
