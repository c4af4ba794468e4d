"""Promising innovations apart, similar challenges, joining, comparing, the preview of a draft."""

from sqlalchemy import select

from portal.challenges.models import ChallengeState, ChallengeSupporter, Readers
from portal.innovations.models import Sharing
from portal.matching.models import SimilarChallenge
from portal.reference.models import Vocabulary
from tests import makers
from tests.matching.world import innovation, matched


def test_what_is_promising_is_on_a_list_of_its_own(cast, as_, session):
    innovation(cast, "SteadyHome")
    innovation(cast, "FallSense", proven=False)
    challenge = makers.challenge(of=cast.ics)
    matched(session)
    browser = as_(cast.ics)
    plain = browser.get(f"/challenges/{challenge.id}/matches").text
    assert "FallSense" not in plain
    assert "Also show promising, not yet proven" in plain
    page = browser.get(f"/challenges/{challenge.id}/matches?also=promising").text
    proven, promising = page.split('id="promising"')
    assert "SteadyHome" in proven
    assert "FallSense" not in proven
    assert "FallSense" in promising
    assert "Not yet proven" in promising
    assert "Proven until" not in promising


def test_what_was_proven_since_is_not_called_promising(cast, as_, session):
    row = innovation(cast, "FallSense", proven=False)
    challenge = makers.challenge(of=cast.ics)
    matched(session)
    makers.proven(row)
    session.commit()
    page = as_(cast.ics).get(f"/challenges/{challenge.id}/matches?also=promising").text
    assert "FallSense" not in page


def test_both_lists_take_few_statements(cast, as_, session, statements):
    for number in range(30):
        innovation(cast, f"Innovation {number:02}", proven=number % 2 == 0)
    challenge = makers.challenge(of=cast.ics)
    matched(session)
    browser = as_(cast.ics)
    url = f"/challenges/{challenge.id}/matches?also=promising"
    browser.get(url)
    with statements.at_most(11):
        browser.get(url)


def test_challenges_that_ask_for_the_same_are_shown_to_each_other_and_drafts_to_nobody(
    cast, as_, session
):
    mine = makers.challenge("Falls of residents in care homes", of=cast.ics)
    theirs = makers.challenge("Care home residents fall at night", of=cast.other_ics)
    makers.challenge("Falls in care homes, a draft", of=cast.other_ics, state=ChallengeState.DRAFT)
    matched(session)
    page = as_(cast.ics).get(f"/challenges/{mine.id}/similar").text
    assert "Care home residents fall at night" in page
    assert "a draft" not in page
    assert "We have this too" in page
    assert "Falls of residents" in as_(cast.other_ics).get(f"/challenges/{theirs.id}/similar").text


def test_a_draft_changes_no_likeness_that_others_read(cast, session):
    makers.challenge("Falls of residents in care homes", of=cast.ics)
    makers.challenge("Care home residents fall at night", of=cast.other_ics)
    matched(session)
    before = _likenesses(session)
    assert before
    makers.challenge("Residents fall: night", of=cast.other_ics, state=ChallengeState.DRAFT)
    from portal.matching.services import ask_for_refresh

    ask_for_refresh()
    matched(session)
    after = _likenesses(session)
    assert {pair: after[pair] for pair in before} == before
    drafts = {pair for pair in after if pair not in before}
    assert all(second in {pair[0] for pair in before} for _, second in drafts)


def _likenesses(session):
    rows = session.scalars(select(SimilarChallenge))
    return {(row.challenge_id, row.other_id): row.score for row in rows}


def test_another_ics_joins_and_both_see_it(cast, as_, session):
    challenge = makers.challenge(of=cast.ics, readers=Readers.PUBLIC)
    session.commit()
    browser = as_(cast.other_ics)
    url = f"/challenges/{challenge.id}"
    assert "We have this too" in browser.get(url).text
    assert "We have this too" not in as_(cast.ics).get(url).text
    browser.post(f"{url}/join")
    browser.post(f"{url}/join")
    assert len(session.scalars(select(ChallengeSupporter)).all()) == 1
    name = cast.other_ics.organisation.name
    for person in (cast.ics, cast.other_ics, cast.hin):
        assert f"{name} has this too" in as_(person).get(url).text
    public = as_(cast.innovator).get(url).text
    assert "1 more integrated care system has this too" in public
    browser.post(f"{url}/leave")
    assert session.scalars(select(ChallengeSupporter)).all() == []


def test_up_to_four_stand_side_by_side_and_hidden_ones_do_not_exist(cast, as_, session):
    rows = [innovation(cast, f"Product {number}") for number in range(5)]
    hidden = innovation(cast, "Hidden", sharing=Sharing.HINS)
    session.commit()
    ids = [hidden.id, *(row.id for row in rows)]
    url = "/innovations/compare?ids=" + ",".join(map(str, ids))
    page = as_(cast.ics).get(url).text
    assert "Hidden" not in page
    assert [f"Product {n}" in page for n in range(5)] == [True] * 4 + [False]
    assert "Four stand side by side at most" in page
    assert "Not given" in page
    assert "Not said" not in page, "what is missing is called the same as on the record"
    file = as_(cast.ics).get(url.replace("compare?", "compare.csv?")).text
    assert file.splitlines()[0].endswith("About,Product 0,Product 1,Product 2,Product 3")
    assert "Hidden" not in file
    assert "Hidden" in as_(cast.hin).get(url).text
    assert as_(cast.ics).get(f"/innovations/compare?ids={hidden.id}").status_code == 404
    assert as_(cast.ics).get("/innovations/compare?ids=x,²,99999999999").status_code == 404


def test_a_draft_says_how_many_look_close_and_what_most_people_add(cast, as_, session):
    innovation(cast, "SteadyHome")
    hidden = innovation(cast, "FallSense", sharing=Sharing.HINS)
    homes = makers.term(Vocabulary.CARE_SETTING, "CARE_HOME")
    makers.challenge("Waits", of=cast.other_ics, terms=[homes])
    draft = makers.challenge(of=cast.ics, state=ChallengeState.DRAFT)
    matched(session)
    page = as_(cast.ics).get(f"/challenges/{draft.id}/matches").text
    assert "1 proven solution looks close" in page
    assert "Most people add the care setting: 1 of 1 open challenges do." in page
    assert hidden.name not in page
    assert as_(cast.other_ics).get(f"/challenges/{draft.id}/matches").status_code == 404
