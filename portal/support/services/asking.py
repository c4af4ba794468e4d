"""Ask a HIN again that said no or ended its support: something changed, a new assessment is due."""

from collections.abc import Sequence
from datetime import datetime

from portal.accounts.models import Actor
from portal.clock import day_of, now
from portal.errors import Conflict, Forbidden, Invalid
from portal.reference.models import DeadlineKind
from portal.reference.queries import due_date
from portal.support import outbox, policy
from portal.support.models import Engagement, EngagementState, LeadChange
from portal.support.queries import engagements
from portal.support.rules import LIVE
from portal.support.services.moves import move, set_lead_person, who_decided


def ask_again(
    *, engagement: Engagement, changed: str, by: Actor, at: datetime | None = None
) -> Engagement:
    """Put a case on its HIN's desk again, with the day by which it is picked up.

    `changed` is what changed since; the HIN reads it. Raises Forbidden for whoever is not of the
    innovation's side, and Conflict while the HIN still works with it.
    """
    at = at or now()
    if not policy.is_asking_side(by, engagement.innovation):
        raise Forbidden("Only the people of this innovation may ask again.")
    if engagement.state in LIVE:
        raise Conflict(who_decided(engagement))
    if not changed.strip():
        raise Invalid("Enter what changed", field="changed")
    due = due_date(DeadlineKind.PICK_UP, day_of(at))
    set_lead_person(engagement, None, by=by, at=at)
    move(
        engagement,
        EngagementState.NEW,
        due=due,
        by=by,
        at=at,
        message=changed,
        summary="asked for a new assessment",
    )
    outbox.tell_hin("asked_again", engagement, at=at, by=by, message=changed)
    return engagement


def take_over_lead(
    engagement: Engagement, *, at: datetime, others: Sequence[Engagement] | None = None
) -> None:
    """Let an engagement lead if nobody leads who still works with the record: a HIN that said no
    or ended its support leads no longer. `others` are the record's, where they were read."""
    found = engagements(engagement.innovation.id) if others is None else others
    others = [one for one in found if one is not engagement]
    if any(one.is_leading and one.state in LIVE for one in others):
        return
    for one in others:
        one.is_leading = False
    if not engagement.is_leading:
        engagement.is_leading = True
        engagement.leading.append(LeadChange(at=at))
