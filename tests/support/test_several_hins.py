"""Several HINs, one innovation: nobody commits unknowingly; one proposes, the other answers."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Actor
from portal.audit.models import AuditEvent
from portal.clock import today
from portal.db import db
from portal.errors import Conflict, Forbidden, Invalid
from portal.innovations.models import Innovation
from portal.jobs import TASKS
from portal.reference.models import DeadlineKind
from portal.reference.queries import due_on
from portal.support import queries
from portal.support.models import Engagement, EngagementState, Proposal, ProposalKind, ProposalState
from portal.support.services import engagements, outcomes, proposals
from tests import makers
from tests.cast import Cast
from tests.conftest import make_app
from tests.postgres import fresh_database
from tests.support.conftest import engage, inbox
from tests.tables import fill

WORDS = "Two of your systems asked for it and we have no sites left."


@pytest.fixture
def joined(engaging: Engagement, cast: Cast) -> Engagement:
    """Manchester reads it beside West Midlands, who is engaging."""
    known = {engaging.hin_id}
    return engagements.join(innovation=engaging.innovation, known=known, by=cast.other_hin.actor)


def _propose(innovation: Innovation, cast: Cast, kind: ProposalKind) -> Proposal:
    return proposals.propose(
        innovation=innovation,
        kind=kind,
        to_hin_id=cast.other_hin.actor.hin_id,
        words=WORDS,
        by=cast.hin.actor,
    )


@pytest.fixture
def handover(engaging: Engagement, cast: Cast) -> Proposal:
    """West Midlands proposes that Manchester takes it over."""
    return _propose(engaging.innovation, cast, ProposalKind.HANDOVER)


@pytest.fixture
def joint(engaging: Engagement, cast: Cast) -> Proposal:
    """West Midlands proposes joint work to Manchester."""
    return _propose(engaging.innovation, cast, ProposalKind.JOINT)


def _accept(proposal: Proposal, cast: Cast, **words: object) -> Engagement:
    told = {"version": proposal.version, "known": (), **words}
    return proposals.accept(proposal=proposal, by=cast.other_hin.actor, **told)


# Nobody commits unknowingly


def test_a_second_hin_that_was_not_shown_the_first_is_stopped(
    joined: Engagement, cast: Cast
) -> None:
    with pytest.raises(Conflict, match="West Midlands is engaging"):
        engage(joined, cast.other_hin)


def test_a_second_hin_that_knows_may_engage(
    joined: Engagement, engaging: Engagement, cast: Cast
) -> None:
    assert engage(joined, cast.other_hin, known={engaging.hin_id}).level == 2


def test_the_page_says_who_is_engaging_and_wants_it_confirmed(
    as_, joined: Engagement, cast: Cast
) -> None:
    browser = as_(cast.other_hin)
    url = f"/innovations/{joined.innovation_id}/support/engage"
    page = browser.get(url).text
    assert "Another network is engaging with it" in page
    answers = {
        "version": joined.version,
        "level": "2",
        "lead": cast.other_hin.user.id,
        "message": "We join in",
        "known": str(cast.hin.actor.hin_id),
    }
    refused = browser.post(url, data=answers)
    assert "Select that you know that another network is engaging with it" in refused.text
    assert "We join in" in refused.text
    assert browser.post(url, data={**answers, "is_understood": "y"}).status_code == 302


def test_who_came_while_the_page_was_open_is_shown_before_it_counts(
    as_, session: Session, picked_up: Engagement, cast: Cast
) -> None:
    """Manchester opens the page, West Midlands engages, Manchester sends."""
    other = engagements.join(
        innovation=picked_up.innovation, known={picked_up.hin_id}, by=cast.other_hin.actor
    )
    session.commit()
    browser, url = as_(cast.other_hin), f"/innovations/{other.innovation_id}/support/engage"
    assert "Another network is engaging" not in browser.get(url).text
    engage(picked_up, cast.hin)
    session.commit()
    answers = {
        "version": other.version,
        "level": "3",
        "lead": cast.other_hin.user.id,
        "message": "My long message",
        "known": "",
    }
    stopped = browser.post(url, data=answers)
    assert stopped.status_code == 409
    assert "Another network is engaging with it" in stopped.text
    assert "My long message" in stopped.text
    assert f'name="known" value="{cast.hin.actor.hin_id}"' in stopped.text
    session.expire_all()
    assert other.state is EngagementState.ASSESSING


@pytest.fixture
def real(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An application over a database of its own, in which transactions are real."""
    with fresh_database(database_url, tmp_path / "real.db") as url:
        app = make_app(url, tmp_path)
        with app.app_context():
            fill()
        yield app
        with app.app_context():
            db.engine.dispose()


