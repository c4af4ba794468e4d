"""The pages of matches: reasons in plain words, and nothing of what the reader may not see."""

import random
import re
import subprocess
import sys

import pytest
from sqlalchemy import delete, not_, select

from portal.challenges.models import Challenge, ChallengeState, Readers
from portal.challenges.queries import visible_to as challenge_visible_to
from portal.innovations.models import Innovation, RecordStatus, Sharing, Use
from portal.innovations.queries import visible_to as innovation_visible_to
from portal.jobs import Job, JobState
from portal.matching import services
from portal.matching.models import MatchRun
from portal.matching.rules import STRENGTHS, marked, strength
from tests import makers
from tests.matching.world import innovation, matched


def shown(browser, url):
    """The list on a page as its reader sees it, without the rest of the page."""
    page = browser.get(url).text
    found = re.search(r"<main.*?</main>", page, flags=re.DOTALL)
    text = found.group() if found else ""
    return re.sub(r'name="(csrf_token|opened)" value="[^"]*"', "", text)


def test_a_match_says_why_how_strong_proven_until_when_and_where_in_use(cast, as_, session):
    row = innovation(cast)
    since = row.is_proven_until.replace(year=2024)
    ended = {"until_on": since.replace(year=2025)}
    for place, values in (
        ("Coventry care homes", {}),
        ("Dudley wards", {"is_trial": True}),
        ("Leeds hospices", ended),
    ):
        at = makers.organisation(place)
        makers.put(Use(innovation_id=row.id, organisation=at, from_on=since, **values))
    makers.evidence("Two winters in six homes", of=row)
    challenge = makers.challenge(of=cast.ics)
    matched(session)
    page = as_(cast.ics).get(f"/challenges/{challenge.id}/matches").text
    assert "<mark>residents</mark>" in page
    assert "<mark>care homes</mark>" in page
    assert re.search(r"Both speak of [Rr]esidents|Both speak of care homes", page)
    assert "nobody" not in re.sub(r"<dd>Nobody|nobody knows why", "", page)
    assert STRENGTHS[0].words in page
    assert f"Proven until {row.is_proven_until.day} " in page
    assert "<dt>In use at</dt><dd>Coventry care homes</dd>" in page
    assert "<dt>On trial at</dt><dd>Dudley wards</dd>" in page
    assert "Leeds hospices" not in page
    assert "<dt>Evidence</dt><dd>Two winters in six homes</dd>" in page
    assert "The same area as the challenge: Health Innovation West Midlands" in page
    assert "1 proven innovation shares words or facts with this challenge" in page
    assert f"1 has much in common. {STRENGTHS[0].evidence}" in page
    assert "Matched just now" in page
    assert "If none of these fits" in page


def test_before_the_first_matching_the_page_says_what_is_going_on(cast, as_, session):
    challenge = makers.challenge(of=cast.ics)
    browser = as_(cast.ics)
    url = f"/challenges/{challenge.id}/matches"
    assert "waiting to be matched" in browser.get(url).text
    job = session.scalars(select(Job).where(Job.kind == "matching.challenge")).one()
    job.state = JobState.RUNNING
    session.commit()
    assert "being matched now" in browser.get(url).text
    job.state = JobState.FAILED
    session.commit()
    assert "Matching failed" in browser.get(url).text


def test_newer_matches_on_their_way_are_announced_beside_the_old(cast, as_, session):
    innovation(cast)
    challenge = makers.challenge(of=cast.ics)
    matched(session)
    services.ask_for_matches(challenge_id=challenge.id)
    page = as_(cast.ics).get(f"/challenges/{challenge.id}/matches").text
    assert "Newer matches are on their way" in page
    assert "SteadyHome" in page


def test_no_match_says_what_to_do(cast, as_, session):
    challenge = makers.challenge(of=cast.ics)
    matched(session)
    page = as_(cast.ics).get(f"/challenges/{challenge.id}/matches").text
    assert "No proven innovation matches yet" in page
    assert "Ask your HIN to look among what is not shared yet" in page


def test_a_draft_and_a_closed_challenge_say_so(cast, as_, session):
    innovation(cast)
    draft = makers.challenge(of=cast.ics, state=ChallengeState.DRAFT)
    matched(session)
    closed = makers.challenge(of=cast.ics, state=ChallengeState.CLOSED)
    session.add(MatchRun(challenge_id=closed.id, engine_version="1"))
    browser = as_(cast.ics)
    assert "1 proven solution looks close" in browser.get(f"/challenges/{draft.id}/matches").text
    assert "not matched any more" in browser.get(f"/challenges/{closed.id}/matches").text


def test_a_record_hidden_or_lapsed_since_is_gone_before_any_job_ran(cast, as_, session):
    row = innovation(cast)
    challenge = makers.challenge(of=cast.ics)
    matched(session)
    browser = as_(cast.ics)
    url = f"/challenges/{challenge.id}/matches"
    assert "SteadyHome" in browser.get(url).text
    row.sharing = Sharing.HINS
    session.commit()
    assert "SteadyHome" not in browser.get(url).text
    assert "SteadyHome" in as_(cast.hin).get(url).text
    row.is_proven_until = row.is_proven_until.replace(year=2020)
    session.commit()
    assert "SteadyHome" not in as_(cast.hin).get(url).text


