"""What hangs on a person here: answers under way that they wrote, and answers that they assess."""

from collections.abc import Sequence

from sqlalchemy import Select, select

from portal.accounts.models import Actor, Membership, User
from portal.accounts.queries.leaving import Responsibility, heir_of
from portal.answers import outbox
from portal.answers.models import Answer, AnswerAssessor
from portal.answers.rules import DECIDED
from portal.challenges.models import Challenge
from portal.clock import now
from portal.db import db
from portal.innovations.models import Innovation


def _under_way(of: Membership) -> Select[Answer]:
    """The undecided answers that the member wrote for their organisation."""
    return (
        select(Answer)
        .join(Answer.innovation)
        .where(
            Answer.author_id == of.user_id,
            Innovation.organisation_id == of.organisation_id,
            Answer.state.not_in(sorted(DECIDED)),
        )
    )


def _pass_on(of: Membership, successor: User | None, by: Actor) -> None:
    for answer in db.session.scalars(_under_way(of).order_by(Answer.id)).all():
        answer.author = successor or heir_of(of)
        outbox.note("passed_on", answer, f"took {of.user.name}, who left, off the answer", by=by)


def _assessed(of: Membership) -> Select[AnswerAssessor]:
    """The parts of the member in assessing answers for their organisation or its network's ICSs."""
    own = Challenge.organisation_id == of.organisation_id
    asked = select(AnswerAssessor).join(AnswerAssessor.challenge)
    mine = (AnswerAssessor.user_id == of.user_id) & AnswerAssessor.released_at.is_(None)
    return asked.where(mine) if of.organisation.hin_id else asked.where(mine, own)


def _release(of: Membership, _successor: User | None, _by: Actor) -> None:
    """Nobody waits for who left; who follows is asked anew by those who state the challenge."""
    for part in db.session.scalars(_assessed(of).order_by(AnswerAssessor.id)).all():
        part.released_at = now()


RESPONSIBILITIES: Sequence[Responsibility] = (
    Responsibility("answer to a challenge", "answers to challenges", _under_way, _pass_on),
    Responsibility("challenge to assess", "challenges to assess", _assessed, _release),
)
"""What hangs on a person here when they leave."""
