"""Open, pick up, join, level and hand over engagements.

Every service takes `at`: None is now; a past moment loads history, which is dated and audited
like anything else but tells nobody (`outbox.HISTORY`). Those that decide take the `version` that
the person saw: a `Conflict` names who decided what meanwhile.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from portal.accounts.models import SYSTEM, Actor
from portal.audit.models import Audience
from portal.clock import day_of, now
from portal.db import db, lock
from portal.errors import Conflict, Forbidden, Invalid
from portal.innovations.models import Innovation
from portal.reference.models import NO_DUE_DATE, DeadlineKind, DueDate
from portal.reference.queries import due_date
from portal.support import outbox, policy, queries
from portal.support.models import (
    BudgetAnswer,
    BudgetAsk,
    ClosingReason,
    Engagement,
    EngagementChange,
    EngagementState,
)
from portal.support.rules import LIVE, PICKED_UP_FROM
from portal.support.rules.closings import was_supported
from portal.support.services import budgets
from portal.support.services.asking import take_over_lead
from portal.support.services.closing import ask, end
from portal.support.services.due_dates import reschedule
from portal.support.services.moves import (
    check_level,
    colleague,
    move,
    refuse_unless_theirs,
    set_lead_person,
    set_level,
    who_decided,
)


def open_first(
    *,
    innovation: Innovation,
    hin_id: int | None,
    at: datetime | None = None,
    found: Sequence[Engagement] | None = None,
) -> Engagement | None:
    """Put a submitted record in the queue of its HIN, with the day by which it is picked up.

    Called before the flush of the submission; it does not flush. A record whose innovator
    chose no HIN yet, or that the HIN has already, is left alone. `found` are the record's
    engagements, where they were read already.
    """
    at = at or now()
    found = queries.engagements(innovation.id) if found is None else found
    if hin_id is None or any(one.hin_id == hin_id for one in found):
        return None
    engagement = Engagement(
        innovation=innovation,
        hin_id=hin_id,
        state=EngagementState.NEW,
        opened_at=at,
    )
    engagement.is_first = not found
    take_over_lead(engagement, at=at, others=found)
    engagement.set_due(due_date(DeadlineKind.PICK_UP, day_of(at)))
    engagement.changes.append(EngagementChange(state=EngagementState.NEW, at=at))
    db.session.add(engagement)
    outbox.note("engagement.opened", innovation, "put it in the HIN's queue", by=SYSTEM, at=at)
    outbox.tell_hin("arrived", engagement, at=at)
    return engagement


def receive_changes(*, engagement: Engagement, at: datetime | None = None) -> None:
    """Go back to assessing when everything that was asked for came in; a reply is due.

    Called before the flush of the submission; it does not flush.
    """
    at = at or now()
    move_by_itself(
        engagement,
        EngagementState.ASSESSING,
        at,
        "The changes asked for were submitted.",
        due=due_date(DeadlineKind.REPLY, day_of(at)),
    )
    outbox.tell_hin("changes_received", engagement, at=at)


def close_archived(*, engagement: Engagement, why: str, at: datetime | None = None) -> None:
    """Close an engagement because the record was archived: nobody is to chase it any more. Where
    there was support, the owner is asked how it was.

    Called before the flush of the archiving; it does not flush.
    """
    at = at or now()
    words = f"The innovation was archived. {why}".strip()
    move_by_itself(engagement, EngagementState.CLOSED, at, words)
    outbox.tell_hin("archived", engagement, at=at, why=why)
    if was_supported(engagement):
        reason = ClosingReason.ARCHIVED
        closing = end(engagement, reason, words, BROUGHT_BACK, by=SYSTEM, at=at)
        if closing.survey is not None:
            ask(closing.survey, at=at, url="/home")  # it has no address before the flush


BROUGHT_BACK = "The owner may bring the innovation back from the archive at any time."


def reopen(*, engagement: Engagement, at: datetime | None = None) -> None:
    """Put a record that was brought back from the archive on the desk again, as a new case.

    Called before the flush of the return; it does not flush.
    """
    at = at or now()
    move_by_itself(
        engagement,
        EngagementState.NEW,
        at,
        "The innovation was brought back from the archive.",
        due=due_date(DeadlineKind.PICK_UP, day_of(at)),
    )
    outbox.tell_hin("arrived", engagement, at=at)


def move_by_itself(
    engagement: Engagement,
    state: EngagementState,
    at: datetime,
    message: str,
    *,
    due: DueDate = NO_DUE_DATE,
) -> None:
    """Reach a state because the record changed, not because somebody of the HIN decided."""
    before = engagement.state
    engagement.state = state
    engagement.set_due(due)
    engagement.waiting_for, engagement.waiting_until = "", None
    engagement.changes.append(EngagementChange(state=state, at=at, message=message))
    if state not in LIVE:
        budgets.settle(engagement, BudgetAnswer.CLOSED, message, by=SYSTEM, at=at)
    outbox.note(
        f"engagement.{state.value}",
        engagement.innovation,
        f"moved the support to {state.label}: {message}",
        by=SYSTEM,
        at=at,
        changes={"state": [before, state]},
    )


def pick_up(
    *, engagement: Engagement, version: int, by: Actor, at: datetime | None = None
) -> Engagement:
    """Take a case to read it: whoever picks it up leads it, and a decision is due."""
    at = at or now()
    refuse_unless_theirs(engagement, version, by)
    if engagement.state not in PICKED_UP_FROM:
        raise Conflict(who_decided(engagement))
    set_lead_person(engagement, by.user_id, by=by, at=at)
    engagement.picked_up_at = at
    engagement.waiting_for, engagement.waiting_until = "", None
    due = due_date(DeadlineKind.DECIDE, day_of(at))
    move(engagement, EngagementState.ASSESSING, due=due, by=by, at=at)
    outbox.tell_innovators("picked_up", engagement, at=at, by=by)
    return engagement


def change_level(
    *,
    engagement: Engagement,
    version: int,
    level: int,
    why: str,
    by: Actor,
    at: datetime | None = None,
) -> Engagement:
    """Move an engagement to another support level; `why` stays with staff."""
    at = at or now()
    refuse_unless_theirs(engagement, version, by)
    if engagement.state is not EngagementState.ENGAGING:
        raise Conflict(who_decided(engagement))
    if level == engagement.level:
        raise Invalid(f"Select another level: it is {level} now", field="level")
    check_level(engagement, level, why)
    set_level(engagement, level, why, by=by, at=at)
    budgets.review(engagement, by=by, at=at)
    reschedule(engagement)
    outbox.tell_innovators("level", engagement, at=at, by=by)
    return engagement


def carry_on(
    *, engagement: Engagement, version: int, why: str, by: Actor, at: datetime | None = None
) -> BudgetAsk:
    """Go on at the same level though its hours are spent; `why` stays with staff.

    Asked again once as many hours more were spent. Raises Conflict when nothing is asked.
    """
    at = at or now()
    refuse_unless_theirs(engagement, version, by)
    if not why:
        raise Invalid("Enter why it carries on at this level", field="why")
    ask = budgets.settle(engagement, BudgetAnswer.CARRIED_ON, why, by=by, at=at)
    if ask is None:
        raise Conflict(who_decided(engagement))
    outbox.note(
        "engagement.carried_on",
        engagement.innovation,
        f"carried on at level {engagement.level} though its hours were spent",
        by=by,
        at=at,
        audience=Audience.HIN,
    )
    db.session.flush()
    return ask


def assign(
    *,
    engagement: Engagement,
    version: int,
    lead_id: int,
    by: Actor,
    at: datetime | None = None,
) -> Engagement:
    """Hand the engagement to another person of the HIN, who is told."""
    at = at or now()
    if hand_to(engagement=engagement, version=version, lead_id=lead_id, by=by, at=at):
        _tell_new_lead(engagement, by=by, at=at)
    return engagement


def _tell_new_lead(engagement: Engagement, *, by: Actor, at: datetime) -> None:
    if engagement.lead_id != by.user_id:
        outbox.tell_lead("lead", engagement, at=at, by=by)


def hand_to(*, engagement: Engagement, version: int, lead_id: int, by: Actor, at: datetime) -> bool:
    """Change the lead person and note it, telling nobody; returns whether it is another person."""
    refuse_unless_theirs(engagement, version, by)
    if engagement.state not in LIVE:
        raise Conflict(who_decided(engagement))
    if lead_id == engagement.lead_id:
        return False
    before = engagement.lead.name if engagement.lead else None
    lead = colleague(engagement, lead_id)
    set_lead_person(engagement, lead.id, by=by, at=at)
    outbox.note(
        "engagement.assigned",
        engagement.innovation,
        f"made {lead.name} the lead person",
        by=by,
        at=at,
        changes={"lead": [before, lead.name]},
    )
    db.session.flush()
    return True


def join(
    *, innovation: Innovation, known: Collection[int], by: Actor, at: datetime | None = None
) -> Engagement:
    """Begin another HIN's engagement beside the ones there are.

    `known` are the HINs that the person was shown: a Conflict says who came meanwhile, so that
    no HIN begins unknowingly. The HINs that work with it already are told.
    """
    at = at or now()
    lock(innovation)  # of two HINs joining at once the second sees the first
    others = queries.engagements(innovation.id)
    if not policy.can_join(by, innovation, others):
        raise Forbidden("Your network cannot join this innovation.")
    unseen = [e.hin.name for e in others if e.state in LIVE and e.hin_id not in known]
    if unseen:
        raise Conflict(f"{' and '.join(unseen)} began working with it while you were reading.")
    engagement = Engagement(innovation=innovation, hin_id=by.hin_id, opened_at=at)
    engagement.is_first = not others
    engagement.picked_up_at = at
    db.session.add(engagement)
    set_lead_person(engagement, by.user_id, by=by, at=at)
    take_over_lead(engagement, at=at)
    due = due_date(DeadlineKind.DECIDE, day_of(at))
    move(engagement, EngagementState.ASSESSING, due=due, by=by, at=at, summary="joined it")
    db.session.refresh(engagement)
    outbox.tell_innovators("joined", engagement, at=at, by=by)
    for other in (e for e in others if e.state in LIVE):
        outbox.tell_hin("hin_joined", other, at=at, by=by, joined=engagement)
    return engagement