def test_fifty_matches_come_in_pages_of_twenty_and_few_statements(cast, as_, session, statements):
    for number in range(55):
        innovation(cast, f"Innovation {number:02}")
    challenge = makers.challenge(of=cast.ics)
    matched(session)
    browser = as_(cast.ics)
    url = f"/challenges/{challenge.id}/matches"
    with statements.at_most(11):
        assert shown(browser, url).count('<li class="app-result"') == 20
    assert shown(browser, f"{url}?page=3").count('<li class="app-result"') == 10


def test_an_innovator_sees_the_challenges_that_a_record_may_fit(cast, as_, session):
    row = innovation(cast, proven=False, sharing=Sharing.HINS)
    makers.challenge("Falls for industry", of=cast.ics, readers=Readers.PUBLIC)
    makers.challenge("Falls of residents in care homes", of=cast.ics)
    makers.challenge("Falls answered", of=cast.ics, readers=Readers.PUBLIC, state="closed")
    matched(session)
    url = f"/innovations/{row.id}/challenges"
    page = as_(cast.innovator).get(url).text
    assert "Falls for industry" in page
    assert "Falls of residents in care homes" not in page
    assert "Falls answered" not in page
    assert "This one is not proven yet" in page
    assert "Falls of residents in care homes" in as_(cast.hin).get(url).text


def test_the_tab_of_fitting_challenges_takes_few_statements(cast, as_, session, statements):
    row = innovation(cast)
    for number in range(25):
        makers.challenge(f"Falls {number}", of=cast.ics, readers=Readers.REGISTERED)
    matched(session)
    browser = as_(cast.innovator)
    browser.get(f"/innovations/{row.id}/challenges")
    with statements.at_most(9):
        assert (
            shown(browser, f"/innovations/{row.id}/challenges").count('<li class="app-result"')
            == 20
        )


def test_the_tab_without_a_challenge_says_what_helps(cast, as_, session):
    row = innovation(cast)
    matched(session)
    page = as_(cast.innovator).get(f"/innovations/{row.id}/challenges").text
    assert "No open challenge fits yet" in page


PIECES = [
    "falls of residents",
    "care homes",
    "heart failure",
    "wards at night",
    "sensor",
    "digital notes",
    "early signs",
    "remote monitoring",
    "training for staff",
]


def random_world(cast, seed):
    """Innovations and challenges of every kind of visibility, their words drawn by lot."""
    draw = random.Random(seed)  # noqa: S311 - a repeatable lot, no secret

    def words():
        return ", ".join(draw.choices(PIECES, k=4))

    for number in range(14):
        innovation(
            cast,
            f"Product {number}",
            proven=draw.random() < 0.8,
            of=draw.choice([cast.innovator, cast.other_innovator]),
            sharing=draw.choice(list(Sharing)),
            status=draw.choice(
                [
                    RecordStatus.SUBMITTED,
                    RecordStatus.SUBMITTED,
                    RecordStatus.DRAFT,
                    RecordStatus.ARCHIVED,
                ]
            ),
            summary=words(),
        )
    for number in range(7):
        makers.challenge(
            f"Need {number}: {words()}",
            of=draw.choice([cast.ics, cast.hin]),
            problem=words(),
            readers=draw.choice(list(Readers)),
            state=draw.choice([ChallengeState.OPEN, ChallengeState.OPEN, ChallengeState.DRAFT]),
        )


@pytest.mark.parametrize("person", ["other_ics", "innovator"])
@pytest.mark.parametrize("seed", range(4))
def test_a_page_is_what_it_would_be_if_hidden_records_did_not_exist(
    cast, as_, session, person, seed
):
    actor = getattr(cast, person).actor
    random_world(cast, seed)
    browser = as_(getattr(cast, person))
    services.ask_for_refresh()
    matched(session)
    urls = urls_of(session, actor)
    before = {url: shown(browser, url) for url in urls}
    assert any(before.values())
    session.execute(delete(Innovation).where(not_(innovation_visible_to(actor))))
    session.execute(delete(Challenge).where(not_(challenge_visible_to(actor))))
    services.ask_for_refresh()
    matched(session)
    assert {url: shown(browser, url) for url in urls} == before


COMPARED = [f"/innovations/compare?ids={first},{first + 1},{first + 2}" for first in (1, 4, 7)]


def urls_of(session, actor):
    if actor.is_ics:
        seen = session.scalars(select(Challenge.id).where(challenge_visible_to(actor)))
        pages = ("matches", "matches?also=promising", "similar")
        return [f"/challenges/{row_id}/{page}" for row_id in seen for page in pages] + COMPARED
    own = Innovation.organisation_id == actor.organisation_id
    return [
        f"/innovations/{row_id}/challenges"
        for row_id in session.scalars(select(Innovation.id).where(own))
    ]


def test_the_web_process_never_loads_scikit_learn():
    asked = "import wsgi, sys; print({'sklearn'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_whole_words_are_marked_in_any_case():
    assert marked("Care homes, not homesick: HOMES", ["homes", "care homes"]) == [
        ("Care homes", True),
        (", not homesick: ", False),
        ("HOMES", True),
    ]
    assert marked("a+b (c)", []) == [("a+b (c)", False)]
    assert marked("a+b (c)", ["a+b"])[0] == ("a+b", True)


def test_strength_is_in_words():
    assert [strength(likeness).words for likeness in (0.5, 0.3, 0.2, 0.0)] == [
        STRENGTHS[0].words,
        STRENGTHS[0].words,
        STRENGTHS[1].words,
        STRENGTHS[2].words,
    ]
