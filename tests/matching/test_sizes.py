"""The page of a challenge with no, one and two hundred suggestions, for everybody who reads it."""

import pytest
from sqlalchemy import insert

from portal.challenges.models import ChallengeState, ChallengeSupporter
from portal.innovations.models import Innovation, Sharing, Use
from portal.introductions.models import Introduction, Timescale
from portal.matching.engine import ENGINE_VERSION, Reasons, Shared
from portal.matching.models import Feedback, MatchRun, Readership, Suggestion, Verdict
from portal.reference.models import Vocabulary
from tests import makers

READERS = ("ics", "other_ics", "hin", "other_hin", "national")
LISTS = (Readership.ICS, Readership.STAFF)
PROMISING = (Readership.PROMISING_ICS, Readership.PROMISING_STAFF)
LENGTHS = {"": 20, "?also=promising": 40, "?page=10": 20, "?page=11": 20}
"""How many cards a page shows: behind the last page, the last page."""
REASONS = Reasons(
    shared=[Shared(["falls"], ["falling"], 0.6), Shared(["care homes"], ["care homes"], 0.4)],
    facets={"care_setting": ["Care homes"]},
    likeness=0.31,
    people=5_200,
    missing_words=["nobody"],
).as_json()


@pytest.fixture
def challenge(cast):
    """An open challenge with terms, which another ICS has joined."""
    term = makers.term(Vocabulary.CARE_SETTING, "CARE_HOME")
    row = makers.challenge(of=cast.ics, terms=[term])
    makers.put(MatchRun(challenge_id=row.id, engine_version=ENGINE_VERSION))
    organisation_id = cast.other_ics.organisation.id
    makers.put(ChallengeSupporter(challenge_id=row.id, organisation_id=organisation_id))
    return row


def suggest(session, cast, challenge, number, lists=LISTS):
    """Store so many suggestions as the job would; returns the innovations."""
    proven = lists is LISTS
    found = [
        makers.innovation(
            f"{'Proven' if proven else 'Promising'} {one:03}",
            of=cast.innovator,
            sharing=Sharing.HINS_AND_ICSS,
        )
        for one in range(number)
    ]
    for one in found:
        if proven:
            makers.proven(one)
    common = {"challenge_id": challenge.id, "score": 0.4, "reasons": REASONS}
    rows = [
        {**common, "innovation_id": one.id, "readership": whom, "rank": rank, "engine_version": "2"}
        for whom in lists
        for rank, one in enumerate(found, start=1)
    ]
    if rows:
        session.execute(insert(Suggestion), rows)
    return found


def judge(cast, challenge, innovations):
    """Let both ICSs judge two of them, and ask one's people to meet."""
    for person in (cast.ics, cast.other_ics):
        for one, verdict in zip(innovations, Verdict, strict=False):
            makers.put(
                Feedback(
                    challenge_id=challenge.id,
                    innovation_id=one.id,
                    organisation_id=person.organisation.id,
                    verdict=verdict,
                    rank=1,
                )
            )
        makers.put(
            Introduction(
                innovation=innovations[0],
                organisation=person.organisation,
                ics_id=person.organisation.ics_id,
                asked_by_id=person.user.id,
                purpose="To see it",
                timescale=Timescale.MONTH,
                takes_part="Matrons",
            )
        )


def cards(page: str) -> int:
    return page.count('<li class="app-result"')


@pytest.mark.parametrize("reader", READERS)
def test_a_challenge_without_a_suggestion_says_what_to_do_next(
    cast, as_, session, challenge, statements, reader
):
    browser, url = as_(getattr(cast, reader)), f"/challenges/{challenge.id}/matches"
    browser.get(url)
    with statements.at_most(9):
        page = browser.get(url).text
    assert cards(page) == 0
    assert "No proven innovation matches yet" in page
    assert "What you can do" in page
    assert ("None of these fit" in page) is reader.endswith("ics")
    assert ("Say more in the challenge" in page) is (reader == "ics")
    assert ("Read what nothing fits" in page) is not reader.endswith("ics")
    assert "Compare" not in page


@pytest.mark.parametrize("reader", READERS)
def test_one_suggestion_has_nothing_to_be_compared_with(
    cast, as_, session, challenge, statements, reader
):
    suggest(session, cast, challenge, 1)
    session.commit()
    browser, url = as_(getattr(cast, reader)), f"/challenges/{challenge.id}/matches"
    browser.get(url)
    with statements.at_most(11):
        page = browser.get(url).text
    assert cards(page) == 1
    assert "1 proven innovation shares words or facts" in page
    assert "<dt>People a year</dt><dd>5,200 could benefit, says the record</dd>" in page
    assert "None stands out" not in page
    assert "Compare" not in page


def test_two_hundred_suggestions_come_twenty_a_page_in_eleven_statements(
    cast, as_, session, challenge, statements
):
    found = suggest(session, cast, challenge, 200)
    suggest(session, cast, challenge, 20, PROMISING)
    for one in found[:30]:
        at = cast.ics.organisation
        makers.put(Use(innovation_id=one.id, organisation=at, from_on=one.submitted_at.date()))
        makers.evidence(of=one)
    judge(cast, challenge, found)
    session.commit()
    for reader in READERS:
        browser, url = as_(getattr(cast, reader)), f"/challenges/{challenge.id}/matches"
        browser.get(url)
        for asked, length in LENGTHS.items():
            with statements.at_most(11):
                page = browser.get(url + asked).text
            assert cards(page) == length, (reader, asked)
        assert "200 proven innovations share words or facts" in page, reader
        is_concerned = reader.endswith("ics")
        assert ("On your shortlist: Proven 000." in page) is is_concerned, reader
        assert ("You asked for an introduction" in browser.get(url).text) is is_concerned, reader


def test_the_preview_of_a_draft_takes_few_statements(cast, as_, session, challenge, statements):
    suggest(session, cast, challenge, 50)
    challenge.state = ChallengeState.DRAFT
    session.commit()
    browser, url = as_(cast.ics), f"/challenges/{challenge.id}/matches?also=promising"
    browser.get(url)
    with statements.at_most(10):
        page = browser.get(url).text
    assert "50 or more proven solutions look close" in page


def test_an_innovator_is_not_shown_the_page_at_any_size(cast, as_, session, challenge):
    suggest(session, cast, challenge, 1)
    challenge.readers = "public"
    session.commit()
    assert as_(cast.innovator).get(f"/challenges/{challenge.id}/matches").status_code == 403
    assert session.query(Innovation).count() == 1


def test_a_judgement_on_the_third_page_leads_back_to_it(session, cast, challenge, as_):
    found = suggest(session, cast, challenge, 50)
    browser, there = as_(cast.ics), f"/challenges/{challenge.id}/matches"
    page = browser.get(f"{there}?also=promising&page=3").text
    assert f"{there}/{found[45].id}/shortlist?page=3&amp;also=promising" in page
    for verb, data in (("shortlist", {}), ("take-back", {}), ("reject", {"reason": "cost"})):
        url = f"{there}/{found[45].id}/{verb}?page=3&also=promising"
        answer = browser.post(url, data=data)
        assert answer.status_code == 302, verb
        assert answer.location == f"{there}?page=3&also=promising"
