"""The steps that every change of an introduction shares."""

from typing import Any

from portal.accounts.models import Actor, User
from portal.clock import now
from portal.db import db
from portal.db import lock as row_lock
from portal.errors import Forbidden
from portal.introductions import outbox, rules
from portal.introductions.models import (
    Ending,
    Introduction,
    IntroductionChange,
    Outcome,
    State,
)
from portal.introductions.queries import changes
from portal.reference.models import NO_DUE_DATE, DueDate
from portal.wording import moment_words


def move(
    introduction: Introduction,
    state: State,
    *,
    by: Actor,
    due: DueDate = NO_DUE_DATE,
    ending: Ending | None = None,
    outcome: Outcome | None = None,
    message: str = "",
    elsewhere: str = "",
) -> None:
    """Reach a state: the dated row, the audit line and the next due date, if one follows."""
    before = {"state": introduction.state, "outcome": introduction.outcome}
    introduction.state = state
    introduction.set_due(due)
    introduction.ending, introduction.outcome = ending, outcome
    if state is State.ENDED:
        introduction.ended_at = now()
    introduction.changes.append(
        IntroductionChange(
            state=state,
            ending=ending,
            outcome=outcome,
            by_id=by.user_id,
            organisation_id=by.organisation_id,
            message=message,
            elsewhere=elsewhere,
        )
    )
    db.session.flush()
    after: dict[str, Any] = {"state": state, "outcome": outcome}
    outbox.note(
        ending.value if ending else state.value,
        introduction,
        f"set the introduction to {rules.step_words(state, ending, outcome)}",
        by=by,
        changes={
            name: [before[name], after[name]] for name in after if before[name] != after[name]
        },
    )


def lock(introduction: Introduction, version: int, *, by: Actor, allowed: bool) -> None:
    """Let one person at a time change it. Raises Conflict, naming what happened meanwhile, when
    the version is not the one that the person saw, and Forbidden for who may not."""
    row_lock(introduction, seen=version, words=lambda: what_happened(introduction, by))
    if not allowed:
        raise Forbidden("You may not do this with the introduction as it stands.")


def what_happened(introduction: Introduction, by: Actor) -> str:
    """Return what happened last and when: what the second of two people is told.

    HIN staff are told who; the others which organisation, as they may not know people yet.
    """
    last = changes(introduction)[0]
    organisation = last.organisation.name if last.organisation else "The portal"
    person = db.session.get(User, last.by_id) if by.is_hin and last.by_id else None
    who = f"{person.name} of {organisation}" if person else organisation
    at = moment_words(last.at)
    step = rules.step_words(last.state, last.ending, last.outcome).lower()
    if last.state is State.TAKEN:
        return f"{who} took it on {at}."
    return f"{who} changed it on {at}: {step}."
