"""Keep due dates: renew an update, exempt from a day, and remind."""

from datetime import date, datetime

from portal.accounts.models import Actor
from portal.accounts.queries.acting import leads
from portal.clock import day_of, now, today
from portal.db import add_new, db
from portal.errors import Conflict, Forbidden, Invalid
from portal.reference.models import DeadlineKind, DueDate
from portal.reference.queries import due_date
from portal.reference.services import set_due
from portal.support import outbox, policy
from portal.support.models import Engagement, EngagementState, Proposal
from portal.support.models.due_dates import DueDateReminder, Exemption, ReminderKind
from portal.support.queries.due_dates import last_heard, owners
from portal.support.rules.due_dates import reason
from portal.support.services.moves import refuse_unless_theirs, who_decided
from portal.wording import is_overdue


def reschedule(engagement: Engagement) -> None:
    """Set when the next update is due of an engagement that is engaging, from the day on which the
    innovator last heard of it.

    The row's version stays: that somebody logged a call does not overtake a colleague who decides.
    """
    if engagement.state is not EngagementState.ENGAGING:
        return
    db.session.flush()
    set_due(engagement, due_date(DeadlineKind.UPDATE, last_heard(engagement)))


def exempt(
    *,
    engagement: Engagement,
    version: int,
    why: str,
    by: Actor,
    until: date | None = None,
    at: datetime | None = None,
) -> Exemption:
    """Let an engagement off its due date, for a reason; the innovator is told.

    It is due on `until` instead; without it nothing is, until the next step. Raises Forbidden for
    anybody but a lead of the HIN, Conflict when it was decided meanwhile or nothing is due,
    Invalid without a reason or for a day that is not in the future.
    """
    at = at or now()
    if not policy.can_exempt(by, engagement):
        raise Forbidden("Only a lead of the network exempts from a due date.")
    refuse_unless_theirs(engagement, version, by)
    if engagement.due_on is None:
        raise Conflict(f"There is no due date any more. {who_decided(engagement)}")
    if not why:
        raise Invalid("Enter why the day does not hold", field="why")
    if until is not None and until <= day_of(at):
        raise Invalid("The new day must be in the future", field="until")
    found = Exemption(
        engagement=engagement,
        due_on=engagement.due_on,
        until=until,
        why=why,
        at=at,
        by_id=by.user_id,
    )
    db.session.add(found)
    engagement.set_due(DueDate(until))
    outbox.note(
        "engagement.exempted",
        engagement.innovation,
        f"exempted from the due date of “{reason(engagement).lower()}”: {why}",
        by=by,
        at=at,
        changes={"due_on": [found.due_on, until]},
    )
    db.session.flush()
    outbox.tell_innovators("exempted", engagement, at=at, by=by, why=why, until=until)
    return found


def remind(engagement: Engagement, kind: ReminderKind) -> bool:
    """Remind people of the due date, once; returns whether it was now.

    Two workers at once: the second finds the row and says nothing.
    """
    if engagement.due_on is None:
        return False
    if not add_new(
        DueDateReminder(at=now(), engagement_id=engagement.id, due_on=engagement.due_on, kind=kind)
    ):
        return False
    people = owners(engagement)
    if kind is ReminderKind.LEAD:
        told = {person.id for person in people}
        people = [person for person in leads(engagement.hin_id) if person.id not in told]
    outbox.tell_staff(
        f"reminder_{kind.value}", engagement, people, reason=reason(engagement), today=today()
    )
    return True


def remind_of_proposal(proposal: Proposal, kind: ReminderKind) -> bool:
    """Remind the HIN that was asked for its reply, once; returns whether it was now."""
    if not add_new(
        DueDateReminder(at=now(), proposal_id=proposal.id, due_on=proposal.due_on, kind=kind)
    ):
        return False
    outbox.tell_proposal(
        "reminder",
        proposal,
        proposal.to_hin_id,
        at=now(),
        is_late=is_overdue(proposal.due_on, today()),
    )
    return True
