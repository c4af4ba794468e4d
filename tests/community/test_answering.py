"""Those who asked look at an idea, answer it by its day, and make something of it."""

import pytest
from sqlalchemy import select

from portal.challenges.models import Challenge, ChallengeState, Readers
from portal.clock import clock_at, now, today
from portal.community import tasks
from portal.community.models import Idea, IdeaState
from portal.community.queries.listing import to_remind
from portal.community.services import answering
from portal.community.services.answering import Answer
from portal.db import db
from portal.errors import Conflict, Forbidden, Invalid, Outdated
from portal.innovations.models import Innovation, RecordStatus
from portal.programmes.models import Proposal
from tests import makers as rows
from tests.community import makers
from tests.community.conftest import inbox, text_of


def test_who_looks_at_it_is_named_to_its_authors_and_finds_it_on_home(
    session, cast, as_, nurse, campaign
):
    idea = makers.idea(campaign, nurse)
    colleague = makers.colleague_of(cast.ics)
    browser = as_(cast.ics)
    browser.post(f"/ideas/{idea.id}/look", data={"version": idea.version})
    page = text_of(as_(nurse).get(f"/ideas/{idea.id}"))
    assert "Isla Ward of" in page
    assert "looks at it and answers by" in page
    assert f"Somebody looks at your idea: {idea.title}" in inbox(session, nurse.user)
    assert f"Answer the idea “{idea.title}”" in text_of(browser.get("/home"))
    assert "Answer the idea" not in text_of(as_(colleague).get("/home"))
    assert as_(cast.hin).post(f"/ideas/{idea.id}/look").status_code == 403


def test_an_answer_says_why_and_reaches_authors_and_followers(session, cast, as_, nurse, campaign):
    idea = makers.idea(campaign, nurse)
    as_(cast.other_ics).post(f"/ideas/{idea.id}/follow")
    browser = as_(cast.ics)
    path = f"/ideas/{idea.id}/answer"
    version = {"version": idea.version}
    empty = text_of(browser.post(path, data=version))
    assert "Select what becomes of it" in empty
    assert "Enter what you tell the authors" in empty
    where = {**version, "state": "exists", "words": "Look there."}
    assert "Enter the record or the address where it is" in text_of(browser.post(path, data=where))
    unknown = browser.post(path, data={**where, "exists_innovation": "99999"})
    assert "Enter the number of a record that you can open" in text_of(unknown)
    record = rows.innovation("DoseReady", of=cast.innovator, sharing="public")
    session.commit()
    sent = browser.post(path, data={**where, "exists_innovation": str(record.id)})
    assert sent.status_code == 302
    session.expire_all()
    assert idea.state is IdeaState.EXISTS
    for person in (nurse, cast.other_ics):
        assert f"Exists already: {idea.title}" in inbox(session, person.user)
    page = text_of(as_(cast.other_ics).get(f"/ideas/{idea.id}"))
    assert "Look there." in page
    assert "DoseReady" in page
    assert as_(cast.ics).get(path).status_code == 403


def test_not_now_needs_words(session, cast, nurse, campaign):
    idea = makers.idea(campaign, nurse)
    said = Answer(state=IdeaState.NOT_NOW, words=" ")
    with pytest.raises(Invalid):
        answering.answer(idea=idea, answer=said, version=idea.version, by=cast.ics.actor)
    with pytest.raises(Forbidden):
        makers.answered(idea, cast.other_ics, IdeaState.TAKEN_UP)
    with pytest.raises(Outdated):
        answering.answer(idea=idea, answer=said, version=99, by=cast.ics.actor)


