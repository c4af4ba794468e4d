"""That they met, what came of it, and asking for it after 30 and 90 days."""

from datetime import date

from portal.accounts.models import SYSTEM, Actor, Organisation
from portal.clock import day_of, today
from portal.db import db
from portal.errors import Invalid
from portal.innovations.services.uses import confirm_use
from portal.introductions import outbox, policy
from portal.introductions.models import (
    Ending,
    Introduction,
    Outcome,
    Reminder,
    ReminderKind,
    State,
)
from portal.introductions.queries import asked_kinds, concerned_hin_ids
from portal.introductions.rules import IN_USE, next_ask
from portal.introductions.services.moves import lock, move
from portal.reference.models import DueDate

NEEDS_WHY = frozenset({Outcome.NOT_NOW, Outcome.NOTHING_SUITABLE})


def meet(*, introduction: Introduction, version: int, on: date, by: Actor) -> None:
    """Record on which day they met; what came of it is asked 30 and 90 days later.

    Raises Forbidden, Conflict, and Invalid (field `on`) for a day to come or before they agreed.
    """
    sides = policy.sides_of(by, introduction, concerned_hin_ids(introduction))
    allowed = policy.can_record_meeting(by, sides, introduction)
    lock(introduction, version, by=by, allowed=allowed)
    if on > today():
        raise Invalid("The meeting must be today or in the past", field="on")
    if on < agreed_on(introduction):
        raise Invalid("The meeting must be on or after the day the innovator agreed", field="on")
    introduction.met_on = on
    due = DueDate(next_ask(on, asked_kinds(introduction.id)))
    move(introduction, State.MET, by=by, due=due)
    for told in (outbox.tell_ics, outbox.tell_hins, outbox.tell_innovator):
        told("met", introduction, by=by)


def agreed_on(introduction: Introduction) -> date:
    """Return the day in England on which the innovator agreed."""
    if introduction.agreed_at is None:
        raise ValueError("nobody agreed yet")
    return day_of(introduction.agreed_at)


def record_outcome(
    *,
    introduction: Introduction,
    version: int,
    outcome: Outcome,
    by: Actor,
    why: str = "",
    organisation: Organisation | None = None,
    site: str = "",
    from_on: date | None = None,
) -> None:
    """Record what came of it; a trial or adoption is put on the record as well.

    Approved by whoever records it: the ICS, which knows what it uses, or the HIN that brokered in
    its place. The line on the record names them. Raises Forbidden, Conflict, Invalid.
    """
    sides = policy.sides_of(by, introduction, concerned_hin_ids(introduction))
    allowed = policy.can_record_outcome(by, sides, introduction)
    lock(introduction, version, by=by, allowed=allowed)
    if outcome in NEEDS_WHY and not why:
        raise Invalid("Enter why", field="why")
    if outcome in IN_USE:
        _put_in_use(introduction, outcome, organisation, site, from_on, by=by)
    ending = Ending.OUTCOME
    move(introduction, State.ENDED, by=by, ending=ending, outcome=outcome, message=why)
    for told in (outbox.tell_ics, outbox.tell_hins, outbox.tell_innovator):
        told("outcome", introduction, by=by)


def _put_in_use(
    introduction: Introduction,
    outcome: Outcome,
    organisation: Organisation | None,
    site: str,
    from_on: date | None,
    *,
    by: Actor,
) -> None:
    if organisation is None:
        raise Invalid("Select the organisation that uses it", field="organisation")
    if from_on is None:
        raise Invalid("Enter the day on which it started", field="from_on")
    if from_on > today():
        raise Invalid("The start must be today or in the past", field="from_on")
    introduction.use = confirm_use(
        innovation=introduction.innovation,
        organisation=organisation,
        site=site,
        from_on=from_on,
        is_trial=outcome is Outcome.TRIAL,
        by=by,
        use=introduction.use,
    )


# Asked by the job ----------------------------------------------------------------------------


def remind(introduction: Introduction, kind: ReminderKind) -> bool:
    """Remind people that a due date has passed, once; returns whether it was now."""
    if not _is_first(introduction, kind):
        return False
    if kind is ReminderKind.BROKER:
        outbox.tell_hins("overdue", introduction)
    else:
        outbox.tell_innovator("reply_overdue", introduction)
        outbox.tell_hins("reply_overdue", introduction)
    return True


def ask_outcome(introduction: Introduction) -> None:
    """Ask what came of it: a first time, a second time, and end it silently after both."""
    asked = asked_kinds(introduction.id)
    if ReminderKind.OUTCOME_SECOND in asked:
        outcome = Outcome.NO_REPLY
        move(introduction, State.ENDED, by=SYSTEM, ending=Ending.OUTCOME, outcome=outcome)
        outbox.tell_ics("outcome", introduction)
        outbox.tell_hins("outcome", introduction)
        return
    first, second = ReminderKind.OUTCOME_FIRST, ReminderKind.OUTCOME_SECOND
    kind = second if first in asked else first
    _is_first(introduction, kind)
    begun = introduction.met_on or agreed_on(introduction)
    introduction.set_due(DueDate(next_ask(begun, asked | {kind})))
    outbox.tell_ics("outcome_wanted", introduction)
    outbox.tell_hins("outcome_wanted", introduction)
    db.session.flush()


def _is_first(introduction: Introduction, kind: ReminderKind) -> bool:
    if kind in asked_kinds(introduction.id):
        return False
    db.session.add(Reminder(introduction_id=introduction.id, kind=kind))
    db.session.flush()
    return True
