"""What the desk tells people of a network."""

from collections.abc import Sequence
from datetime import datetime

from portal.accounts.models import Actor
from portal.clock import now
from portal.notifications.outbox import tell
from portal.support.models import Engagement
from portal.support.outbox import MAX_AGE_OF_NEWS


def tell_lead_of_many(engagements: Sequence[Engagement], *, at: datetime, by: Actor) -> None:
    """Tell the lead person of several engagements, once, of all of them."""
    lead = engagements[0].lead
    if lead is not None and at >= now() - MAX_AGE_OF_NEWS:
        tell(
            [lead],
            "desk/emails/leads.txt",
            url="/support?queue=mine",
            engagements=engagements,
            by=by,
        )
