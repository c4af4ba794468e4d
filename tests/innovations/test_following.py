"""Following a record for its status, sections and files, and keeping days of it for oneself."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import MembershipState
from portal.clock import clock_at, now, today
from portal.errors import Invalid, NotFound
from portal.innovations.models import (
    Followed,
    Innovation,
    RecordFollowing,
    RecordReminder,
    Section,
    Sharing,
)
from portal.innovations.queries.following import reminder_for
from portal.innovations.queries.merging import merge_for
from portal.innovations.sections.answers import version_of_all
from portal.innovations.services.following import follow, remind
from portal.innovations.services.merging import merge_records
from portal.innovations.services.parting import undo
from portal.innovations.services.submission import submit
from portal.innovations.tasks import tell_followers
from portal.notifications.models import Notification
from tests import makers
from tests.cast import Cast, Person
from tests.innovations.test_submitting import draft
from tests.pages import PageClient

ALL = frozenset(Followed)
Browser = Callable[[Person], PageClient]


@pytest.fixture
def record(cast: Cast) -> Innovation:
    """A submitted record that ICSs see."""
    shared = Sharing.HINS_AND_ICSS
    return makers.innovation("Breathe Easy", of=cast.innovator, sharing=shared)


def run() -> None:
    tell_followers(lambda *_, **__: None)


def told(session: Session, person: Person) -> list[str]:
    mine = select(Notification.body).where(
        Notification.user_id == person.user.id, Notification.subject == "New in Breathe Easy"
    )
    return list(session.scalars(mine.order_by(Notification.id)))


def change(record: Innovation, by: Person, section: Section, **answers: object) -> None:
    draft(record, section, by, **answers)
    submit(innovation=record, by=by.actor, version=version_of_all(record))


def test_a_follower_is_told_once_of_each_kind_of_news(
    cast: Cast, session: Session, record: Innovation
) -> None:
    follow(innovation=record, wanted=ALL, by=cast.ics.actor)
    run()
    assert told(session, cast.ics) == []
    change(record, cast.innovator, Section.NEED, need="Nobody coaches at home.")
    makers.evidence_file("costs.csv", of=record, evidence=makers.evidence(of=record))
    makers.proven(record)
    session.commit()
    for _ in range(2):
        run()
    (words,) = told(session, cast.ics)
    assert "Answers changed: " in words
    assert "New file: costs.csv" in words
    assert "Proven: until" in words


def test_only_what_was_chosen_is_told_and_never_ones_own(
    cast: Cast, session: Session, record: Innovation
) -> None:
    follow(innovation=record, wanted={Followed.STATUS}, by=cast.ics.actor)
    follow(innovation=record, wanted=ALL, by=cast.innovator.actor)
    change(record, cast.innovator, Section.NEED, need="Nobody coaches at home.")
    session.commit()
    run()
    assert told(session, cast.ics) == told(session, cast.innovator) == []


def test_what_is_in_confidence_is_no_news_to_who_may_not_read_it(
    cast: Cast, session: Session, record: Innovation
) -> None:
    for person in (cast.ics, cast.colleague):
        follow(innovation=record, wanted=ALL, by=person.actor)
    record.price_note = "PLANTED in confidence"
    session.commit()
    run()
    assert told(session, cast.ics) == []
    (words,) = told(session, cast.colleague)
    assert "PLANTED" not in words
    rows = session.scalars(select(RecordFollowing)).all()
    assert all("PLANTED" not in str(row.seen) for row in rows)


def test_who_may_not_see_it_any_more_is_told_nothing(
    cast: Cast, session: Session, record: Innovation
) -> None:
    for person in (cast.ics, cast.hin):
        follow(innovation=record, wanted=ALL, by=person.actor)
    remind(innovation=record, on=today() + timedelta(days=1), words="Ask again", by=cast.ics.actor)
    record.sharing = Sharing.HINS
    cast.hin.membership.state = MembershipState.ENDED
    makers.proven(record)
    session.commit()
    with clock_at(now() + timedelta(days=2)):
        run()
    assert told(session, cast.ics) == told(session, cast.hin) == []
    mine = select(Notification).where(Notification.user_id == cast.ics.user.id)
    (message,) = session.scalars(mine).all()
    assert "Ask again" in message.body
    assert "Breathe Easy" not in message.subject + message.body


def test_a_day_is_told_once_and_to_nobody_else(
    cast: Cast, session: Session, record: Innovation
) -> None:
    day = today() + timedelta(days=3)
    row = remind(innovation=record, on=day, words="Their trial ends", by=cast.hin.actor)
    with pytest.raises(Invalid):
        remind(innovation=record, on=today(), words="Late", by=cast.hin.actor)
    with pytest.raises(NotFound):
        reminder_for(cast.national.actor, record, row.id)
    session.commit()
    run()
    mine = select(Notification).where(Notification.subject.startswith("Your reminder"))
    assert session.scalars(mine).all() == []
    with clock_at(now() + timedelta(days=3)):
        for _ in range(2):
            run()
    (message,) = session.scalars(mine).all()
    assert message.user_id == cast.hin.user.id
    assert "Their trial ends" in message.subject


def test_by_the_pages(cast: Cast, as_: Browser, session: Session, record: Innovation) -> None:
    path = f"/innovations/{record.id}/follow"
    browser = as_(cast.ics)
    assert path in browser.get(f"/innovations/{record.id}").text
    page = browser.post(path, data={"wanted": ["status", "files"]}, follow_redirects=True)
    assert "You are told of what is new." in page.text
    row = session.scalars(select(RecordFollowing)).one()
    assert row.wanted == {Followed.STATUS, Followed.FILES}
    day = today() + timedelta(days=30)
    typed = {"on-day": day.day, "on-month": day.month, "on-year": day.year, "words": "Ask them"}
    page = browser.post(f"{path}/remind", data=typed, follow_redirects=True)
    assert "Ask them" in page.text
    assert "Ask them" not in as_(cast.other_ics).get(path).text
    kept = session.scalars(select(RecordReminder)).one()
    assert as_(cast.other_ics).post(f"{path}/{kept.id}/remove").status_code == 410
    assert session.scalars(select(RecordReminder)).all()
    browser.post(f"{path}/{kept.id}/remove")
    assert session.scalars(select(RecordReminder)).all() == []
    browser.post(path, data={})
    assert session.scalars(select(RecordFollowing)).all() == []


def test_records_that_became_one_are_one_line_to_who_followed_either(
    cast: Cast, session: Session, record: Innovation
) -> None:
    shared = Sharing.HINS_AND_ICSS
    other = makers.innovation("Second Breath", of=cast.innovator, sharing=shared)
    makers.evidence_file("costs.csv", of=other, evidence=makers.evidence(of=other))
    follow(innovation=record, wanted=ALL, by=cast.ics.actor)
    follow(innovation=other, wanted=ALL, by=cast.other_ics.actor)
    merge = merge_records(
        one=record, another=other, why="The same", chosen=("summary",), by=cast.national.actor
    )
    session.commit()
    for _ in range(2):
        run()
    (of_kept,) = told(session, cast.ics)
    assert of_kept.count("\n- ") == 1
    assert "Another record of it became one with this one" in of_kept
    assert "Second Breath" not in of_kept
    (of_other,) = told(session, cast.other_ics)
    assert of_other.count("\n- ") == 1
    assert "“Second Breath”, which you followed, and this record are one now" in of_other
    undo(found=merge_for(cast.national.actor, merge.id), why="Two", by=cast.national.actor)
    session.commit()
    for _ in range(2):
        run()
    assert "the two are apart again" in told(session, cast.ics)[-1]
    news = select(Notification.body).where(Notification.user_id == cast.other_ics.user.id)
    bodies = session.scalars(news.order_by(Notification.id)).all()
    assert [
        one for one in bodies if "stands by itself again: it was one with “Breathe Easy”" in one
    ]
    assert len(told(session, cast.ics)) == 2


def test_what_was_kept_before_records_were_counted_is_no_news(
    cast: Cast, session: Session, record: Innovation
) -> None:
    follow(innovation=record, wanted=ALL, by=cast.ics.actor)
    row = session.scalars(select(RecordFollowing)).one()
    row.seen = {key: row.seen[key] for key in ("status", "sections", "files")}
    session.commit()
    run()
    assert told(session, cast.ics) == []
