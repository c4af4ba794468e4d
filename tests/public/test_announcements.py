"""Announcements: who writes them, who reads them, from when until when, and who is told once."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clock import today
from portal.errors import Forbidden, Invalid, Outdated
from portal.notifications.models import Kind, Notification
from portal.pages.models import Announcement, Audience, Place
from portal.pages.queries import shown_at, shown_to
from portal.pages.rules import MAX_DAYS, state_on
from portal.pages.services import AnnouncementDetails, announce, change, tell_due, withdraw
from tests.cast import Cast

WORDS = "On Sunday the service is away from 8 to 10."


def said(**values) -> AnnouncementDetails:
    told = {
        "title": "Closed on Sunday",
        "words": WORDS,
        "place": Place.HOME,
        "audience": Audience.EVERYONE,
        "from_on": today(),
        "until_on": today() + timedelta(days=3),
    }
    return AnnouncementDetails(**told | values)


def told_of(session: Session) -> set[int]:
    wanted = select(Notification.user_id).where(Notification.subject == "Closed on Sunday")
    return set(session.scalars(wanted))


def test_the_national_team_announces_in_the_browser(as_, cast: Cast, session: Session) -> None:
    browser = as_(cast.national)
    typed = {"title": "Closed on Sunday", "words": WORDS, "place": "both", "audience": "ics"}
    for name, day in (("from_on", today()), ("until_on", today() + timedelta(days=3))):
        typed |= {f"{name}-{part}": str(getattr(day, part)) for part in ("day", "month", "year")}
    wrong = browser.post("/announcements/add", data=typed | {"words": ""})
    assert "Enter what you announce" in wrong.text
    page = browser.post("/announcements/add", data=typed, follow_redirects=True)
    assert "It is announced from its first day on" in page.text
    assert "Closed on Sunday" in page.text
    [row] = session.scalars(select(Announcement))
    assert WORDS in as_(cast.ics).get("/home").text
    assert WORDS not in as_(cast.innovator).get("/home").text
    change_it = f"/announcements/{row.id}/change"
    later = typed | {"version": row.version, "title": "Closed on Monday"}
    assert "Closed on Monday" in browser.post(change_it, data=later, follow_redirects=True).text
    session.refresh(row)
    gone = f"/announcements/{row.id}/withdraw"
    page = browser.post(gone, data={"version": row.version}, follow_redirects=True)
    assert "Withdrawn" in page.text
    assert WORDS not in as_(cast.ics).get("/home").text
    assert browser.get(change_it).status_code == 409


def test_the_sign_in_page_shows_what_is_for_it(client, cast: Cast) -> None:
    announce(said=said(place=Place.HOME), by=cast.national.actor)
    assert WORDS not in client.get("/account/sign-in").text
    announce(said=said(place=Place.SIGN_IN), by=cast.administrator.actor)
    page = client.get("/account/sign-in").text
    assert page.count(WORDS) == 1


def test_nobody_else_announces(cast: Cast) -> None:
    for person in (cast.hin, cast.ics, cast.innovator):
        with pytest.raises(Forbidden):
            announce(said=said(), by=person.actor)


def test_it_is_shown_from_its_first_day_to_its_last(cast: Cast) -> None:
    first, last = today() + timedelta(days=2), today() + timedelta(days=4)
    row = announce(said=said(from_on=first, until_on=last), by=cast.national.actor)
    shown = {
        days: bool(shown_at((Place.HOME,), today() + timedelta(days=days))) for days in range(7)
    }
    assert shown == {0: False, 1: False, 2: True, 3: True, 4: True, 5: False, 6: False}
    assert {
        days: state_on(row, today() + timedelta(days=days)) == "Shown" for days in range(7)
    } == shown


def test_each_audience_is_its_own_people(cast: Cast) -> None:
    for audience in Audience:
        announce(said=said(audience=audience, title=audience.value), by=cast.national.actor)
    read = {
        name: {one.title for one in shown_to(getattr(cast, name).actor, today())}
        for name in ("innovator", "ics", "hin", "national", "administrator")
    }
    assert read == {
        "innovator": {"everyone", "innovators"},
        "ics": {"everyone", "ics"},
        "hin": {"everyone", "hins", "staff"},
        "national": {"everyone", "staff"},
        "administrator": {"everyone", "staff"},
    }


def test_its_audience_is_told_once_on_its_first_day(cast: Cast, session: Session) -> None:
    first = today() + timedelta(days=1)
    row = announce(
        said=said(audience=Audience.STAFF, from_on=first, is_mailed=True), by=cast.national.actor
    )
    assert tell_due(today()) == 0
    assert tell_due(first) == 1
    assert tell_due(first) == 0
    told = told_of(session)
    assert {cast.hin.user.id, cast.other_hin.user.id, cast.administrator.user.id} <= told
    assert cast.national.user.id not in told, "who wrote it knows it"
    assert cast.ics.user.id not in told
    assert session.scalars(select(Notification.kind)).first() is Kind.NEWS
    session.refresh(row)
    change(announcement=row, said=said(is_mailed=True), version=row.version, by=cast.national.actor)
    assert tell_due(first) == 0


def test_what_was_withdrawn_is_told_to_nobody(cast: Cast, session: Session) -> None:
    row = announce(said=said(is_mailed=True), by=cast.national.actor)
    withdraw(announcement=row, version=row.version, by=cast.national.actor)
    assert tell_due(today()) == 0
    assert told_of(session) == set()


def test_what_makes_no_sense_is_refused(cast: Cast) -> None:
    before = said(until_on=today() - timedelta(days=1))
    long = said(until_on=today() + timedelta(days=MAX_DAYS))
    alone = said(place=Place.SIGN_IN, is_mailed=True)
    for wrong in (before, long, alone):
        with pytest.raises(Invalid):
            announce(said=wrong, by=cast.national.actor)


def test_the_second_of_two_is_told(cast: Cast) -> None:
    row = announce(said=said(), by=cast.national.actor)
    seen = row.version
    change(announcement=row, said=said(title="Other"), version=seen, by=cast.national.actor)
    with pytest.raises(Outdated):
        withdraw(announcement=row, version=seen, by=cast.administrator.actor)
