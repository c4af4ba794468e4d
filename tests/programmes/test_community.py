"""The community of a programme: events with who came, people trained, and a thread."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.clock import today
from portal.db import db
from portal.errors import Forbidden, Invalid, Outdated
from portal.figures.rules import Period, RowsQuery
from portal.notifications.models import Notification
from portal.programmes.models import EventKind, Programme
from portal.programmes.queries.figure_counts import count, rows_behind
from portal.programmes.rules.community import reached
from portal.programmes.rules.figures import TRAINED
from portal.programmes.services import community
from portal.reference.rules import Quarter
from tests.cast import Cast, Person
from tests.pages import PageClient
from tests.programmes import makers
from tests.statements import Statements

As = Callable[[Person], PageClient]


@pytest.fixture
def programme(session: Session, cast: Cast) -> Programme:
    """A public programme."""
    return makers.programme(by=cast.national, is_public=True)


def _trained(programme: Programme) -> dict[tuple[int | None, str], float]:
    period = Period(Quarter.of(today()), today())
    return {(one.hin_id, one.group): one.value for one in count(period) if one.code == TRAINED.code}


def test_people_who_came_to_trainings_are_trained_unless_a_number_was_reported(
    programme: Programme, cast: Cast
) -> None:
    ours, theirs = cast.hin.actor.hin_id, cast.other_hin.actor.hin_id
    makers.event(of=programme, by=cast.hin, attended=30, days_ago=0)
    makers.event("Second", of=programme, by=cast.hin, attended=12, days_ago=0)
    makers.event("A talk", of=programme, by=cast.hin, kind="webinar", attended=500, days_ago=0)
    makers.event("No list", of=programme, by=cast.hin, attended=None, days_ago=0)
    makers.event("For all", of=programme, by=cast.national, attended=5, days_ago=0)
    makers.event("Theirs", of=programme, by=cast.other_hin, attended=9, days_ago=0)
    told = _trained(programme)
    assert told[ours, programme.code] == 42
    assert told[theirs, ""] == 9
    assert told[None, programme.code] == told[None, ""] == 42 + 9 + 5
    staff = makers.measure("STAFF_TRAINED", unit="people", is_patients=False)
    makers.value(100, of=programme, by=cast.hin, measured=staff)
    told = _trained(programme)
    assert told[ours, ""] == 100, "what was reported tells of the same people"
    assert told[None, ""] == 100 + 9 + 5
    asked = RowsQuery(TRAINED, Period(Quarter.of(today()), today()), ours, "")
    rows = rows_behind(asked).rows
    assert [row[2:] for row in rows] == [["Staff trained", 100, "Reported"]]
    makers.value(2_700, of=programme, by=cast.national, measured=staff)
    assert _trained(programme)[None, ""] == 2_700, "the nation's own number counts for it"


def test_sums_say_of_how_many_events_nothing_is_known(programme: Programme, cast: Cast) -> None:
    known = makers.event(of=programme, by=cast.hin, attended=1_204)
    silent = makers.event("No list", of=programme, by=cast.hin, kind="webinar", attended=None)
    to_come = makers.event("Soon", of=programme, by=cast.hin, attended=None, days_ago=-5)
    rows = reached([known, silent, to_come], today())
    assert [(one.label, one.events, one.attended, one.unknown) for one in rows] == [
        ("Webinar", 1, 0, 1),
        ("Training", 1, 1_204, 0),
        ("All", 2, 1_204, 1),
    ]
    assert reached([to_come], today()) == []


def test_nobody_says_how_many_came_before_the_day_nor_for_another_network(
    programme: Programme, cast: Cast
) -> None:
    with pytest.raises(Invalid, match="after the event"):
        makers.event(of=programme, by=cast.hin, attended=3, days_ago=-1)
    row = makers.event(of=programme, by=cast.hin)
    change = {"programme": programme, "event": row, "kind": EventKind.TRAINING, "title": "Other"}
    with pytest.raises(Forbidden):
        community.save_event(**change, version=1, on=today(), by=cast.other_hin.actor)
    community.save_event(**change, version=1, on=today(), by=cast.national.actor)
    with pytest.raises(Outdated):
        community.save_event(**change, version=1, on=today(), by=cast.hin.actor)


def test_an_event_is_added_on_its_page_and_told_to_anybody(
    programme: Programme, cast: Cast, as_: As
) -> None:
    path = f"/programmes/{programme.id}/community"
    network, day = as_(cast.hin), today() - timedelta(days=2)
    when = {"on-day": day.day, "on-month": day.month, "on-year": day.year}
    sent = {"version": 0, "kind": "training", "title": "Ten practices", "attended": "1,204", **when}
    answer = network.post(f"{path}/events/new", data={**sent, "title": ""})
    assert "Enter the title" in answer.get_data(as_text=True)
    assert network.post(f"{path}/events/new", data=sent).status_code == 302
    anybody = as_(cast.innovator)
    counted = Statements(db.engine)
    with counted.at_most(20):
        page = anybody.get(path).get_data(as_text=True)
    counted.stop()
    assert "Ten practices" in page
    assert "1,204" in page
    assert "Add an event" not in page
    assert 'id="messages"' not in page
    file = anybody.get(f"{path}/download.csv").get_data(as_text=True)
    assert "Ten practices,Training" in file


def test_followers_are_told_that_there_is_a_message_and_never_what(
    programme: Programme, cast: Cast, as_: As
) -> None:
    path = f"/programmes/{programme.id}/community"
    for person in (cast.ics, cast.hin, cast.other_hin):
        as_(person).post(f"{path}/follow")
    as_(cast.other_hin).post(f"{path}/unfollow")
    file = (BytesIO(b"Beds"), "beds.txt")
    sent = {"body": "Only members read this", "file": file}
    assert as_(cast.hin).post(f"{path}/messages", data=sent).status_code == 302
    told = db.session.scalars(
        select(Notification).where(Notification.subject.contains("wrote to the community"))
    ).all()
    assert [one.user_id for one in told] == [cast.ics.user.id]
    assert "Only members" not in told[0].body
    page = as_(cast.ics).get(path).get_data(as_text=True)
    assert "Only members read this" in page
    assert "beds.txt" in page
    for stranger in (cast.innovator, cast.administrator):
        assert "Only members" not in as_(stranger).get(path).get_data(as_text=True)
    community.mark_read(programme=programme, message_id=10**6, by=cast.ics.actor)
    assert "Mark as read" not in as_(cast.ics).get(path).get_data(as_text=True)
    with pytest.raises(Forbidden):
        community.write(programme=programme, body="Hello", by=cast.innovator.actor)
    assert db.session.scalar(select(func.count(Notification.id))) >= 1