def test_of_two_hins_that_engage_at_once_one_is_told(real: Flask) -> None:
    """Two threads, two connections, one moment."""
    with real.app_context():
        cast = Cast()
        record = makers.innovation(of=cast.innovator)
        [first] = queries.engagements(record.id)
        engagements.pick_up(engagement=first, version=first.version, by=cast.hin.actor)
        known = {first.hin_id}
        second = engagements.join(innovation=record, known=known, by=cast.other_hin.actor)
        cases = [(first.id, cast.hin.actor), (second.id, cast.other_hin.actor)]
        db.session.commit()
    barrier = Barrier(2)

    def commit(case: tuple) -> str:
        engagement_id, by = case
        with real.app_context():
            barrier.wait(timeout=20)
            try:
                row = db.session.get_one(Engagement, engagement_id)
                outcome = engage_as(row, by)
                db.session.commit()
            except Conflict as refusal:
                db.session.rollback()
                return str(refusal)
            return outcome

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(commit, cases), key=len)
    assert said[0] == "engaged"
    assert "is engaging with this innovation" in said[1]
    with real.app_context():
        states = sorted(db.session.scalars(select(Engagement.state)))
        db.session.rollback()
    assert states == [EngagementState.ASSESSING, EngagementState.ENGAGING]


def engage_as(row: Engagement, by: Actor) -> str:
    outcomes.engage(
        engagement=row,
        version=row.version,
        level=1,
        lead_id=by.user_id,
        message="Welcome",
        by=by,
    )
    return "engaged"


# Proposals


def test_a_proposal_is_dated_promised_audited_and_told(
    session: Session, handover: Proposal, cast: Cast
) -> None:
    assert handover.due_on == due_on(DeadlineKind.REPLY, today())
    assert "proposes that you take over Breathe Easy" in inbox(session, cast.other_hin.user)[-1]
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "proposal.made")).one()
    assert event.actor_id == cast.hin.user.id
    assert WORDS not in event.summary


def test_an_accepted_handover_closes_one_and_goes_on_at_its_level(
    session: Session, engaging: Engagement, handover: Proposal, cast: Cast
) -> None:
    ours = _accept(handover, cast, answer="Gladly")
    assert engaging.state is EngagementState.CLOSED
    assert (ours.state, ours.level) == (EngagementState.ENGAGING, 2)
    assert ours.lead_id == cast.other_hin.user.id
    assert ours.due_on == due_on(DeadlineKind.UPDATE, today())
    assert (handover.state, handover.answered_by_id) == (
        ProposalState.ACCEPTED,
        cast.other_hin.user.id,
    )
    assert "supports Breathe Easy from now on" in inbox(session, cast.innovator.user)[-1]
    assert "accepted your proposal" in inbox(session, cast.hin.user)[-1]


def test_a_handover_of_what_is_not_decided_is_decided_by_the_other(
    picked_up: Engagement, cast: Cast
) -> None:
    proposal = _propose(picked_up.innovation, cast, ProposalKind.HANDOVER)
    ours = _accept(proposal, cast)
    assert (ours.state, ours.level) == (EngagementState.ASSESSING, None)
    assert ours.due_on == due_on(DeadlineKind.DECIDE, today())


def test_accepted_joint_work_begins_the_engagement_that_is_missing(
    session: Session, engaging: Engagement, joint: Proposal, cast: Cast
) -> None:
    ours = _accept(joint, cast)
    assert (ours.hin_id, ours.state) == (cast.other_hin.actor.hin_id, EngagementState.ASSESSING)
    assert engaging.state is EngagementState.ENGAGING
    assert "work together on" in inbox(session, cast.innovator.user)[-1]


def test_a_hin_without_an_engagement_asks_to_join_and_then_has_one(
    session: Session, engaging: Engagement, cast: Cast
) -> None:
    proposal = proposals.propose(
        innovation=engaging.innovation,
        kind=ProposalKind.JOINT,
        to_hin_id=engaging.hin_id,
        words=WORDS,
        by=cast.other_hin.actor,
    )
    proposals.accept(proposal=proposal, version=proposal.version, known=(), by=cast.hin.actor)
    theirs = queries.engagement_of(engaging.innovation_id, cast.other_hin.actor.hin_id)
    assert (theirs.state, theirs.lead_id) == (EngagementState.ASSESSING, cast.other_hin.user.id)


def test_no_takes_a_reason_and_changes_nothing_else(
    session: Session, engaging: Engagement, handover: Proposal, cast: Cast
) -> None:
    told = {"proposal": handover, "version": handover.version, "by": cast.other_hin.actor}
    with pytest.raises(Invalid, match="why"):
        proposals.decline(**told, why="")
    proposals.decline(**told, why="We have nobody free")
    assert handover.state is ProposalState.DECLINED
    assert engaging.state is EngagementState.ENGAGING
    assert "declined your proposal" in inbox(session, cast.hin.user)[-1]


def test_only_the_hin_that_was_asked_answers_and_who_asked_withdraws(
    handover: Proposal, cast: Cast
) -> None:
    told = {"proposal": handover, "version": handover.version}
    for person in (cast.hin, cast.national, cast.innovator, cast.ics):
        with pytest.raises(Forbidden):
            proposals.decline(**told, why="No", by=person.actor)
    with pytest.raises(Forbidden):
        proposals.withdraw(**told, by=cast.other_hin.actor)
    proposals.withdraw(**told, by=cast.hin.actor)
    assert handover.state is ProposalState.WITHDRAWN


