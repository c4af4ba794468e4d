"""What a HIN has to do next, in words, and when people are reminded of it."""

from collections.abc import Iterator, Mapping, Set
from datetime import date

from portal.reference.rules import working_days_between
from portal.support.models import Engagement, EngagementState
from portal.support.models.due_dates import ReminderKind

WORKING_DAYS_BEFORE = 1
"""How many working days before the day the owner is reminded."""
WORKING_DAYS_BEFORE_UPDATE = 5
"""The same for an update, which takes a talk."""
WORKING_DAYS_AFTER = 2
"""How many working days after the day the HIN's lead is told."""


def reason(engagement: Engagement) -> str:
    """Return why an engagement stands on the desk: the next step in a few words."""
    if engagement.state is EngagementState.ASSESSING and answers_changes(engagement):
        return "Read the changes and reply"
    return REASONS.get(engagement.state, "")


REASONS: Mapping[EngagementState, str] = {
    EngagementState.NEW: "Pick it up",
    EngagementState.ASSESSING: "Decide",
    EngagementState.ENGAGING: "Be in touch with the innovator",
    EngagementState.WAITING: "Look again",
    EngagementState.CHANGES: "The innovator is at work",
}


def answers_changes(engagement: Engagement) -> bool:
    """Whether what is being read are changes that were asked for: it was decided since it was
    picked up."""
    decided, picked_up = engagement.decided_at, engagement.picked_up_at
    return decided is not None and picked_up is not None and decided >= picked_up


def reminders_due(
    state: EngagementState, due_on: date, today: date, holidays: Set[date]
) -> Iterator[ReminderKind]:
    """Yield the reminders that a due date calls for by today, sent already or not.

    One before the day, while it has not passed; one to the owner after it; one to the lead when
    two working days more have passed.
    """
    early = WORKING_DAYS_BEFORE_UPDATE if state is EngagementState.ENGAGING else WORKING_DAYS_BEFORE
    if today <= due_on:
        if working_days_between(today, due_on, holidays) <= early:
            yield ReminderKind.BEFORE
        return
    yield ReminderKind.AFTER
    if working_days_between(due_on, today, holidays) > WORKING_DAYS_AFTER:
        yield ReminderKind.LEAD
