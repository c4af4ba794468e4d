"""What follows from a challenge: it closes only when everybody who answered has an answer, and an
amendment of its call moves the days of the answers."""

from sqlalchemy import select

from portal.accounts.models import Actor
from portal.answers.models import Answer, AnswerState
from portal.answers.rules import can_still_arrive
from portal.answers.services.deciding import leave_to_hins, require_all_decided
from portal.challenges.models import Call, Challenge
from portal.challenges.outbox import closing
from portal.challenges.outbox.calls import amended
from portal.challenges.queries.calls import published_of
from portal.clock import today
from portal.db import db


@closing.connect
def _nobody_is_forgotten(challenge: Challenge, *, by: Actor) -> None:  # of the signal
    require_all_decided(challenge)
    if can_still_arrive(challenge, published_of(challenge.id), today()):
        leave_to_hins(challenge)  # else they heard of it with the result of the call


@amended.connect
def _days_move(call: Call) -> None:
    """Answers that arrived are decided by the day that the call says now."""
    waiting = select(Answer).where(
        Answer.challenge_id == call.challenge_id, Answer.state == AnswerState.SUBMITTED
    )
    for answer in db.session.scalars(waiting.order_by(Answer.id)):
        answer.set_due(call.due_date)
