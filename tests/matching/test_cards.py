"""What stands open on the page of matches, what is folded, and what a card says."""

import re
from datetime import date

import pytest
from sqlalchemy import insert

from portal.innovations.models import Sharing, Use
from portal.matching.engine import ENGINE_VERSION, Reasons, Shared
from portal.matching.models import Feedback, MatchRun, Readership, Suggestion, Verdict
from portal.matching.rules import STRENGTHS
from portal.matching.serialise import explained
from tests import makers

MUCH, SOME, LITTLE = (one.least + 0.01 for one in STRENGTHS)


@pytest.fixture
def challenge(cast):
    """An open challenge that was matched."""
    row = makers.challenge(of=cast.ics)
    makers.put(MatchRun(challenge_id=row.id, engine_version=ENGINE_VERSION))
    return row


def suggest(session, cast, challenge, name, likeness, *, proven=True):
    """Store one suggestion for both readerships, as the job would."""
    row = makers.innovation(name, of=cast.innovator, sharing=Sharing.PUBLIC)
    lists = (Readership.ICS, Readership.STAFF)
    if proven:
        makers.proven(row)
    else:
        lists = (Readership.PROMISING_ICS, Readership.PROMISING_STAFF)
    reasons = Reasons(shared=[Shared(["falls"], ["falls"], 1.0)], likeness=likeness).as_json()
    session.execute(
        insert(Suggestion),
        [
            {
                "challenge_id": challenge.id,
                "innovation_id": row.id,
                "readership": whom,
                "rank": 1,
                "score": likeness,
                "reasons": reasons,
                "engine_version": ENGINE_VERSION,
            }
            for whom in lists
        ],
    )
    return row


def cards(page):
    return re.findall(r'nhsuk-u-margin-bottom-1"><a href="/innovations/\d+">([^<]+)', page)


def folded(page):
    part = re.search(r"<details.*?</details>", page, flags=re.DOTALL)
    return re.findall(r'/innovations/\d+">([^<]+)', part.group()) if part else []


def test_unlikely_ones_are_one_line_each_until_asked_for(cast, as_, session, challenge):
    for name, likeness in (("Best", MUCH), ("Fair", SOME), ("Odd", LITTLE), ("Odder", LITTLE)):
        suggest(session, cast, challenge, name, likeness)
    browser, url = as_(cast.ics), f"/challenges/{challenge.id}/matches"
    page = browser.get(url).text
    assert cards(page) == ["Best", "Fair"]
    assert folded(page) == ["Odd", "Odder"]
    assert "2 unlikely matches have a little in common" in page
    whole = browser.get(f"{url}?all=yes").text
    assert cards(whole) == ["Best", "Fair", "Odd", "Odder"]
    assert folded(whole) == []
    assert re.search(r"/shortlist\?all=yes", whole)


def test_an_unlikely_one_that_was_judged_stays_open(cast, as_, session, challenge):
    odd = suggest(session, cast, challenge, "Odd", LITTLE)
    makers.put(
        Feedback(
            challenge_id=challenge.id,
            innovation_id=odd.id,
            organisation_id=cast.ics.organisation.id,
            verdict=Verdict.SHORTLISTED,
            rank=1,
        )
    )
    page = as_(cast.ics).get(f"/challenges/{challenge.id}/matches").text
    assert (cards(page), folded(page)) == (["Odd"], [])
    other = as_(cast.other_ics).get(f"/challenges/{challenge.id}/matches").text
    assert (cards(other), folded(other)) == ([], ["Odd"])


def test_strong_promising_ones_are_announced_above(cast, as_, session, challenge):
    suggest(session, cast, challenge, "Odd", LITTLE)
    suggest(session, cast, challenge, "Young", MUCH, proven=False)
    suggest(session, cast, challenge, "Younger", LITTLE, proven=False)
    page = as_(cast.ics).get(f"/challenges/{challenge.id}/matches").text
    assert "1 not yet proven has much in common" in page
    assert "Young<" not in page
    assert page.index("not yet proven has") < page.index("a little in common</span>")
    assert "Young<" in as_(cast.ics).get(f"/challenges/{challenge.id}/matches?also=promising").text


def test_nothing_proven_still_announces_what_is_promising(cast, as_, session, challenge):
    suggest(session, cast, challenge, "Young", MUCH, proven=False)
    page = as_(cast.ics).get(f"/challenges/{challenge.id}/matches").text
    assert "No proven innovation matches yet" in page
    assert "1 not yet proven has much in common" in page


@pytest.mark.parametrize(
    ("place", "said"),
    [("own", "You use this already."), ("near", "Used in your system already: A ward.")],
)
def test_a_card_says_first_that_the_reader_uses_it(cast, as_, session, challenge, place, said):
    row = suggest(session, cast, challenge, "Best", MUCH)
    ics = cast.ics.organisation.ics
    at = cast.ics.organisation if place == "own" else makers.organisation("A ward", ics=ics)
    makers.put(Use(innovation_id=row.id, organisation=at, from_on=date(2025, 1, 1)))
    session.commit()
    assert said in as_(cast.ics).get(f"/challenges/{challenge.id}/matches").text
    assert "already" not in as_(cast.other_ics).get(f"/challenges/{challenge.id}/matches").text


def reasons(*shared, **values):
    return Reasons(shared=list(shared), **values).as_json()


def test_a_card_says_why_in_one_sentence():
    both = reasons(
        Shared(["A&E"], ["emergency department"], 0.5),
        Shared(["waits"], ["waiting"], 0.3),
        Shared(["someone"], ["someone"], 0.02),
        facets={"care_setting": ["Hospital"], "condition": ["Falls"]},
    )
    assert str(explained(both).sentence) == (
        "Both speak of A&amp;E (they say: emergency department) and waits,"
        " and both are marked Hospital and Falls."
    )
    assert explained(reasons(Shared(["falls"], ["falls"], 1.0))).sentence == "Both speak of falls."
    marked = explained(reasons(facets={"area": ["Frailty"]}))
    assert marked.sentence == "Both are marked Frailty."


def test_what_only_goes_together_is_never_told_as_the_same():
    found = explained(
        reasons(
            Shared(["Sickness"], ["mistakes"], 0.9, is_related=True),
            Shared(["rota"], ["rotas"], 0.1),
        )
    )
    assert found.words == ["rota"]
    assert "mistakes" not in str(found.sentence)
    alone = explained(reasons(Shared(["Sickness"], ["mistakes"], 1.0, is_related=True)))
    assert "mistakes" not in str(alone.sentence)
    assert alone.sentence.endswith("often goes with what the challenge is about.")


def test_a_word_inside_a_phrase_is_told_once():
    found = explained(
        reasons(
            Shared(["heart failure"], ["heart failure"], 0.6), Shared(["heart"], ["heart"], 0.4)
        )
    )
    assert found.words == ["heart failure"]
