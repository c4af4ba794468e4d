"""The messages that this room sends, to people and to higher rooms."""

from datetime import date

from blinker import Signal

from portal.accounts.models import SYSTEM, Actor, User
from portal.accounts.queries.acting import responsible_at
from portal.innovations.models import Innovation, SharingAnswer, SharingRequest
from portal.innovations.queries.people import own_people
from portal.notifications.outbox import tell
from portal.reference.models import Hin
from portal.wording import is_overdue

submitted = Signal("A record, or changes to it, were submitted: `at`, `is_first`.")
archived = Signal("A record was archived: `at`, `why`.")
restored = Signal("An archived record that had been submitted was brought back: `at`.")
merging = Signal("Another record becomes part of this one: `other`, `merge`, `at`.")
parted = Signal("A record that had become part of this one stands alone again: the same.")
"""Sent with the record, inside the transaction and before its flush, by the service that does it:
what a receiver changes is part of the same change."""


def tell_sharing_wanted(request: SharingRequest, *, by: Actor) -> None:
    """Tell who decides about a record that ICSs should see it."""
    innovation = request.innovation
    tell(
        own_people(innovation, besides=by),
        "innovations/emails/sharing_wanted.txt",
        url=f"/innovations/{innovation.id}/sharing",
        innovation=innovation,
        by=by,
        due_on=request.due_on,
    )


def tell_sharing_waits(request: SharingRequest, on: date) -> None:
    """Remind who decides about a record that a request to share it waits for their answer."""
    tell(
        own_people(request.innovation, besides=SYSTEM),
        "innovations/emails/sharing_waits.txt",
        url=f"/innovations/{request.innovation_id}/sharing",
        innovation=request.innovation,
        organisation=request.organisation.name,
        due_on=request.due_on,
        is_late=is_overdue(request.due_on, on),
    )


def tell_sharing_answered(request: SharingRequest, *, by: Actor) -> None:
    """Tell who asked or, when they have left, who leads the organisation that asked, what came of
    it; not who answered."""
    tell(
        responsible_at(request.asked_by_id, request.organisation_id),
        "innovations/emails/sharing_answered.txt",
        url=f"/innovations/{request.innovation_id}",
        innovation=request.innovation,
        by=by,
        is_shared=request.answer is SharingAnswer.SHARED,
    )


def tell_submitted(
    owner: User, innovation: Innovation, hin: Hin | None, due_on: date | None, *, is_first: bool
) -> None:
    """Tell the owner that the record, or changes to it, arrived, and what happens next."""
    words = "submitted" if is_first else "updated"
    tell(
        [owner],
        f"innovations/emails/{words}.txt",
        url=f"/innovations/{innovation.id}",
        innovation=innovation,
        hin=hin,
        due_on=due_on,
    )
