"""Proposals of next programmes: assessed apart, shown together, decided once and kept."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts.models import Role
from portal.accounts.queries import leaving
from portal.accounts.services.leaving import end_membership
from portal.clock import clock_at, now, today
from portal.db import db
from portal.errors import Conflict, Forbidden, Invalid, Outdated
from portal.notifications.models import Notification
from portal.programmes.models import (
    Assessor,
    Decision,
    PanelWeights,
    Proposal,
    ProposalDecision,
    Score,
)
from portal.programmes.queries.known import known_of
from portal.programmes.queries.proposals import criteria
from portal.programmes.rules.proposals import is_complete, result, rows_of
from portal.programmes.services import proposals as services
from portal.programmes.tasks import remind_all
from portal.reference.models import DeadlineKind
from portal.reference.queries import due_on
from tests import makers
from tests.cast import Cast, Person
from tests.pages import PageClient
from tests.programmes import makers as spread
from tests.programmes.test_longlist import matched
from tests.statements import Statements

As = Callable[[Person], PageClient]
CRITERIA = 8


@pytest.fixture
def proposal(session: Session, cast: Cast) -> Proposal:
    """A record that was put forward, with the criteria of the framework."""
    spread.choosing()
    record = makers.innovation("Thopaz", of=cast.innovator)
    matched(record, by=cast.ics, likeness=0.4, title="Drains after surgery")
    return spread.proposal("Thopaz everywhere", innovation=record, by=cast.national)


def test_nobody_reads_scores_before_all_are_in(proposal: Proposal, cast: Cast, as_: As) -> None:
    first = spread.assessor(cast.hin, of=proposal, by=cast.national)
    second = spread.assessor(cast.other_hin, of=proposal, by=cast.national)
    spread.scored(cast.hin, 4, part=first)
    secret = "Only I know this"
    first.scores[0].words = secret
    db.session.commit()
    path = f"/programmes/proposals/{proposal.id}"
    for reader in (cast.hin, cast.other_hin, cast.national):
        page = as_(reader).get(path).get_data(as_text=True)
        assert secret not in page
        assert "Range" not in page
        assert "scores are in" in page
    assert secret in as_(cast.hin).get(f"{path}/score").get_data(as_text=True)
    assert secret not in as_(cast.other_hin).get(f"{path}/score").get_data(as_text=True)
    with pytest.raises(Invalid):
        services.decide(
            proposal=proposal,
            version=proposal.version,
            outcome=ProposalDecision.NO,
            why="Because",
            feedback="Thank you",
            by=cast.national.actor,
        )
    spread.scored(cast.other_hin, 1, *[4] * (CRITERIA - 1), part=second)
    db.session.commit()
    browser, counted = as_(cast.national), Statements(db.engine)
    with counted.at_most(20):
        page = browser.get(path).get_data(as_text=True)
    counted.stop()
    assert secret in page
    assert "1 to 4" in page
    assert page.count("They differ") == 1
    with pytest.raises(Invalid):
        spread.scored(cast.hin, 0, part=first)
    with pytest.raises(Invalid):
        services.ask_to_assess(proposal=proposal, person=cast.national.user, by=cast.national.actor)


def test_who_has_not_declared_yet_is_led_there_before_scoring(
    proposal: Proposal, cast: Cast, as_: As
) -> None:
    spread.assessor(cast.hin, of=proposal, by=cast.national, conflict=None)
    spread.assessor(cast.other_hin, of=proposal, by=cast.national, conflict="My brother sells it")
    db.session.commit()
    path, browser = f"/programmes/proposals/{proposal.id}", as_(cast.hin)
    led = browser.get(f"{path}/score")
    assert (led.status_code, led.location) == (302, f"{path}/declare")
    assert "Say first whether you have a conflict" in browser.get(led.location).text
    assert as_(cast.other_hin).get(f"{path}/score").status_code == 403


def test_who_is_asked_to_assess_finds_it_at_home_until_it_is_done(
    proposal: Proposal, cast: Cast, as_: As
) -> None:
    asked = "Assess “Thopaz everywhere”"
    assert asked not in as_(cast.hin).get("/home").text
    part = spread.assessor(cast.hin, of=proposal, by=cast.national, conflict=None)
    home = as_(cast.hin).get("/home").text
    assert asked in home
    assert f'href="/programmes/proposals/{proposal.id}"' in home
    assert asked not in as_(cast.other_hin).get("/home").text
    services.declare(assessor=part, version=part.version, has_conflict=False, by=cast.hin.actor)
    assert asked in as_(cast.hin).get("/home").text
    spread.scored(cast.hin, 3, part=part)
    assert asked not in as_(cast.hin).get("/home").text


def test_a_conflict_of_interest_is_declared_first_and_scores_nothing(
    proposal: Proposal, cast: Cast
) -> None:
    silent = spread.assessor(cast.hin, of=proposal, by=cast.national, conflict=None)
    with pytest.raises(Forbidden):
        spread.scored(cast.hin, 4, part=silent)
    with pytest.raises(Forbidden):
        services.declare(assessor=silent, version=1, has_conflict=False, by=cast.other_hin.actor)
    with pytest.raises(Invalid):
        services.declare(assessor=silent, version=1, has_conflict=True, by=cast.hin.actor)
    spread.assessor(cast.other_hin, of=proposal, by=cast.national, conflict="I own a share")
    national = spread.assessor(cast.national, of=proposal, by=cast.national)
    spread.scored(cast.national, 2, part=national)
    assert not is_complete(proposal.assessors)
    services.declare(assessor=silent, version=1, has_conflict=False, by=cast.hin.actor)
    spread.scored(cast.hin, 3, part=silent)
    assert is_complete(proposal.assessors)
    rows = rows_of(criteria(), proposal.assessors, {})
    assert {row.scores for row in rows} == {(3, 2)} or {row.scores for row in rows} == {(2, 3)}
    assert result(rows) == 62.5


def test_weights_of_the_panel_count(proposal: Proposal, cast: Cast) -> None:
    for person in (cast.hin, cast.other_hin):
        part = spread.assessor(person, of=proposal, by=cast.national)
        spread.scored(person, 4, *[0] * (CRITERIA - 1), part=part)
    even = rows_of(criteria(), proposal.assessors, {})
    assert result(even) == 12.5
    weights = {one.code: int(one.code == "NEED") for one in criteria()}
    by = cast.national.actor
    services.set_weights(weights=weights, seen=0, why="Need alone", by=by)
    with pytest.raises(Conflict):
        services.set_weights(weights=weights, seen=0, why="", by=by)
    with pytest.raises(Invalid):
        services.set_weights(weights=dict.fromkeys(weights, 0), seen=1, why="", by=by)
    decision = services.decide(
        proposal=proposal,
        version=proposal.version,
        outcome=ProposalDecision.CHOOSE,
        why="Need",
        feedback="Well done",
        by=by,
    )
    assert decision.result == 100
    assert decision.weights_id == db.session.scalar(select(PanelWeights.id))


def test_a_decision_stays_and_people_are_told(proposal: Proposal, cast: Cast) -> None:
    for person in (cast.hin, cast.other_hin):
        part = spread.assessor(person, of=proposal, by=cast.national)
        spread.scored(person, 2, part=part)
    seen = proposal.version
    told = {"proposal": proposal, "why": "Too early", "by": cast.national.actor}
    words = "Come back with a second region"
    services.decide(version=seen, outcome=ProposalDecision.NOT_NOW, feedback=words, **told)
    with pytest.raises(Outdated):
        services.decide(version=seen, outcome=ProposalDecision.NO, feedback="No", **told)
    later = proposal.version
    services.decide(version=later, outcome=ProposalDecision.CHOOSE, feedback="Now", **told)
    with pytest.raises(Outdated):
        services.decide(version=later, outcome=ProposalDecision.NO, feedback="No", **told)
    rows = db.session.scalars(select(Decision).order_by(Decision.number)).all()
    assert [row.outcome for row in rows] == [ProposalDecision.NOT_NOW, ProposalDecision.CHOOSE]
    owner = select(Notification.body).where(Notification.user_id == cast.innovator.user.id)
    assert any(words in body for body in db.session.scalars(owner))
    proposer = select(Notification.body).where(Notification.user_id == cast.national.user.id)
    assert any(words in body for body in db.session.scalars(proposer))
    spread.proposal("Again", innovation=proposal.innovation, by=cast.national)


def test_one_proposal_of_a_record_is_open(proposal: Proposal, cast: Cast) -> None:
    with pytest.raises(Conflict):
        spread.proposal("Again", innovation=proposal.innovation, by=cast.national)
    spread.proposal("An idea in words", by=cast.national)
    spread.proposal("Another idea", by=cast.national)
    with pytest.raises(Forbidden):
        spread.proposal("Ours", by=cast.hin)


def test_two_tabs_of_one_assessor_are_told_apart(proposal: Proposal, cast: Cast) -> None:
    part = spread.assessor(cast.hin, of=proposal, by=cast.national)
    scores = {one.id: (1, "") for one in criteria()}
    seen = part.version
    services.score(assessor=part, version=seen, scores=scores, by=cast.hin.actor)
    with pytest.raises(Outdated):
        services.score(assessor=part, version=seen, scores=scores, by=cast.hin.actor)
    assert db.session.scalar(select(func.count()).select_from(Score)) == CRITERIA


def test_who_leaves_is_not_waited_for(proposal: Proposal, cast: Cast) -> None:
    spread.assessor(cast.hin, of=proposal, by=cast.national)
    one = next(r for r in leaving.responsibilities() if r.one == "proposal they assess")
    assert one.count(cast.hin.membership) == 1
    one.pass_on(cast.hin.membership, cast.other_hin.user, cast.national.actor)
    assert one.count(cast.hin.membership) == 0
    rows = db.session.scalars(select(Assessor).order_by(Assessor.id)).all()
    assert [row.released_at is None for row in rows] == [False, True]
    assert rows[1].user_id == cast.other_hin.user.id


def test_what_the_portal_knows_stands_beside(proposal: Proposal, cast: Cast) -> None:
    known = known_of(cast.national.actor, proposal.innovation)
    assert known["NEED"][0] == "Open challenges with much in common: 1"
    assert known["SPREAD"][0] == "Sites in use: 0, in 0 regions; a year ago 0"
    assert known["EVIDENCE"] == ["Not proven"]


def test_it_is_done_by_its_pages(proposal: Proposal, cast: Cast, as_: As) -> None:
    db.session.commit()
    path, national = f"/programmes/proposals/{proposal.id}", as_(cast.national)
    for person in (cast.hin, cast.other_hin):
        asked = {"user_id": person.user.id}
        assert national.post(f"{path}/assessors", data=asked).location == path
        browser = as_(person)
        declared = browser.post(f"{path}/declare", data={"version": 1, "conflict": "no"})
        assert declared.location == path
        data = {f"score_{one.code}": 3 for one in criteria()}
        lacking = browser.post(f"{path}/score", data={"version": 2, **data, "score_NEED": ""})
        assert "Select a score for “Need”" in lacking.get_data(as_text=True)
        assert browser.post(f"{path}/score", data={"version": 2, **data}).location == path
    weighed = {f"weight_{one.code}": 2 for one in criteria()}
    weights = "/programmes/proposals/weights"
    assert national.post(weights, data={**weighed, "version": "0"}).status_code == 302
    assert national.post(weights, data={**weighed, "version": "0"}).status_code == 409
    told = {"version": 1, "outcome": "choose", "why": "Strong", "feedback": "We begin in April"}
    assert national.post(f"{path}/decide", data=told).location == path
    page = as_(cast.hin).get(path).get_data(as_text=True)
    assert "75% of what could be reached" in page
    assert "We begin in April" in page
    listed = as_(cast.hin).get("/programmes/proposals?state=choose").get_data(as_text=True)
    assert "Thopaz everywhere" in listed
    assert "2 of 2" in listed


def test_each_criterion_has_what_the_portal_knows_beside_it(proposal: Proposal, cast: Cast) -> None:
    record = proposal.innovation
    assert record is not None
    record.patients_a_year, record.saving, record.saving_basis = 12_000, 40, "a patient"
    record.payback_months = 18
    db.session.flush()
    known = known_of(cast.national.actor, record)
    assert list(known) == [one.code for one in criteria()]
    assert "as the innovator says: 12,000" in known["POPULATION"][0]
    assert "Saving, as the innovator says: £40 (a patient)" in known["VALUE"]
    assert "Months until it pays for itself: 18" in known["VALUE"]
    assert known["APPETITE"][0].endswith("1 stated, 0 joined")
    assert known["CAPACITY"][0].startswith("Stage of development: ")
    assert known["OUTCOMES"][0].startswith("Real-world validations completed: 0 of 0")


def test_who_has_not_handed_in_by_the_day_is_reminded_once(proposal: Proposal, cast: Cast) -> None:
    late = spread.assessor(cast.hin, of=proposal, by=cast.national)
    done = spread.assessor(cast.other_hin, of=proposal, by=cast.national)
    spread.scored(cast.other_hin, 3, part=done)
    db.session.commit()
    day = late.due_on
    assert day == due_on(DeadlineKind.ASSESS, today())
    remind_all(lambda *_: None)
    assert late.reminded_at is None
    with clock_at(now() + timedelta(days=(day - today()).days + 1)):
        for _ in range(2):
            remind_all(lambda *_: None)
    told = db.session.scalars(
        select(Notification.user_id).where(Notification.subject.contains("overdue"))
    ).all()
    assert told == [cast.hin.user.id]


def test_the_decision_reaches_the_team_when_who_proposed_it_has_left(
    proposal: Proposal, session: Session, cast: Cast
) -> None:
    colleague = Person(
        user := makers.user("Nell Hart"),
        makers.membership(user, cast.national.organisation, Role.NATIONAL, is_lead=True),
    )
    for person in (cast.hin, cast.other_hin):
        part = spread.assessor(person, of=proposal, by=cast.national)
        spread.scored(person, *[3] * CRITERIA, part=part)
    end_membership(
        membership=cast.national.membership, successor_id=user.id, by=cast.administrator.actor
    )
    session.refresh(proposal)
    services.decide(
        proposal=proposal,
        version=proposal.version,
        outcome=ProposalDecision.CHOOSE,
        why="Good",
        feedback="Well done",
        by=colleague.actor,
    )
    told = select(Notification.user_id).where(Notification.subject.contains("as a next programme"))
    found = session.scalars(told).all()
    assert user.id in found
    assert cast.national.user.id not in found
