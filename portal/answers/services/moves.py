"""The steps that every change of an answer shares."""

from portal.accounts.models import Actor
from portal.answers import outbox
from portal.answers.models import Answer, AnswerChange, AnswerState
from portal.answers.policy import Sides, sides_of
from portal.answers.queries import parts_of
from portal.answers.rules import is_sealed
from portal.challenges.queries.calls import published_of
from portal.clock import now, today
from portal.db import db
from portal.db import lock as row_lock
from portal.errors import Forbidden
from portal.reference.models import NO_DUE_DATE, DueDate


def move(
    answer: Answer,
    state: AnswerState,
    *,
    by: Actor,
    due: DueDate = NO_DUE_DATE,
    words: str = "",
) -> None:
    """Reach a state: the dated row, the audit line and the next due date, if one follows."""
    answer.state, answer.changed_at = state, now()
    answer.set_due(due)
    row = AnswerChange(
        answer_id=answer.id,
        state=state,
        at=now(),
        by_id=by.user_id,
        organisation_id=by.organisation_id,
        words=words,
    )
    db.session.add(row)
    db.session.flush()
    outbox.note(state.value, answer, f"set the answer to: {state.label.lower()}", by=by)


def sides_at(answer: Answer, by: Actor) -> Sides:
    """Return the sides on which the actor stands as the answer is now."""
    return sides_of(by, answer, parts_of(by), is_sealed=is_sealed_now(answer))


def is_sealed_now(answer: Answer) -> bool:
    """Whether nobody but the innovator's side reads it yet."""
    return is_sealed(answer, published_of(answer.challenge_id), today())


def lock(answer: Answer, version: int | None) -> None:
    """Let one person at a time change it. Raises Outdated when the version is not the one seen."""
    row_lock(answer, seen=version)


def require(allowed: bool) -> None:
    """Raise Forbidden for who may not."""
    if not allowed:
        raise Forbidden("You may not do this with the answer as it stands.")