def test_who_does_not_work_with_it_hands_nothing_over(engaging: Engagement, cast: Cast) -> None:
    told = {"innovation": engaging.innovation, "words": WORDS, "by": cast.other_hin.actor}
    with pytest.raises(Forbidden):
        proposals.propose(**told, kind=ProposalKind.HANDOVER, to_hin_id=engaging.hin_id)


def test_one_open_proposal_between_two_hins_is_enough(
    engaging: Engagement, handover: Proposal, cast: Cast
) -> None:
    with pytest.raises(Invalid, match="open proposal between your networks"):
        _propose(engaging.innovation, cast, ProposalKind.JOINT)
    proposals.withdraw(proposal=handover, version=handover.version, by=cast.hin.actor)
    assert _propose(engaging.innovation, cast, ProposalKind.JOINT).state is ProposalState.OPEN


def test_what_was_let_go_meanwhile_cannot_be_taken_over(
    session: Session, engaging: Engagement, handover: Proposal, cast: Cast
) -> None:
    engaging.state = EngagementState.CLOSED
    session.flush()
    with pytest.raises(Conflict, match="does not work with it any more"):
        _accept(handover, cast)


def test_two_people_answer_at_once_the_second_reads_who_did_and_keeps_their_words(
    as_, session: Session, handover: Proposal, cast: Cast
) -> None:
    seen = handover.version
    proposals.decline(proposal=handover, version=seen, why="Nobody free", by=cast.other_hin.actor)
    session.commit()
    words = "We would love to, because …"
    answers = {"version": seen, "decision": "accept", "answer": words}
    page = as_(cast.other_hin).post(f"/support/proposals/{handover.id}", data=answers)
    assert page.status_code == 409
    assert "Owen Mills declined this proposal on" in page.text
    assert words in page.text


def test_the_pages_from_proposal_to_answer(
    as_, session: Session, engaging: Engagement, cast: Cast
) -> None:
    url = f"/innovations/{engaging.innovation_id}/support/propose"
    answers = {"kind": "joint", "to_hin": cast.other_hin.actor.hin_id, "words": WORDS}
    assert as_(cast.hin).post(url, data=answers).status_code == 302
    browser = as_(cast.other_hin)
    desk = browser.get("/support").text
    assert "Other networks wait for your answer" in desk
    assert "Joint work: Breathe Easy" in desk
    proposal = session.scalars(select(Proposal)).one()
    page = browser.get(f"/support/proposals/{proposal.id}").text
    assert WORDS in page
    assert "Another network is engaging with it" not in page, "but the one that asks"
    third = makers.hin("HI-EM")
    state = EngagementState.ENGAGING
    makers.put(Engagement(innovation=engaging.innovation, hin_id=third.id, state=state))
    yes = {"version": proposal.version, "decision": "accept", "known": ""}
    stopped = browser.post(f"/support/proposals/{proposal.id}", data=yes)
    assert stopped.status_code == 409
    assert f"{third.name} is engaging with this innovation" in stopped.text
    yes["known"] = str(third.id)
    unread = browser.post(f"/support/proposals/{proposal.id}", data=yes)
    assert "Select that you have seen which networks are engaging" in unread.text
    done = browser.post(f"/support/proposals/{proposal.id}", data={**yes, "is_understood": "y"})
    assert done.status_code == 302


def test_who_may_read_the_words_of_a_proposal(as_, handover: Proposal, cast: Cast) -> None:
    url = f"/innovations/{handover.innovation_id}/support"
    for person in (cast.hin, cast.other_hin, cast.national):
        assert WORDS in as_(person).get(url).text
    assert WORDS not in as_(cast.innovator).get(url).text


def test_the_reply_is_reminded_of_once_before_and_once_after(
    session: Session, handover: Proposal, cast: Cast
) -> None:
    handover.due_on = today()
    session.flush()
    for _ in range(2):
        TASKS["support.remind"](lambda *_: None)
    handover.due_on = today() - timedelta(days=9)
    session.flush()
    for _ in range(2):
        TASKS["support.remind"](lambda *_: None)
    found = [s for s in inbox(session, cast.other_hin.user) if s.startswith("Reply")]
    assert [s.split(" ", 2)[1] for s in found] == ["by", "overdue"]


def test_each_network_has_somebody_to_turn_to(as_, engaging: Engagement, cast: Cast) -> None:
    page = as_(cast.other_hin).get(f"/innovations/{engaging.innovation_id}/support").text
    assert f"mailto:{cast.hin.user.email}" in page
    fresh = makers.innovation("Fresh", of=cast.innovator)
    page = as_(cast.other_hin).get(f"/innovations/{fresh.id}/support").text
    assert "Nobody yet; for the network: Hana West" in page
    assert (
        "mailto:"
        not in as_(cast.innovator).get(f"/innovations/{engaging.innovation_id}/support").text
    )
