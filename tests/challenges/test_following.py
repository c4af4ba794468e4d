"""Following a challenge that is no call: what changes on it reaches who may still read it."""

import pytest
from sqlalchemy import select

from portal.challenges import services as challenges
from portal.challenges.models import ChallengeFollower, Outcome, Readers
from portal.challenges.services import Content
from portal.challenges.services.following import set_following
from portal.errors import Forbidden
from portal.notifications import services as notifications
from portal.notifications.models import Kind, Notification
from tests.answers import makers
from tests.answers.conftest import text_of


@pytest.fixture
def challenge(cast, session):
    return makers.stated(cast)


def follow(challenge, *who):
    for one in who:
        set_following(challenge=challenge, is_following=True, by=one.actor)


def changed(challenge, by, **values):
    names = ("title", "problem", "who_affected", "outcome_wanted", "must_haves", "readers")
    content = Content(**{**{name: getattr(challenge, name) for name in names}, **values})
    challenges.edit(challenge=challenge, content=content, version=None, by=by.actor)


def closed(challenge, by):
    challenges.close(
        challenge=challenge, outcome=Outcome.NOTHING_FOUND, note="None.", version=None, by=by.actor
    )


def told(session, person):
    return session.scalars(
        select(Notification)
        .where(Notification.user_id == person.user.id, Notification.kind == Kind.CHANGES)
        .order_by(Notification.id)
    ).all()


def subjects(session, person):
    return [one.subject.split(":")[0] for one in told(session, person)]


def test_any_challenge_is_followed_by_a_button_listed_and_left_again(session, cast, as_, challenge):
    browser, path = as_(cast.innovator), f"/challenges/{challenge.id}"
    assert "Follow this challenge" in text_of(browser.get(path))
    browser.post(f"{path}/follow")
    browser.post(f"{path}/follow")
    assert "Stop following" in text_of(browser.get(path))
    assert "All that you follow" in text_of(browser.get(path))
    assert f'href="{path}"' in text_of(browser.get("/exchange/follow"))
    browser.post(f"{path}/unfollow")
    assert session.scalars(select(ChallengeFollower)).all() == []
    assert f'href="{path}"' not in text_of(browser.get("/exchange/follow"))


def test_stopping_from_the_list_of_what_one_follows_stays_on_the_list(
    session, cast, as_, challenge
):
    follow(challenge, cast.hin, cast.other_ics, cast.national)
    for person in (cast.hin, cast.other_ics, cast.national):
        browser, path = as_(person), f"/challenges/{challenge.id}/unfollow"
        assert f'action="{path}"' in text_of(browser.get("/exchange/follow"))
        answer = browser.post(path, data={"next": "/exchange/follow"})
        assert answer.headers["Location"] == "/exchange/follow"
        again = browser.post(path, data={"next": "//elsewhere.example"})
        assert again.headers["Location"] == f"/challenges/{challenge.id}"
    assert session.scalars(select(ChallengeFollower)).all() == []


def test_those_who_state_it_do_not_follow_it(cast, as_, challenge):
    assert "Follow this challenge" not in text_of(as_(cast.ics).get(f"/challenges/{challenge.id}"))
    with pytest.raises(Forbidden):
        follow(challenge, cast.ics)


def test_changes_closing_opening_and_a_call_reach_who_follows_and_nobody_else(
    session, cast, challenge
):
    follow(challenge, cast.innovator, cast.other_ics)
    changed(challenge, cast.ics, problem="Another problem.")
    closed(challenge, cast.ics)
    challenges.reopen(challenge=challenge, version=None, by=cast.ics.actor)
    makers.published(challenge, cast.ics)
    news = [
        "A challenge was changed",
        "A challenge was closed",
        "A challenge is open again",
        "A challenge is a call now",
    ]
    assert subjects(session, cast.innovator) == subjects(session, cast.other_ics) == news
    first, second = told(session, cast.innovator)[:2]
    assert "The problem" in first.body
    assert Outcome.NOTHING_FOUND.label.lower() in second.body.lower()
    assert subjects(session, cast.other_innovator) == []


def test_contacts_are_no_news_and_what_followers_may_not_read_any_more_is_not_told(
    session, cast, as_, challenge
):
    follow(challenge, cast.innovator, cast.other_ics)
    changed(challenge, cast.ics, contact_name="Somebody Else")
    assert subjects(session, cast.innovator) == []
    changed(challenge, cast.ics, readers=Readers.NHS)
    changed(challenge, cast.ics, problem="Only for staff.", readers=Readers.NHS)
    assert subjects(session, cast.innovator) == []
    assert subjects(session, cast.other_ics) == ["A challenge was changed"]
    assert challenge.title not in text_of(as_(cast.innovator).get("/exchange/follow"))


def test_a_muted_challenge_is_not_told_of(session, cast, challenge):
    follow(challenge, cast.innovator)
    changed(challenge, cast.ics, problem="Once.")
    first = told(session, cast.innovator)[0]
    notifications.mute(user_id=cast.innovator.user.id, notification_id=first.id)
    changed(challenge, cast.ics, problem="Twice.")
    assert len(told(session, cast.innovator)) == 1
