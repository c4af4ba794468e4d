"""What is new is matched as it comes, and no page says "none" before anybody has looked."""

from sqlalchemy import select

from portal.challenges import services as challenges
from portal.challenges.models import Challenge
from portal.challenges.services import Content
from portal.innovations.models import Innovation
from portal.jobs import Job, JobState
from tests import makers
from tests.matching.world import innovation, matched

FALLS = Content(title="Falls in care homes", problem="Residents fall in care homes at night.")


def waiting(session):
    """The jobs of matching that wait, by kind and what they are about."""
    queued = (Job.state == JobState.QUEUED) & Job.kind.startswith("matching.")
    return [
        (job.kind, *job.arguments.values()) for job in session.scalars(select(Job).where(queued))
    ]


def test_a_draft_written_on_the_page_is_matched(cast, as_, session):
    innovation(cast)
    matched(session)
    as_(cast.ics).post(
        "/challenges/new", data={"title": FALLS.title, "problem": FALLS.problem, "readers": "nhs"}
    )
    [row] = session.scalars(select(Challenge))
    assert waiting(session) == [("matching.challenge", row.id)]
    matched(session)
    assert "SteadyHome" in as_(cast.ics).get(f"/challenges/{row.id}/matches").text


def test_a_new_row_is_matched_whatever_its_columns_got_by_default(cast, session):
    draft = makers.put(Challenge(title="Falls", organisation=cast.ics.organisation))
    session.commit()
    assert waiting(session) == [("matching.challenge", draft.id)]


def test_a_new_submitted_record_is_matched(cast, session):
    row = makers.innovation("SteadyHome", of=cast.innovator)
    session.commit()
    assert waiting(session) == [("matching.innovation", row.id)]
    session.execute(Job.__table__.delete())
    makers.put(
        Innovation(name="A draft", organisation=cast.innovator.organisation, hin=makers.hin())
    )
    session.commit()
    assert waiting(session) == []


def test_no_page_of_a_challenge_says_none_before_it_was_matched(cast, as_, session):
    row = challenges.draft(content=FALLS, by=cast.ics.actor)
    session.commit()
    browser = as_(cast.ics)
    for page, none in (("matches", "No proven innovation"), ("similar", "No similar challenge")):
        url = f"/challenges/{row.id}/{page}"
        before = browser.get(url).text
        assert "waiting to be matched" in before, page
        assert none not in before, page
    assert browser.get(f"/challenges/{row.id}/matches/ready").json == {"ready": False}
    matched(session)
    assert browser.get(f"/challenges/{row.id}/matches/ready").json == {"ready": True}
    assert "No proven innovation" in browser.get(f"/challenges/{row.id}/matches").text
    assert "No similar challenge" in browser.get(f"/challenges/{row.id}/similar").text


def test_the_tab_of_a_record_says_none_only_when_it_was_compared(cast, as_, session):
    matched(session)
    row = innovation(cast)
    session.commit()
    browser, url = as_(cast.innovator), f"/innovations/{row.id}/challenges"
    assert "is being compared with the open challenges" in browser.get(url).text
    assert "No open challenge fits yet" not in browser.get(url).text
    matched(session)
    assert "No open challenge fits yet" in browser.get(url).text


def test_a_home_page_calls_no_challenge_unmet_before_it_was_matched(cast, as_, session):
    makers.challenge("Falls that nobody matched", of=cast.ics)
    session.commit()
    assert "Falls that nobody matched" not in as_(cast.hin).get("/home").text
    matched(session)
    assert "Falls that nobody matched" in as_(cast.hin).get("/home").text


def test_opening_a_challenge_leads_to_its_matches(cast, as_, session):
    innovation(cast)
    values = {
        "of": cast.ics,
        "state": "draft",
        "outcome_wanted": "Fewer",
        "contact_name": "A",
        "contact_email": "a@example.org",
        "who_affected": "Residents",
    }
    row = makers.challenge(**values)
    matched(session)
    url = f"/challenges/{row.id}/open"
    answer = as_(cast.ics).post(url, data={"version": row.version})
    assert answer.location == f"/challenges/{row.id}/matches"
    assert "SteadyHome" in as_(cast.ics).get(answer.location).text
