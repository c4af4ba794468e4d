"""Somebody finds nothing, says what they wanted, and it is answered or becomes a challenge."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from portal.accounts.models import ANONYMOUS
from portal.challenges.models import Challenge, ChallengeState
from portal.notifications.models import Notification
from portal.search.models import GapState, SearchGap
from portal.search.policy import can_handle
from portal.search.queries import gaps
from tests import makers
from tests.cast import Cast, Person
from tests.pages import PageClient
from tests.search.conftest import Look
from tests.statements import Statements

As = Callable[[Person], PageClient]
ASKED = "q=talking+teacups&care_setting=CARE_HOME&proven=yes"


@pytest.fixture
def lost(cast: Cast, session: Session, as_: As, up_to_date: Callable[[], None]) -> SearchGap:
    """What somebody of an ICS said they did not find."""
    up_to_date()
    form = {"note": "Cups that remind people with dementia to drink."}
    assert as_(cast.ics).post(f"/search/gap?{ASKED}", data=form).status_code == 302
    return session.scalars(select(SearchGap)).one()


def told(session: Session, person: Person) -> list[str]:
    """The subjects in somebody's inbox."""
    mine = select(Notification.subject).where(Notification.user_id == person.user.id)
    return list(session.scalars(mine))


def test_a_search_that_finds_nothing_asks_what_was_wanted(
    lost: SearchGap, look: Look, session: Session
) -> None:
    page = look("talking teacups")
    assert "Nothing found" in page
    assert 'href="/search/gap?q=talking+teacups"' in page


def test_it_keeps_the_search_the_note_and_who_asked(
    lost: SearchGap, cast: Cast, session: Session
) -> None:
    assert (lost.words, lost.asked) == (
        "talking teacups",
        "q=talking+teacups&proven=yes&care_setting=CARE_HOME",
    )
    assert lost.filters == "Proven: Proven today; Care setting: Care homes or other care settings"
    assert lost.note == "Cups that remind people with dementia to drink."
    assert (lost.user, lost.organisation) == (cast.ics.user, cast.ics.organisation)
    assert lost.hin_id == cast.hin.actor.hin_id
    assert told(session, cast.hin) == ["Searched for in your region and not found: talking teacups"]
    assert told(session, cast.other_hin) == []


def test_of_a_stranger_nothing_but_the_search_is_kept(
    client: PageClient, cast: Cast, session: Session, up_to_date: Callable[[], None]
) -> None:
    up_to_date()
    response = client.post("/search/gap?q=teacups", data={"note": "Talking cups"})
    assert response.status_code == 302
    (gap,) = session.scalars(select(SearchGap)).all()
    held = {column.key: getattr(gap, column.key) for column in inspect(gap).mapper.column_attrs}
    assert {name for name, value in held.items() if value} == {
        *("id", "at", "words", "asked", "note", "state", "version")
    }


def test_the_note_is_needed_and_what_was_typed_stays(client: PageClient, session: Session) -> None:
    page = client.post("/search/gap?q=teacups", data={"note": " "}).get_data(as_text=True)
    assert "Enter what you were looking for" in page
    assert session.scalars(select(SearchGap)).all() == []


def test_the_list_shows_the_regions_own_and_those_of_no_region(
    lost: SearchGap, cast: Cast, session: Session, as_: As
) -> None:
    makers.put(SearchGap(words="nobody knows where", filters="", asked="", note="Anything"))
    seen = {
        kind: as_(getattr(cast, kind)).get("/search/gaps").get_data(as_text=True)
        for kind in ("hin", "other_hin", "national")
    }
    assert {kind for kind, page in seen.items() if "talking teacups" in page} == {"hin", "national"}
    assert all("nobody knows where" in page for page in seen.values())


def test_sql_and_policy_say_the_same_of_gaps(lost: SearchGap, cast: Cast, session: Session) -> None:
    makers.put(SearchGap(words="", filters="", asked="", note="Anything"))
    every = session.scalars(select(SearchGap)).all()
    for actor in cast.every_actor():
        if not actor.is_staff:
            assert not any(can_handle(actor, gap) for gap in every)
            continue
        seen = set(session.scalars(select(SearchGap.id).where(gaps.visible_to(actor))))
        assert seen == {gap.id for gap in every if can_handle(actor, gap)}, actor