def test_an_idea_becomes_a_challenge_with_its_authors_named(session, cast, as_, client, nurse):
    campaign = makers.campaign(cast.ics)
    idea = makers.answered(makers.idea(campaign, nurse), cast.ics, IdeaState.TAKEN_UP)
    browser = as_(cast.ics)
    assert "Make it a challenge" in text_of(browser.get(f"/ideas/{idea.id}"))
    assert "Make it a challenge" not in text_of(as_(cast.hin).get(f"/ideas/{idea.id}"))
    made = browser.post(f"/ideas/{idea.id}/become-challenge", data={"version": idea.version})
    challenge = session.scalars(select(Challenge)).one()
    assert made.location == f"/challenges/{challenge.id}/edit"
    assert challenge.title == idea.title
    assert challenge.problem == makers.PROBLEM
    assert challenge.organisation_id == cast.ics.organisation.id
    assert f"Something came of an idea: {idea.title}" in inbox(session, nurse.user)
    challenge.state, challenge.readers = ChallengeState.OPEN, Readers.PUBLIC
    challenge.opened_at = now()
    session.commit()
    for person in (cast.ics, cast.other_ics, cast.hin, nurse):
        page = text_of(as_(person).get(f"/challenges/{challenge.id}"))
        assert "From an idea of Nell Shaw, Trust of Nell Shaw" in page
        assert f"/ideas/{idea.id}" in page
    for other in (client, as_(cast.innovator)):
        page = text_of(other.get(f"/challenges/{challenge.id}"))
        assert "From an idea of staff of Trust of Nell Shaw" in page
        assert "From an idea of Nell Shaw" not in page
        assert f"/ideas/{idea.id}" not in page
    again = browser.post(f"/ideas/{idea.id}/become-challenge", data={"version": idea.version})
    assert again.status_code in {302, 409}
    with pytest.raises(Conflict):
        answering.become_challenge(idea=idea, version=idea.version, by=cast.ics.actor)


def test_an_idea_becomes_a_record_that_the_network_keeps(session, cast, as_, nurse, campaign):
    idea = makers.answered(makers.idea(campaign, nurse), cast.ics, IdeaState.TAKEN_UP)
    with pytest.raises(Forbidden):
        answering.become_record(idea=idea, version=idea.version, by=cast.other_hin.actor)
    browser = as_(cast.hin)
    made = browser.post(f"/ideas/{idea.id}/become-record", data={"version": idea.version})
    record = session.scalars(select(Innovation)).one()
    assert made.location == f"/innovations/{record.id}/edit"
    assert browser.get(made.location).status_code == 200
    assert record.organisation_id == nurse.organisation.id
    record.status, record.hin_id = RecordStatus.SUBMITTED, cast.hin.actor.hin_id
    session.commit()
    page = text_of(browser.get(f"/innovations/{record.id}"))
    assert "From an idea of Nell Shaw" in page


def test_an_idea_becomes_a_proposal_of_a_next_programme(session, cast, as_, nurse, campaign):
    idea = makers.answered(makers.idea(campaign, nurse), cast.ics, IdeaState.TAKEN_UP)
    with pytest.raises(Forbidden):
        answering.become_proposal(idea=idea, version=idea.version, by=cast.ics.actor)
    browser = as_(cast.national)
    made = browser.post(f"/ideas/{idea.id}/become-proposal", data={"version": idea.version})
    proposal = session.scalars(select(Proposal)).one()
    assert made.location == f"/programmes/proposals/{proposal.id}"
    page = text_of(browser.get(made.location))
    assert "From an idea of Nell Shaw" in page
    assert makers.WORDS in page


def test_what_was_made_and_deleted_may_be_made_again(session, cast, nurse, campaign):
    idea = makers.answered(makers.idea(campaign, nurse), cast.ics, IdeaState.TAKEN_UP)
    made = answering.become_challenge(idea=idea, version=idea.version, by=cast.ics.actor)
    session.delete(made)
    session.flush()
    session.expire_all()
    again = answering.become_challenge(idea=idea, version=idea.version, by=cast.ics.actor)
    assert idea.challenge_id == again.id


def test_those_who_owe_an_answer_are_reminded_once_when_its_day_has_passed(
    session, cast, nurse, campaign
):
    idea = makers.idea(campaign, nurse)
    done = makers.answered(makers.idea(campaign, nurse, words="Done"), cast.ics, IdeaState.NOT_NOW)
    session.commit()
    assert idea.due_on is not None
    assert to_remind(idea.due_on) == []
    late = now() + (idea.due_on - today()) * 2
    with clock_at(late):
        for _ in range(2):
            tasks.remind_all(lambda *_: None)
    session.expire_all()
    told = [line for line in inbox(session, cast.ics.user) if line.startswith("Overdue")]
    assert told == [f"Overdue: answer the idea {idea.title}"]
    assert db.session.get_one(Idea, done.id).reminded_at is None


def test_an_overdue_idea_says_so_where_it_stands(session, cast, as_, nurse, campaign):
    idea = makers.idea(campaign, nurse)
    idea.due_on = today().replace(year=2025)
    browser = as_(cast.ics)
    for path in (f"/ideas/{idea.id}", "/ideas?queue=ours", "/home"):
        assert "overdue" in text_of(browser.get(path)).casefold()
