"""Following topics, areas and kinds: each is told once of what is new, as they chose."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.clock import clock_at, now
from portal.exchange.models import ContentFollowing, ContentItem, ContentKind
from portal.exchange.queries.content import topics
from portal.exchange.services.following import follow
from portal.exchange.tasks import tell_followers
from portal.notifications.models import Email, Kind, Notification, Rhythm
from portal.notifications.queries import Way
from portal.notifications.services import choose
from portal.notifications.tasks import post_waiting
from portal.reference.queries import icss
from tests.cast import Cast, Person
from tests.exchange.makers import published
from tests.pages import PageClient

Browser = Callable[[Person], PageClient]
TUESDAY = datetime(2027, 6, 1, 9, tzinfo=UTC)


def nothing(*_: object, **__: object) -> None:
    """Take the progress of a job."""


def told(session: Session, person: Person) -> list[str]:
    mine = select(Notification.subject).where(
        Notification.user_id == person.user.id, Notification.kind == Kind.EXCHANGE
    )
    return list(session.scalars(mine.order_by(Notification.id)))


def test_who_follows_two_lists_is_told_once_of_an_item_in_both(
    cast: Cast, session: Session
) -> None:
    topic = topics()[0]
    for asked in ("kind=news", urlencode({"topic": topic.code}), "kind=award"):
        follow(asked=asked, by=cast.ics.actor)
    follow(asked="kind=award", by=cast.innovator.actor)
    published(by=cast.hin, second=cast.national, title="On falls", term_ids=[topic.id])
    for _ in range(2):
        tell_followers(nothing)
    assert told(session, cast.ics) == ["News: On falls"]
    assert told(session, cast.innovator) == []


def test_what_was_there_before_and_what_one_published_is_no_news(
    cast: Cast, session: Session
) -> None:
    published(by=cast.hin, second=cast.national, title="Before")
    for person in (cast.ics, cast.national, cast.hin):
        follow(asked="", by=person.actor)
    published(by=cast.hin, second=cast.national, title="After")
    tell_followers(nothing)
    assert told(session, cast.ics) == ["News: After"]
    assert told(session, cast.national) == told(session, cast.hin) == []


def test_an_item_of_a_day_to_come_is_told_when_everybody_reads_it(
    cast: Cast, session: Session
) -> None:
    follow(asked="", by=cast.ics.actor)
    item = published(by=cast.hin, second=cast.national, title="Tomorrow")
    session.execute(update(ContentItem).values(published_at=now() + timedelta(days=1)))
    session.commit()
    tell_followers(nothing)
    assert told(session, cast.ics) == []
    session.execute(update(ContentItem).values(published_at=now()))
    session.commit()
    tell_followers(nothing)
    assert told(session, cast.ics) == [f"News: {item.title}"]


def test_several_in_a_week_are_one_email_that_one_post_ends(
    cast: Cast, app: Flask, session: Session, client: FlaskClient
) -> None:
    """Without a choice they wait for Monday; who wants them daily gets one email a day."""
    follow(asked="", by=cast.ics.actor)
    choose(user_id=cast.ics.user.id, ways={Kind.EXCHANGE: Way(Rhythm.DAILY, is_shown=True)})
    for number in range(3):
        published(by=cast.hin, second=cast.national, title=f"Item {number}")
    session.commit()
    tell_followers(nothing)
    session.execute(delete(Email))
    session.commit()
    with clock_at(TUESDAY):  # on a Monday it would be part of that day's summary
        post_waiting(nothing)
    mine = select(Email).where(Email.user_id == cast.ics.user.id, Email.kind == Kind.DAY)
    email = session.scalars(mine).one()
    assert "Item 0" in email.body
    assert "Item 2" in email.body


def test_a_list_that_names_what_is_gone_asks_for_nothing_more(cast: Cast, session: Session) -> None:
    follow(asked="topic=not-there-any-more", by=cast.ics.actor)
    published(by=cast.hin, second=cast.national, title="Any")
    tell_followers(nothing)
    assert told(session, cast.ics) == []


KINDS = ("news", "award")


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    follows=st.lists(st.tuples(st.sampled_from(["ics", "innovator"]), st.sampled_from(KINDS))),
    items=st.lists(st.sampled_from(KINDS), max_size=4),
    runs=st.integers(min_value=1, max_value=3),
)
def test_each_item_reaches_each_follower_exactly_once(
    cast: Cast,
    session: Session,
    follows: list[tuple[str, str]],
    items: list[str],
    runs: int,
) -> None:
    for table in (Notification, ContentFollowing):
        session.execute(delete(table))
    session.execute(update(ContentItem).values(told_at=now()))
    for who, kind in follows:
        follow(asked=f"kind={kind}", by=getattr(cast, who).actor)
    for number, kind in enumerate(items):
        published(ContentKind(kind), by=cast.hin, second=cast.national, title=f"{number}")
    session.commit()
    for _ in range(runs):
        tell_followers(nothing)
    for who in ("ics", "innovator"):
        wanted = {kind for one, kind in follows if one == who}
        expected = [f"{number}" for number, kind in enumerate(items) if kind in wanted]
        assert [one.split(": ")[1] for one in told(session, getattr(cast, who))] == expected


def test_a_stranger_gets_feeds_at_addresses_that_stay(cast: Cast, client: FlaskClient) -> None:
    topic, area = topics()[0], icss()[0]
    more: dict[str, Any] = {"term_ids": [topic.id], "ics_id": area.id}
    published(by=cast.hin, second=cast.national, title="In all three", **more)
    published(ContentKind.AWARD, by=cast.hin, second=cast.national, title="In none")
    page = client.get("/exchange/follow")
    assert "Set-Cookie" not in page.headers
    for by, code in (("kind", "news"), ("topic", topic.code), ("ics", area.code)):
        path = f"/exchange/feeds/{by}/{code}.atom"
        assert path in page.text
        answer = client.get(path)
        assert "Set-Cookie" not in answer.headers
        feed = ElementTree.fromstring(answer.data)  # noqa: S314  # our own pages
        titles = feed.iter("{http://www.w3.org/2005/Atom}title")
        assert [one.text for one in titles][1:] == ["In all three"]


def test_following_and_stopping_by_the_pages(cast: Cast, as_: Browser, session: Session) -> None:
    browser = as_(cast.innovator)
    page = browser.get("/exchange/follow?kind=news")
    assert "Tell me of what is new" in page.text
    page = browser.post("/exchange/follow/add?kind=news", follow_redirects=True)
    assert "You are told of what is new: News." in page.text
    row = session.scalars(select(ContentFollowing)).one()
    assert row.user_id == cast.innovator.user.id
    as_(cast.ics).post("/exchange/follow/stop", data={"following": row.id})
    assert session.scalars(select(ContentFollowing)).all()
    page = browser.post("/exchange/follow/stop", data={"following": row.id}, follow_redirects=True)
    assert "You are told of it no more." in page.text
    assert session.scalars(select(ContentFollowing)).all() == []