def test_an_answer_reaches_who_asked(
    lost: SearchGap, cast: Cast, session: Session, as_: As
) -> None:
    browser = as_(cast.hin)
    form = {"answer": "Ask the falls team of Dudley.", "version": lost.version}
    assert browser.post(f"/search/gaps/{lost.id}/answer", data=form).status_code == 302
    session.expire_all()
    assert (lost.state, lost.answer) == (GapState.ANSWERED, "Ask the falls team of Dudley.")
    assert lost.handled_by == cast.hin.user
    assert told(session, cast.ics) == ["An answer to what you looked for: talking teacups"]
    assert "Ask the falls team" in browser.get(f"/search/gaps/{lost.id}").get_data(as_text=True)
    assert "talking teacups" in browser.get("/search/gaps?state=answered").get_data(as_text=True)


def test_it_becomes_a_challenge_and_the_two_are_linked(
    lost: SearchGap, cast: Cast, session: Session, as_: As
) -> None:
    browser = as_(cast.hin)
    form = {"turn-title": "People with dementia forget to drink", "turn-version": lost.version}
    response = browser.post(f"/search/gaps/{lost.id}/challenge", data=form)
    (challenge,) = session.scalars(select(Challenge)).all()
    assert response.headers["Location"] == f"/challenges/{challenge.id}/edit"
    assert challenge.state is ChallengeState.DRAFT
    assert challenge.organisation_id == cast.hin.organisation.id
    assert challenge.problem == "Cups that remind people with dementia to drink."
    assert [term.code for term in challenge.terms] == ["CARE_HOME"]
    session.expire_all()
    assert (lost.state, lost.challenge) == (GapState.CHALLENGE, challenge)
    of_gap = browser.get(f"/search/gaps/{lost.id}").get_data(as_text=True)
    assert f'href="/challenges/{challenge.id}">People with dementia forget to drink' in of_gap
    others = as_(cast.national).get(f"/search/gaps/{lost.id}").get_data(as_text=True)
    assert "A challenge is being written from it" in others
    assert "People with dementia forget" not in others, "a draft is its organisation's own"
    of_challenge = browser.get(f"/challenges/{challenge.id}").get_data(as_text=True)
    assert f'href="/search/gaps/{lost.id}"' in of_challenge
    assert told(session, cast.ics) == ["What you looked for becomes a challenge: talking teacups"]


def test_two_who_deal_with_it_at_once_do_not_overwrite_each_other(
    lost: SearchGap, cast: Cast, session: Session, as_: As
) -> None:
    seen = lost.version
    first = {"answer": "First", "version": seen}
    as_(cast.hin).post(f"/search/gaps/{lost.id}/answer", data=first)
    second = as_(cast.national).post(
        f"/search/gaps/{lost.id}/answer", data={"answer": "Second", "version": seen}
    )
    assert second.status_code == 409
    assert "Somebody else changed this after you opened the page" in second.get_data(as_text=True)
    session.expire_all()
    assert lost.answer == "First"


def test_readers_of_a_challenge_do_not_learn_of_the_gap(
    lost: SearchGap, cast: Cast, session: Session, as_: As, app: Flask
) -> None:
    lost.challenge = makers.challenge(of=cast.ics)
    for person, sees in ((cast.ics, False), (cast.other_hin, False), (cast.hin, True)):
        page = as_(person).get(f"/challenges/{lost.challenge.id}").get_data(as_text=True)
        assert ("Written from" in page) == sees
    assert gaps.of_challenge(ANONYMOUS, lost.challenge.id) is None


def test_the_list_runs_few_statements(
    lost: SearchGap, cast: Cast, as_: As, statements: Statements
) -> None:
    for number in range(5):
        makers.put(
            SearchGap(words=f"w{number}", filters="", asked="", note="n", user=cast.hin.user)
        )
    browser = as_(cast.hin)
    with statements.at_most(8):
        assert b"w4" in browser.get("/search/gaps").data


def test_an_ics_may_hand_every_question_to_its_hin(
    cast: Cast, as_: As, up_to_date: Callable[[], None]
) -> None:
    up_to_date()
    ask = "/matching/ask-hin?q=talking+teacups"
    assert ask in as_(cast.ics).get("/search?q=talking+teacups").text
    for person in (cast.innovator, cast.hin, cast.national):
        assert "/matching/ask-hin" not in as_(person).get("/search?q=talking+teacups").text
