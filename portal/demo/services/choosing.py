"""Write what could be spread next: made-up scores of proposals, made-up tests of the mandate."""

from sqlalchemy import select

from portal.accounts.models import Actor, User
from portal.clock import today
from portal.db import db
from portal.demo.rules.diary import Diary
from portal.demo.rules.draw import number
from portal.demo.services.happening import happening
from portal.demo.services.people import People
from portal.demo.services.places import Places
from portal.innovations.models import Innovation, RecordStatus
from portal.innovations.queries import proven
from portal.programmes.models import Answer, MandateCriterion, Proposal, ProposalDecision
from portal.programmes.queries.proposals import criteria
from portal.programmes.services import mandate, proposals

MADE_UP = "Made up for the demonstration"
TESTED = {"SAVING_5Y": 3_400_000.0, "SAVING_3Y": 24.0, "AFFORDABLE": 6_000_000.0}
WEIGHTS = {"NEED": 2, "SPREAD": 2, "EVIDENCE": 2}
"""What counts twice; all else counts once."""


def write(places: Places, people: People) -> None:
    """Write all of it, in the order of its days."""
    diary, by = Diary(places.today, "choosing"), people.by_key["national"]
    records = _records()
    with happening(diary, 60):
        weights = {one.code: WEIGHTS.get(one.code, 1) for one in criteria()}
        proposals.set_weights(weights=weights, seen=0, why=MADE_UP, by=by)
        _test(records, by)
    with happening(diary, 45):
        chosen, waiting = (
            proposals.put_forward(
                title=f"{record.name} everywhere (made up)",
                words="What people say of it here is made up.",
                innovation=record,
                by=by,
            )
            for record in records[:2]
        )
        asked = (people.by_key["hin"], people.by_key["other_hin"])
        for one in asked:
            _assess(chosen, one, by)
        _assess(waiting, asked[0], by)
        other = db.session.get_one(User, asked[1].user_id)
        proposals.ask_to_assess(proposal=waiting, person=other, by=by)
    with happening(diary, 20):
        proposals.decide(
            proposal=chosen,
            version=chosen.version,
            outcome=ProposalDecision.NOT_NOW,
            why="Two networks use it; the training has yet to be written down.",
            feedback="Come back when the training can be used by others.",
            by=by,
        )


def _records() -> list[Innovation]:
    """Return three proven records of the pipeline, or the first where fewer are proven."""
    return list(
        db.session.scalars(
            select(Innovation)
            .where(Innovation.status == RecordStatus.SUBMITTED)
            .order_by(proven(today()).desc(), Innovation.id)
            .limit(3)
        )
    )


def _test(records: list[Innovation], by: Actor) -> None:
    """Record tests of the mandate: one would qualify, one would not, one is not known."""
    codes = ("EFFECTIVE", *TESTED)
    rows = select(MandateCriterion).where(MandateCriterion.code.in_(codes))
    tests = {one.code: one for one in db.session.scalars(rows)}
    answers = (Answer.MET, Answer.NOT_MET, Answer.NOT_KNOWN)
    for record, answer in zip(records, answers, strict=False):
        for code, test in tests.items():
            mandate.record_test(
                innovation=record,
                criterion=test,
                seen=0,
                answer=answer,
                value=TESTED.get(code),
                source=MADE_UP,
                by=by,
            )


def _assess(proposal: Proposal, one: Actor, by: Actor) -> None:
    """Let somebody declare that they have no conflict of interest and score it."""
    person = db.session.get_one(User, one.user_id)
    part = proposals.ask_to_assess(proposal=proposal, person=person, by=by)
    proposals.declare(assessor=part, version=part.version, has_conflict=False, by=one)
    scores = {
        each.id: (number(f"{proposal.title}:{person.id}:{each.code}", 1, 4), MADE_UP)
        for each in criteria()
    }
    proposals.score(assessor=part, version=part.version, scores=scores, by=one)
