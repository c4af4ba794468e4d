"""What follows from a challenge: it closes only when everybody who answered has an answer, and an
amendment of its call moves the days of the answers."""

from sqlalchemy import select

from portal.accounts.models import Actor
from portal.answers.models import Answer, AnswerState
from portal.answers.services.deciding import close_at_hins
from portal.challenges.models import Call, Challenge
from portal.challenges.outbox import closing
from portal.challenges.outbox.calls import amended
from portal.db import db


@closing.connect
def _nobody_is_forgotten(challenge: Challenge, *, by: Actor) -> None:
    close_at_hins(challenge, by=by)


@amended.connect
def _days_move(call: Call) -> None:
    """Answers that arrived are decided by the day that the call says now."""
    waiting = select(Answer).where(
        Answer.challenge_id == call.challenge_id, Answer.state == AnswerState.SUBMITTED
    )
    for answer in db.session.scalars(waiting.order_by(Answer.id)):
        answer.set_due(call.due_date)
