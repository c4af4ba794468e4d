"""What those do who state a challenge: shortlist, invite to meet, decline with a reason."""

from portal.accounts.models import SYSTEM, Actor
from portal.answers import outbox, policy
from portal.answers.models import Answer, AnswerState, DeclineReason
from portal.answers.queries import answers_to, assessors_of, waiting_to
from portal.answers.rules import is_being_assessed, is_sealed, undecided
from portal.answers.rules.assessing import is_decidable, to_score
from portal.answers.services.moves import lock, move, require, sides_at
from portal.challenges.models import Call, Challenge
from portal.challenges.queries.calls import published_of
from portal.clock import now, today
from portal.db import db
from portal.errors import Invalid
from portal.introductions.models import Timescale
from portal.introductions.queries import open_one
from portal.introductions.services.asking import ask

TOO_EARLY = "Answers to a call are decided after its last day, when all are in."
WAITING = "Scores are still awaited: decide when all who were asked have scored, or release them."


def set_shortlisted(*, answer: Answer, is_shortlisted: bool, by: Actor) -> None:
    """Put it on the shortlist, or take it off: the innovator is not told. Raises Forbidden."""
    lock(answer, None)
    require(policy.can_decide(sides_at(answer, by), answer))
    answer.shortlisted = is_shortlisted
    db.session.flush()
    said = "put the answer on the shortlist" if is_shortlisted else "took it off the shortlist"
    outbox.note("shortlisted", answer, said, by=by)


def decline(*, answer: Answer, version: int, reason: DeclineReason, words: str, by: Actor) -> None:
    """Decline with a reason of the list and words of its own, which the innovator is told at once.

    Raises Forbidden, Invalid before all are in or scored, Conflict.
    """
    lock(answer, version)
    require(policy.can_decide(sides_at(answer, by), answer))
    _require_ready(answer)
    answer.decline_reason, answer.decision_words = reason, words
    _decided(answer, AnswerState.DECLINED, words, by=by)
    outbox.tell_innovator("declined", answer)


def invite(
    *,
    answer: Answer,
    version: int,
    words: str,
    timescale: Timescale,
    takes_part: str,
    by: Actor,
) -> None:
    """Invite the innovator to meet. An ICS's invitation becomes an introduction, which a HIN
    brokers as every other: no contact is shared before both sides agreed. One that the ICS has
    under way with the same innovation serves.

    Raises Forbidden, Invalid before all are in or scored, Conflict.
    """
    lock(answer, version)
    require(policy.can_decide(sides_at(answer, by), answer))
    _require_ready(answer)
    if by.is_ics:
        under_way = open_one(by.organisation_id, answer.innovation_id)
        answer.introduction = under_way or ask(
            innovation=answer.innovation,
            challenge=answer.challenge,
            purpose=words,
            timescale=timescale,
            takes_part=takes_part,
            by=by,
            is_invited=True,
        )
    answer.decision_words = words
    _decided(answer, AnswerState.INVITED, words, by=by)
    outbox.tell_innovator("invited", answer)


def return_sealed(call: Call, words: str, *, by: Actor) -> int:
    """When a call is cancelled before its last day: give every sealed answer back unopened, with
    these words and what they mean for it. Returns how many there were."""
    answers = [one for one in waiting_to(call.challenge_id) if is_sealed(one, call, today())]
    for answer in answers:
        lock(answer, None)
        answer.arrived_at = None  # nobody reads it later either
        said = "The call was cancelled before its last day, so nobody opened your answer with"
        close(answer, f"{said} {answer.innovation.name}. {words}", by=by)
    return len(answers)


def leave_to_hins(challenge: Challenge) -> None:
    """When a challenge closes or the result of its call is published: the HINs at which an answer
    waits tell the innovator why, in their words and by the day that they had. Both hear of it."""
    for answer in waiting_to(challenge.id):
        if answer.state is AnswerState.WITH_HIN:
            outbox.tell_hin("closed_at_hin", answer)
            outbox.tell_innovator("closed_before", answer)


def require_all_decided(challenge: Challenge) -> None:
    """Raise Invalid while an answer waits for those who state the challenge."""
    waiting = len(undecided(waiting_to(challenge.id)))
    if waiting:
        said = "1 answer waits" if waiting == 1 else f"{waiting} answers wait"
        raise Invalid(f"{said} for your decision: tell everybody who answered first.")


def close(answer: Answer, words: str, *, by: Actor) -> None:
    """Answer that the challenge was closed, with words of its own; the innovator is told."""
    answer.decline_reason, answer.decision_words = DeclineReason.CLOSED, words
    _decided(answer, AnswerState.DECLINED, words, by=by)
    outbox.tell_innovator("declined", answer, by=SYSTEM)


def _decided(answer: Answer, state: AnswerState, words: str, *, by: Actor) -> None:
    """Reach a decision; its day stays, so that it is known whether it was kept."""
    answer.decided_at = now()
    move(answer, state, by=by, due=answer.due_date, words=words)


def _require_ready(answer: Answer) -> None:
    if not is_being_assessed(published_of(answer.challenge_id), today()):
        raise Invalid(TOO_EARLY)
    assessors = assessors_of(answer.challenge_id)
    every = to_score(answers_to(answer.challenge_id))
    if not is_decidable(assessors, every):
        raise Invalid(WAITING)
