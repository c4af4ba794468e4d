"""An innovator answers a challenge: begin, write, send, take back."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import exists, select

from portal.accounts.models import SYSTEM, Actor
from portal.answers import outbox, policy
from portal.answers.models import Answer, AnswerPoint, AnswerState, Assessment, Meets
from portal.answers.queries import answer_of, broker_of
from portal.answers.rules import evidence_of, missing_of, must_haves_of, places_of, takes_answers
from portal.answers.services.moves import is_sealed_now, lock, move, require, sides_at
from portal.challenges.models import Call, Challenge
from portal.challenges.queries.calls import published_of
from portal.challenges.services.following import follow
from portal.clock import now, today
from portal.db import add_new, db
from portal.db import lock as row_lock
from portal.errors import Conflict, Forbidden, Invalid
from portal.innovations.models import Innovation
from portal.innovations.rules.on_day import uses_on
from portal.reference.models import DeadlineKind, DueDate
from portal.reference.queries import due_date

CLOSED = "This challenge does not take answers any more."
SCORED = "Somebody has begun to assess this answer: it changes no more."


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What an answer says; `points` are how far each must-have is met, in their order."""

    points: Sequence[tuple[Meets | None, str]]
    evidence: str = ""
    where_it_runs: str = ""
    asked_of_ics: str = ""
    cost_from: Decimal | None = None
    cost_to: Decimal | None = None
    cost_note: str = ""


def first_content(challenge: Challenge, innovation: Innovation) -> Content:
    """Return what a new answer begins with, from the record."""
    places = [use.place for use in uses_on(innovation.uses, today())]
    return Content(
        points=[(None, "") for _ in must_haves_of(challenge)],
        evidence=evidence_of(innovation),
        where_it_runs=places_of(places),
    )


def begin(
    *, challenge: Challenge, innovation: Innovation, by: Actor, is_demo: bool = False
) -> Answer:
    """Begin the answer to a challenge with a record; the one that is there is returned.

    Raises Forbidden for who may not answer it or with it, Invalid when it takes none now.
    """
    if not policy.can_answer(by, challenge) or not policy.can_put_forward(by, innovation):
        raise Forbidden("An innovator answers a challenge with a submitted record of their own.")
    if not takes_answers(challenge, published_of(challenge.id), today()):
        raise Invalid(CLOSED)
    content = first_content(challenge, innovation)
    answer = Answer(
        challenge=challenge,
        innovation=innovation,
        author_id=by.user_id,
        evidence=content.evidence,
        where_it_runs=content.where_it_runs,
        is_demo=is_demo,
        points=[
            AnswerPoint(position=place, asked=asked)
            for place, asked in enumerate(must_haves_of(challenge), start=1)
        ],
    )
    if not add_new(answer):
        found = answer_of(challenge.id, innovation.id)
        if found is None:
            raise Conflict("Somebody answered with this record meanwhile.")
        return found
    move(answer, AnswerState.DRAFT, by=by)
    return answer


def write(*, answer: Answer, content: Content, version: int, by: Actor) -> None:
    """Change what an answer says, until the challenge closes or somebody begins to assess it.

    Raises Forbidden, Invalid, Conflict.
    """
    _hold(answer, version, by)
    _require_range(content)
    for point, (meets, words) in zip(answer.points, content.points, strict=True):
        point.meets, point.words = meets, words
    for name in ("evidence", "where_it_runs", "asked_of_ics", "cost_from", "cost_to", "cost_note"):
        setattr(answer, name, getattr(content, name))
    answer.changed_at = now()
    if answer.state is AnswerState.SUBMITTED:
        _require_complete(answer)
        outbox.note("changed", answer, "changed the answer", by=by)
    db.session.flush()


def send(*, answer: Answer, version: int, by: Actor) -> None:
    """Send an answer: in a call to those who state the challenge, else to the HIN that leads there,
    where there is one. Raises Forbidden, Invalid where something is missing, Conflict."""
    _hold(answer, version, by)
    require(answer.state not in {AnswerState.WITH_HIN, AnswerState.SUBMITTED})
    _require_complete(answer)
    call = published_of(answer.challenge_id)
    broker = None if call else broker_of(answer.challenge)
    answer.hin, answer.submitted_at, answer.decision_words = broker, now(), ""
    answer.arrived_at = None
    if broker is not None:
        due = due_date(DeadlineKind.BROKER, today())
        move(answer, AnswerState.WITH_HIN, by=by, due=due)
        outbox.tell_hin("arrived_at_hin", answer)
    else:
        arrive(answer, call, by=by)
    if call is not None and by.user_id is not None:
        follow(call.challenge_id, by.user_id)


def arrive(answer: Answer, call: Call | None, *, by: Actor) -> None:
    """Let those who state the challenge read an answer; it says by when they decide."""
    answer.arrived_at = now()
    move(answer, AnswerState.SUBMITTED, by=by, due=decision_day(call))
    outbox.tell_stating("arrived_sealed" if is_sealed_now(answer) else "arrived", answer, call=call)


def decision_day(call: Call | None) -> DueDate:
    """Return by when an answer that arrives now is decided: the day of the call, or so many days
    from today."""
    return call.due_date if call is not None else due_date(DeadlineKind.ANSWER, today())


def withdraw(*, answer: Answer, version: int, by: Actor) -> None:
    """Take an answer back: nobody else reads it any more, and who could read it is told. It may be
    sent again while the challenge takes answers. Raises Forbidden, Conflict."""
    lock(answer, version)
    require(policy.can_withdraw(sides_at(answer, by), answer))
    told = outbox.tell_hin if answer.state is AnswerState.WITH_HIN else outbox.tell_stating
    was_read = answer.state is not AnswerState.SENT_BACK and not is_sealed_now(answer)
    answer.arrived_at, answer.shortlisted = None, False
    move(answer, AnswerState.WITHDRAWN, by=by)
    if was_read:
        told("withdrawn", answer)


def _require_range(content: Content) -> None:
    lowest, highest = content.cost_from, content.cost_to
    if lowest is not None and highest is not None and highest < lowest:
        raise Invalid("The highest cost must not be less than the lowest", field="cost_to")


def _hold(answer: Answer, version: int, by: Actor) -> None:
    """Hold an answer that its own people may change now, and the challenge: whoever closes it
    waits, and whoever comes after the closing finds it closed."""
    row_lock(answer.challenge)
    lock(answer, version)
    require(policy.can_change(sides_at(answer, by), answer))
    call = published_of(answer.challenge_id)
    if by is not SYSTEM and not takes_answers(answer.challenge, call, today()):
        raise Invalid(CLOSED)
    if _is_scored(answer):
        raise Invalid(SCORED)


def _is_scored(answer: Answer) -> bool:
    if answer.arrived_at is None:
        return False
    found = exists(select(Assessment.id).where(Assessment.answer_id == answer.id))
    return bool(db.session.scalar(select(found)))


def _require_complete(answer: Answer) -> None:
    for missing in missing_of(answer):
        raise Invalid(missing)
