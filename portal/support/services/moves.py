"""The steps that every outcome shares: who may, the dated row, the audit line, the due date."""

from collections.abc import Collection
from datetime import datetime

from portal.accounts.models import Actor, User
from portal.accounts.queries.acting import staff
from portal.audit.models import Audience
from portal.clock import day_of
from portal.db import db, lock
from portal.errors import Conflict, Forbidden, Invalid
from portal.innovations.models import Innovation
from portal.reference.models import NO_DUE_DATE, DueDate
from portal.support import outbox, policy
from portal.support.models import (
    BudgetAnswer,
    Engagement,
    EngagementChange,
    EngagementState,
    LeadPersonChange,
    LevelChange,
)
from portal.support.queries.levels import suggestion
from portal.support.queries.proposals import engaging_beside
from portal.support.queries.timeline import last_decision
from portal.support.rules import LEVELS, LIVE, OUTCOMES
from portal.support.services import budgets
from portal.wording import moment_words


def move(
    engagement: Engagement,
    state: EngagementState,
    *,
    by: Actor,
    at: datetime,
    due: DueDate = NO_DUE_DATE,
    message: str = "",
    elsewhere: str = "",
    summary: str = "",
) -> None:
    """Reach a state, and flush it."""
    said = {"message": message, "elsewhere": elsewhere, "summary": summary}
    reach(engagement, state, by=by, at=at, due=due, **said)
    db.session.flush()


def reach(
    engagement: Engagement,
    state: EngagementState,
    *,
    by: Actor,
    at: datetime,
    due: DueDate = NO_DUE_DATE,
    message: str = "",
    elsewhere: str = "",
    summary: str = "",
) -> None:
    """Reach a state: the dated row, the audit line and the next due date, if one follows. It does
    not flush."""
    before = engagement.state
    engagement.state = state
    engagement.set_due(due)
    if state is not EngagementState.WAITING:
        engagement.waiting_for, engagement.waiting_until = "", None
    if state is not EngagementState.ASSESSING:
        engagement.decided_at = at
    engagement.changes.append(
        EngagementChange(state=state, at=at, by_id=by.user_id, message=message, elsewhere=elsewhere)
    )
    outbox.note(
        f"engagement.{state.value}",
        engagement.innovation,
        summary or f"set the support to {state.label}",
        by=by,
        at=at,
        changes={"state": [before, state]},
    )
    if state not in LIVE:
        budgets.settle(engagement, BudgetAnswer.CLOSED, message, by=by, at=at)


def check_level(engagement: Engagement, level: int, why: str) -> None:
    """Raise Invalid for a level that there is not, or a change of level without its reason."""
    if level not in LEVELS:
        raise Invalid("Select a support level from 1 to 4", field="level")
    if engagement.level not in {None, level} and not why:
        raise Invalid("Enter why the level changes", field="why")


def set_level(engagement: Engagement, level: int, why: str, *, by: Actor, at: datetime) -> None:
    """Hold another level from now on, as a dated row; the reason is for staff only."""
    budgets.settle(engagement, BudgetAnswer.LEVEL, why, by=by, at=at)
    before, engagement.level = engagement.level, level
    found = suggestion(engagement.innovation, day_of(at))
    engagement.levels.append(
        LevelChange(
            level=level,
            at=at,
            by_id=by.user_id,
            why=why,
            suggested=found.level,
            reasons=[hint.as_row() for hint in found.hints],
        )
    )
    outbox.note(
        "engagement.level_set",
        engagement.innovation,
        f"set the support level to {level}",
        by=by,
        at=at,
        changes={"level": [before, level]},
    )
    if why:
        outbox.note(
            "engagement.level_reason",
            engagement.innovation,
            f"gave the reason for level {level}: {why}",
            by=by,
            at=at,
            audience=Audience.HIN,
        )


def set_lead_person(
    engagement: Engagement, lead_id: int | None, *, by: Actor, at: datetime
) -> None:
    """Make a person the lead of an engagement from a moment on, or nobody; a dated row tells it."""
    if lead_id == engagement.lead_id and (lead_id is None or engagement.lead_people):
        return
    engagement.lead_id = lead_id
    engagement.lead = db.session.get(User, lead_id) if lead_id is not None else None
    engagement.lead_people.append(LeadPersonChange(lead_id=lead_id, at=at, by_id=by.user_id))


def colleague(engagement: Engagement, lead_id: int) -> User:
    """Return a person of the engagement's HIN; raises Invalid for anybody else."""
    people = {person.id: person for person in staff(engagement.hin_id)}
    if lead_id not in people:
        raise Invalid("Select a person of your network", field="lead")
    return people[lead_id]


def refuse_unless_allowed(
    engagement: Engagement, outcome: EngagementState, version: int, by: Actor
) -> None:
    """Raise as `refuse_unless_theirs` does, and Conflict when the outcome cannot follow."""
    refuse_unless_theirs(engagement, version, by)
    if outcome not in OUTCOMES[engagement.state]:
        raise Conflict(who_decided(engagement))


def refuse_unless_theirs(engagement: Engagement, version: int, by: Actor) -> None:
    """Raise Forbidden for other HINs' people, Conflict when somebody changed it meanwhile."""
    if not policy.can_decide(by, engagement):
        raise Forbidden("Only the network whose engagement it is decides about it.")
    lock(engagement, seen=version, words=lambda: who_decided(engagement))


def refuse_unaware(innovation: Innovation, hin_id: int | None, known: Collection[int]) -> None:
    """Raise Conflict where another HIN is engaging that the person was not shown.

    The record is locked first, where the database can: of two HINs that commit at once the second
    waits, and then sees the first.
    """
    lock(innovation)
    beside = engaging_beside(innovation.id, hin_id)
    unseen = [name for found, name in beside.items() if found not in known]
    if unseen:
        verb = "is" if len(unseen) == 1 else "are"
        raise Conflict(
            f"{' and '.join(unseen)} {verb} engaging with this innovation. Read who works with it, "
            "then confirm or propose joint work."
        )


def who_decided(engagement: Engagement) -> str:
    """Return who decided what and when: what the second of two people is told."""
    last = last_decision(engagement.id)
    if last is None:
        return f"It is {engagement.state.label} now."
    who = last.who or "The portal"
    return f"{who} set it to “{last.title}” on {moment_words(last.at)}."
