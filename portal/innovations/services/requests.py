"""Ask those who own a record to share it with ICSs; `ownership` has the answer."""

from datetime import date

from portal.accounts.models import Actor
from portal.audit import services as audit
from portal.audit.models import Audience
from portal.clock import now, today
from portal.db import db, lock, use_once
from portal.errors import Forbidden, Invalid
from portal.innovations import outbox, policy
from portal.innovations.models import Innovation, SharingAnswer, SharingRequest
from portal.innovations.queries.requests import open_request
from portal.reference.models import DeadlineKind
from portal.reference.queries import due_date


def ask_to_share(*, innovation: Innovation, by: Actor) -> SharingRequest:
    """Ask the owner that ICSs may see the record: a task with a day for the answer.

    Returns the request that is open already if there is one. Raises Forbidden unless HIN or
    national staff ask, Invalid when ICSs see the record or could not see it if it were shared.
    """
    if not policy.can_ask_to_share(by, innovation):
        raise Forbidden("HIN and national staff ask for a record to be shared.")
    if not policy.is_hidden_from_icss(innovation):
        raise Invalid("ICSs can see this record already.")
    lock(innovation)
    found = open_request(innovation.id)
    if found is not None:
        return found
    request = SharingRequest(
        innovation=innovation,
        organisation_id=by.organisation_id,
        asked_by_id=by.user_id,
    )
    request.set_due(due_date(DeadlineKind.REPLY, today()))
    db.session.add(request)
    db.session.flush()
    _note(request, "asked", "asked for the record to be shared with ICSs", by=by)
    outbox.tell_sharing_wanted(request, by=by)
    db.session.flush()
    return request


def remind(*, request: SharingRequest, on: date) -> bool:
    """Remind those who decide of a request that waits, once; returns whether it was now."""
    unused = (
        SharingRequest.id == request.id,
        SharingRequest.reminded_on.is_(None),
        SharingRequest.answered_at.is_(None),
    )
    if not use_once(SharingRequest, *unused, reminded_on=on):
        return False
    outbox.tell_sharing_waits(request, on)
    db.session.flush()
    return True


def settle_shared(*, innovation: Innovation, by: Actor) -> None:
    """Answer the open request of a record that ICSs can see now, if there is one."""
    request = open_request(innovation.id)
    if request is not None and not policy.is_hidden_from_icss(innovation):
        settle(request=request, answer=SharingAnswer.SHARED, by=by)


def settle(*, request: SharingRequest, answer: SharingAnswer, by: Actor) -> None:
    """Note what came of a request, and tell who asked."""
    request.answer, request.answered_at, request.answered_by_id = answer, now(), by.user_id
    _note(request, answer.value, SAID[answer], by=by)
    outbox.tell_sharing_answered(request, by=by)


SAID = {
    SharingAnswer.SHARED: "shared the record with ICSs, as was asked",
    SharingAnswer.DECLINED: "does not share the record with ICSs for now",
}


def _note(request: SharingRequest, verb: str, summary: str, *, by: Actor) -> None:
    audit.record(
        f"sharing_request.{verb}",
        noun="innovation",
        noun_id=request.innovation_id,
        summary=summary,
        by=by,
        audience=Audience.STAFF,
    )
