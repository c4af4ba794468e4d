"""An ICS asks; nobody else can, and the innovator hears nothing of it."""

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.challenges.models import ChallengeState, Readers
from portal.errors import Conflict, Forbidden, Invalid
from portal.innovations.models import Innovation, Sharing
from portal.introductions.models import Ending, Introduction, State
from portal.introductions.services import asking
from portal.jobs import run_waiting
from tests import makers
from tests.cast import Cast
from tests.introductions.conftest import THURSDAY, ask, at, inbox

FORM = {
    "purpose": "Falls in twelve care homes.",
    "timescale": "month",
    "takes_part": "Lead for falls",
}


def test_ics_staff_ask_from_the_page_of_an_innovation(
    as_, cast: Cast, record: Innovation, session: Session
) -> None:
    browser = as_(cast.ics)
    page = browser.get(f"/innovations/{record.id}/introductions").text
    assert f"/introductions/new?innovation={record.id}" in page
    answer = browser.post(f"/introductions/new?innovation={record.id}", data=FORM)
    assert answer.status_code == 302
    (made,) = session.scalars(select(Introduction)).all()
    assert (made.state, made.organisation_id) == (State.REQUESTED, cast.ics.organisation.id)
    assert "Falls in twelve care homes." in browser.get(answer.location).text


@pytest.mark.parametrize(
    ("missing", "error"),
    [
        ("purpose", "Enter what you would like to talk about"),
        ("timescale", "Select how soon you would like to meet"),
        ("takes_part", "Enter who will take part"),
    ],
)
def test_what_is_missing_is_asked_for_and_the_rest_is_kept(
    as_, cast: Cast, record: Innovation, session: Session, missing: str, error: str
) -> None:
    data = {name: value for name, value in FORM.items() if name != missing}
    page = as_(cast.ics).post(f"/introductions/new?innovation={record.id}", data=data).text
    assert error in page
    assert ("Lead for falls" in page) == (missing != "takes_part")
    assert session.scalar(select(func.count(Introduction.id))) == 0


@pytest.mark.parametrize("person", ["innovator", "other_innovator", "hin", "national"])
def test_nobody_but_ics_staff_can_ask(cast: Cast, record: Innovation, person: str) -> None:
    record.sharing = Sharing.PUBLIC
    with pytest.raises(Forbidden):
        ask(record, getattr(cast, person))


def test_an_ics_asks_only_for_what_it_may_see(cast: Cast, record: Innovation) -> None:
    record.sharing = Sharing.HINS
    with pytest.raises(Forbidden):
        ask(record, cast.ics)


def test_it_is_promised_within_the_working_days_of_a_broker(
    cast: Cast, record: Innovation, session: Session
) -> None:
    with at(THURSDAY, session):
        introduction = ask(record, cast.ics)
    # Five working days over Good Friday and Easter Monday.
    assert introduction.due_on == date(2026, 4, 13)


def test_the_networks_concerned_are_told_and_the_innovator_is_not(
    cast: Cast, shared: Introduction, session: Session
) -> None:
    subject = "An introduction is asked for: Breathe Easy"
    assert subject in inbox(session, cast.hin.user)
    assert subject in inbox(session, cast.other_hin.user)
    assert not any("introduc" in line for line in inbox(session, cast.innovator.user))


def test_one_ics_has_one_introduction_to_an_innovation_under_way(
    as_, cast: Cast, requested: Introduction, record: Innovation
) -> None:
    with pytest.raises(Invalid, match="under way already"):
        ask(record, cast.ics)
    page = as_(cast.ics).post(f"/introductions/new?innovation={record.id}", data=FORM).text
    assert "Your ICS has an introduction to this innovation under way already" in page


def test_it_names_a_challenge_that_is_open_and_that_the_ics_may_see(
    as_, cast: Cast, record: Innovation, session: Session
) -> None:
    challenge = makers.challenge(of=cast.ics)
    drafted = makers.challenge("Not posted", of=cast.other_ics, state=ChallengeState.DRAFT)
    browser = as_(cast.ics)
    path = f"/introductions/new?innovation={record.id}&challenge={challenge.id}"
    page = browser.get(path).text
    assert f'value="{challenge.id}" selected' in page
    assert "Not posted" not in browser.get(path.replace(str(challenge.id), str(drafted.id))).text
    browser.post(path, data={**FORM, "challenge": challenge.id})
    assert session.scalars(select(Introduction)).one().challenge_id == challenge.id


def test_an_innovator_reads_no_challenge_that_is_not_for_them(
    as_, cast: Cast, brokered: Introduction
) -> None:
    brokered.challenge = makers.challenge("Only for the NHS", of=cast.ics, readers=Readers.NHS)
    path = f"/introductions/{brokered.id}"
    assert "Only for the NHS" not in as_(cast.innovator).get(path).text
    assert "Only for the NHS" in as_(cast.ics).get(path).text
    rows = as_(cast.innovator).get("/introductions/download.csv?queue=all").text
    assert "Only for the NHS" not in rows


def test_the_ics_takes_a_request_back_and_the_network_is_told(
    as_, cast: Cast, taken: Introduction, session: Session
) -> None:
    browser = as_(cast.ics)
    page = browser.get(f"/introductions/{taken.id}/withdraw")
    assert page.status_code == 200
    data = {"version": taken.version, "why": "The money went elsewhere."}
    assert browser.post(f"/introductions/{taken.id}/withdraw", data=data).status_code == 302
    session.refresh(taken)
    assert (taken.state, taken.ending) == (State.ENDED, Ending.WITHDRAWN)
    assert any("withdrew its introduction" in line for line in inbox(session, cast.hin.user))
    assert not any("withdrew" in line for line in inbox(session, cast.innovator.user))


def test_a_request_that_moved_on_is_not_withdrawn_from_an_old_page(
    cast: Cast, requested: Introduction
) -> None:
    with pytest.raises(Conflict):
        asking.withdraw(
            introduction=requested, version=requested.version - 1, why="No.", by=cast.ics.actor
        )


def test_ics_staff_ask_from_a_search_result_and_see_there_how_it_stands(
    as_, cast: Cast, record: Innovation, session: Session
) -> None:
    session.commit()
    run_waiting()
    pages = (f"/search?q={record.name}", f"/innovations/{record.id}")
    link = f"/introductions/new?innovation={record.id}"
    for page in pages:
        assert link in as_(cast.ics).get(page).text
        for person in (cast.hin, cast.national):
            assert link not in as_(person).get(page).text
    asked = ask(record, cast.ics)
    session.commit()
    for page in pages:
        shown = as_(cast.ics).get(page).text
        assert link not in shown
        assert f'You asked for an introduction: <a href="/introductions/{asked.id}">' in shown
        assert link in as_(cast.other_ics).get(page).text
