"""What people do on the support pages of a record."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clock import today
from portal.innovations.models import Innovation, Section
from portal.support import queries
from portal.support.models import Engagement, EngagementState
from portal.support.services import engagements, outcomes
from tests import makers
from tests.cast import Cast


def _state(session: Session, engagement: Engagement) -> EngagementState:
    session.expire_all()
    return session.scalars(select(Engagement.state).where(Engagement.id == engagement.id)).one()


def _day(prefix: str, days: int) -> dict[str, str]:
    day = today() + timedelta(days=days)
    return {f"{prefix}-{part}": str(getattr(day, part)) for part in ("day", "month", "year")}


def test_picking_up_from_the_tab(as_, session: Session, engagement: Engagement, cast: Cast) -> None:
    browser = as_(cast.hin)
    tab = f"/innovations/{engagement.innovation_id}/support"
    assert "Pick up" in browser.get(tab).text
    page = browser.post(
        f"{tab}/pick-up", data={"version": engagement.version}, follow_redirects=True
    )
    assert "You picked it up" in page.text
    assert _state(session, engagement) is EngagementState.ASSESSING


def test_an_outcome_leads_to_its_own_page(as_, picked_up: Engagement, cast: Cast) -> None:
    browser = as_(cast.hin)
    tab = f"/innovations/{picked_up.innovation_id}/support"
    nothing = browser.post(f"{tab}/decide", data={})
    assert "Select an outcome" in nothing.text
    page = browser.post(f"{tab}/decide", data={"outcome": "waiting"})
    assert page.headers["Location"] == f"{tab}/wait"
    closed = browser.post(f"{tab}/decide", data={"outcome": "closed"})
    assert "Select an option from the list" in closed.text, "nothing to close yet"


def test_engaging_on_its_page(as_, session: Session, picked_up: Engagement, cast: Cast) -> None:
    browser = as_(cast.hin)
    tab = f"/innovations/{picked_up.innovation_id}/support"
    assert "Level 3: In-depth support" in browser.get(f"{tab}/engage").text
    answers = {
        "version": picked_up.version,
        "level": "3",
        "lead": cast.hin.user.id,
        "message": "Welcome!",
    }
    page = browser.post(f"{tab}/engage", data=answers, follow_redirects=True)
    assert "You are engaging" in page.text
    assert "Welcome!" in page.text
    assert _state(session, picked_up) is EngagementState.ENGAGING


OUTCOMES = {
    "wait": ({"waiting_for": "A trial", **_day("until", 30)}, "It waits"),
    "changes": ({"need": "Who for?"}, "You asked for changes"),
    "unsuitable": ({"reason": "Not for us", "elsewhere": "There"}, "marked unsuitable"),
}


@pytest.mark.parametrize("page", OUTCOMES)
def test_the_other_outcomes_on_their_pages(
    as_, picked_up: Engagement, cast: Cast, page: str
) -> None:
    browser = as_(cast.hin)
    answers, said = OUTCOMES[page]
    url = f"/innovations/{picked_up.innovation_id}/support/{page}"
    assert browser.get(url).status_code == 200
    empty = browser.post(url, data={"version": picked_up.version})
    assert "There is a problem" in empty.text
    done = browser.post(url, data={"version": picked_up.version, **answers}, follow_redirects=True)
    assert said in done.text


@pytest.mark.parametrize(
    ("page", "answers", "said"),
    [
        (
            "close",
            {"reason": "done", "summary": "All done", "next_step": "Ask your ICS"},
            "The support is closed",
        ),
        ("level", {"level": "4", "why": "A partnership"}, "The level is changed"),
        ("lead", {}, "The lead person is changed"),
    ],
)
def test_what_follows_while_engaging(
    as_, engaging: Engagement, cast: Cast, page: str, answers: dict[str, str], said: str
) -> None:
    browser = as_(cast.hin)
    url = f"/innovations/{engaging.innovation_id}/support/{page}"
    assert browser.get(url).status_code == 200
    data = {"version": engaging.version, "lead": cast.hin.user.id, **answers}
    assert said in browser.post(url, data=data, follow_redirects=True).text


def test_the_second_of_two_keeps_the_text_and_reads_who_decided_what(
    as_, session: Session, picked_up: Engagement, cast: Cast
) -> None:
    browser = as_(cast.hin)
    seen = picked_up.version
    outcomes.wait(
        engagement=picked_up,
        version=seen,
        waiting_for="funding",
        until=today() + timedelta(days=9),
        by=cast.hin.actor,
    )
    session.commit()
    answers = {"version": seen, "reason": "My long text", "elsewhere": "There"}
    url = f"/innovations/{picked_up.innovation_id}/support/unsuitable"
    page = browser.post(url, data=answers)
    assert page.status_code == 409
    assert "Hana West set it to “Waiting” on" in page.text
    assert "My long text" in page.text
    assert _state(session, picked_up) is EngagementState.WAITING


def test_who_has_read_what_was_decided_may_still_decide(
    as_, session: Session, picked_up: Engagement, cast: Cast
) -> None:
    browser = as_(cast.hin)
    url = f"/innovations/{picked_up.innovation_id}/support/unsuitable"
    answers = {"reason": "No", "elsewhere": "There"}
    stale = browser.post(url, data={"version": picked_up.version - 1, **answers})
    assert f'name="version" value="{picked_up.version}"' in stale.text
    browser.post(url, data={"version": picked_up.version, **answers})
    assert _state(session, picked_up) is EngagementState.UNSUITABLE


def test_a_link_to_an_outcome_that_cannot_follow_says_why(
    as_, engaging: Engagement, cast: Cast
) -> None:
    page = as_(cast.hin).get(f"/innovations/{engaging.innovation_id}/support/unsuitable")
    assert page.status_code == 409
    assert "Hana West set it to" in page.text


@pytest.mark.parametrize(
    "page", ["decide", "engage", "wait", "changes", "unsuitable", "close", "level", "lead"]
)
@pytest.mark.parametrize("person", ["innovator", "ics", "other_hin", "national"])
def test_nobody_else_opens_the_pages_of_a_decision(
    as_, session: Session, engaging: Engagement, cast: Cast, page: str, person: str
) -> None:
    browser = as_(getattr(cast, person))
    url = f"/innovations/{engaging.innovation_id}/support/{page}"
    expected = 404 if person == "ics" else 403
    assert browser.get(url).status_code == expected
    answers = {"version": engaging.version, "reason": "x", "level": "4", "why": "x"}
    assert browser.post(url, data=answers).status_code == expected
    assert _state(session, engaging) is EngagementState.ENGAGING


def test_another_hin_is_told_who_is_there_before_it_joins(
    as_, session: Session, engaging: Engagement, cast: Cast
) -> None:
    browser = as_(cast.other_hin)
    url = f"/innovations/{engaging.innovation_id}/support/join"
    page = browser.get(url).text
    assert "Health Innovation West Midlands" in page
    assert "Lead person: Hana West" in page
    known = {"known": str(engaging.hin_id)}
    assert "Select that you have seen" in browser.post(url, data=known).text
    done = browser.post(url, data={**known, "is_understood": "y"}, follow_redirects=True)
    assert "You joined" in done.text
    assert len(queries.engagements(engaging.innovation_id)) == 2


def test_a_hin_that_began_meanwhile_is_shown_and_asked_about_again(
    as_, engaging: Engagement, cast: Cast
) -> None:
    browser = as_(cast.other_hin)
    url = f"/innovations/{engaging.innovation_id}/support/join"
    page = browser.post(url, data={"known": "", "is_understood": "y"})
    assert page.status_code == 409
    assert "West Midlands began working with it" in page.text
    assert f'name="known" value="{engaging.hin_id}"' in page.text


def test_the_innovator_reads_the_outcomes_and_not_what_is_for_staff(
    as_, engaging: Engagement, cast: Cast
) -> None:
    engagements.change_level(
        engagement=engaging,
        version=engaging.version,
        level=3,
        why="Their evidence is thin.",
        by=cast.hin.actor,
    )
    url = f"/innovations/{engaging.innovation_id}/support"
    theirs = as_(cast.innovator).get(url).text
    assert "We would like to help with your evidence." in theirs
    assert "Support level 3" in theirs
    assert "Their evidence is thin." not in theirs
    assert "Record an outcome" not in theirs
    assert "Their evidence is thin." in as_(cast.hin).get(url).text


def test_another_hin_reads_the_engagement_and_is_offered_to_join_not_to_decide(
    as_, engaging: Engagement, cast: Cast
) -> None:
    page = as_(cast.other_hin).get(f"/innovations/{engaging.innovation_id}/support").text
    assert "Hana West" in page
    assert "Join the support" in page
    assert "Record an outcome" not in page


def test_an_ics_that_may_see_the_record_does_not_see_who_supports_it(as_, cast: Cast) -> None:
    record = makers.innovation(of=cast.innovator, sharing="public")
    assert as_(cast.ics).get(f"/innovations/{record.id}/support").status_code == 403
    page = as_(cast.ics).get(f"/innovations/{record.id}/progress").text
    assert "Progress" in page
    assert "Who supports it" not in page
    assert "What was decided" not in page
    assert as_(cast.ics).get(f"/innovations/{record.id}/proven").status_code == 403


def test_what_is_asked_to_change_is_waiting_in_the_section(
    as_, record: Innovation, picked_up: Engagement, cast: Cast
) -> None:
    as_(cast.hin).post(
        f"/innovations/{record.id}/support/changes",
        data={"version": picked_up.version, "costs": "Per patient or per site?"},
    )
    copies = {copy.section: copy.change_wanted for copy in record.copies}
    assert copies[Section.COSTS] == "Per patient or per site?"
