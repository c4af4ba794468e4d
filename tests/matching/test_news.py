"""New matches: on the home page of an ICS, and in an email on Mondays. Strong ones, once."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.clock import clock_at, now
from portal.innovations.models import Sharing
from portal.jobs import enqueue, run_waiting
from portal.matching import services
from portal.matching.models import Feedback, NewMatch, Readership, Suggestion, Verdict
from portal.matching.rules import WORTH_TELLING, is_day_of_news
from portal.notifications.models import Email, Notification
from tests import makers
from tests.days import MONDAY
from tests.matching.world import innovation, matched

NEWS = "Spots falls of residents in care homes, and why residents fall there at night."


def listed(browser):
    """The names under "New matches" on the home page, in their order."""
    page = browser.get("/home").text
    part = re.search(r"New matches</h2>(.*?)</ul>", page, flags=re.DOTALL)
    return re.findall(r'/innovations/\d+">([^<]+)', part.group(1)) if part else []


def likeness(session):
    return dict(
        session.execute(
            select(Suggestion.innovation_id, Suggestion.reasons["likeness"].as_float()).where(
                Suggestion.readership == Readership.ICS
            )
        ).all()
    )


def test_home_lists_the_best_first_and_nothing_that_has_a_little_in_common(cast, as_, session):
    makers.challenge(of=cast.ics)
    weak = innovation(cast, "Weak", summary="Timetables for volunteers who drive residents.")
    some = innovation(cast, "FallSense")
    best = innovation(cast, "Best", summary=NEWS)
    matched(session)
    found = likeness(session)
    assert found[best.id] > found[some.id] >= WORTH_TELLING > found[weak.id]
    assert listed(as_(cast.ics)) == ["Best", "FallSense"]
    assert listed(as_(cast.other_ics)) == []


def test_a_pair_is_new_once_however_often_it_is_matched_again(cast, as_, session):
    makers.challenge(of=cast.ics)
    row = innovation(cast)
    matched(session)
    assert listed(as_(cast.ics)) == ["SteadyHome"]
    session.scalars(select(NewMatch)).first().first_at = now() - timedelta(days=15)
    for old in session.scalars(select(NewMatch)):
        old.first_at = now() - timedelta(days=15)
    services.ask_for_refresh()
    matched(session)
    assert listed(as_(cast.ics)) == []
    row.sharing = Sharing.HINS
    matched(session)
    row.sharing = Sharing.PUBLIC
    matched(session)
    assert listed(as_(cast.ics)) == []


def test_what_was_judged_or_lapsed_or_is_not_shared_any_more_is_no_news(cast, as_, session):
    challenge = makers.challenge(of=cast.ics)
    rows = [innovation(cast, name) for name in ("FallSense", "SteadyHome", "Judged")]
    matched(session)
    assert len(listed(as_(cast.ics))) == 3
    makers.put(
        Feedback(
            challenge_id=challenge.id,
            innovation_id=rows[2].id,
            organisation_id=cast.ics.organisation.id,
            verdict=Verdict.REJECTED,
            rank=1,
        )
    )
    rows[0].sharing = Sharing.HINS
    rows[1].is_proven_until = rows[1].is_proven_until.replace(year=2020)
    session.commit()
    assert listed(as_(cast.ics)) == []


def send(session, moment):
    """Run the job of the weekly email at a moment; returns the subjects and bodies it wrote."""
    session.query(Notification).delete()
    session.query(Email).delete()
    session.commit()
    with clock_at(moment):
        enqueue("matching.news", key="schedule:matching.news")
        session.commit()
        run_waiting()
    session.expire_all()
    found = session.scalars(select(Notification).order_by(Notification.id))
    return [(row.user_id, row.subject, row.body) for row in found if "match" in row.subject]


def test_an_email_on_monday_tells_each_pair_once(cast, session):
    makers.challenge(of=cast.ics)
    innovation(cast, "Best", summary=NEWS)
    innovation(cast, "Hidden", sharing=Sharing.HINS)
    innovation(cast, "Weak", summary="Timetables for volunteers who drive residents.")
    matched(session)
    assert send(session, MONDAY - timedelta(days=1)) == []
    [(user_id, subject, body)] = send(session, MONDAY)
    assert user_id == cast.ics.user.id
    assert subject == "New this week: 1 match for your challenges"
    assert "Best, for “Too many falls in care homes”: much in common." in body
    assert "Hidden" not in body
    assert "Weak" not in body
    assert send(session, MONDAY) == []
    assert send(session, MONDAY + timedelta(days=7)) == []


@pytest.mark.parametrize("left", ["account", "membership"])
def test_nobody_who_left_is_told(cast, session, left):
    makers.challenge(of=cast.ics)
    innovation(cast)
    matched(session)
    if left == "account":
        cast.ics.user.active = False
    else:
        cast.ics.membership.state = "ended"
    assert send(session, MONDAY) == []


def test_more_than_five_are_counted(cast, session):
    makers.challenge(of=cast.ics)
    for number in range(7):
        innovation(cast, f"Falls {number}", summary=NEWS)
    matched(session)
    [(_, subject, body)] = send(session, MONDAY)
    assert subject == "New this week: 7 matches for your challenges"
    assert body.count("much in common") == 5
    assert "And 2 more matches." in body


def test_news_is_sent_on_mondays():
    assert [is_day_of_news(MONDAY.date() + timedelta(days=day)) for day in range(7)] == [
        True,
        *[False] * 6,
    ]
