"""The steps that every change of an idea shares."""

from portal.accounts.models import Actor
from portal.clock import now
from portal.community import outbox
from portal.community.models import Idea, IdeaState, IdeaStep
from portal.community.policy import Standing
from portal.community.queries import standing_of
from portal.db import db
from portal.db import lock as row_lock
from portal.errors import Forbidden

NOT_NOW = "You may not do this with the idea as it stands."


def hold(idea: Idea, version: int | None, by: Actor) -> Standing:
    """Let one person at a time change it, as it is now; returns what is known of them. Raises
    Outdated when the version is not the one seen."""
    row_lock(idea, seen=version)
    return standing_of(by)


def move(idea: Idea, state: IdeaState, *, by: Actor, words: str = "") -> None:
    """Reach a state: the dated row and the audit line. The due date stays as it is."""
    idea.state = state
    db.session.add(
        IdeaStep(
            idea_id=idea.id,
            state=state,
            at=now(),
            by_id=by.user_id,
            organisation_id=by.organisation_id,
            words=words,
        )
    )
    db.session.flush()
    outbox.note(state.value, idea, f"set the idea to: {state.label.lower()}", by=by)


def require(allowed: bool) -> None:
    """Raise Forbidden for who may not."""
    if not allowed:
        raise Forbidden(NOT_NOW)
