"""Hand a question of an ICS to its HIN, and answer it.

Neither words nor day of it depend on any record: it is the same whether something fits or not.
"""

from portal.accounts.models import Actor
from portal.audit import services as audit
from portal.audit.models import Audience
from portal.challenges.models import Challenge
from portal.clock import now, today
from portal.db import add_new, db, lock
from portal.errors import Conflict, Forbidden, Invalid
from portal.matching import outbox, policy
from portal.matching.models import EnquiryReminder, HinEnquiry
from portal.matching.queries.enquiries import hin_of
from portal.reference.models import DeadlineKind
from portal.reference.queries import due_date
from portal.support.models.due_dates import ReminderKind

MAX_WORDS = 500
"""So many characters of a search are handed on."""


def ask_hin(
    *, note: str, by: Actor, challenge: Challenge | None = None, words: str = ""
) -> HinEnquiry:
    """Ask the HIN of the actor's ICS to look among what is not shared yet, with a due date.

    Raises Forbidden unless an ICS asks, Invalid where it is not known for what or no HIN leads.
    """
    if not policy.can_ask_hin(by):
        raise Forbidden("Integrated care systems ask their Health Innovation Network here.")
    if challenge is None and not (words or note):
        raise Invalid("Enter what you are looking for", field="note")
    hin = hin_of(by)
    if hin is None:
        raise Invalid("No Health Innovation Network leads in your area today.")
    enquiry = HinEnquiry(
        challenge=challenge,
        words=words,
        note=note,
        organisation_id=by.organisation_id,
        hin=hin,
        asked_by_id=by.user_id,
    )
    enquiry.set_due(due_date(DeadlineKind.REPLY, today()))
    db.session.add(enquiry)
    db.session.flush()
    _note(enquiry, "asked", "asked its HIN to look among what is not shared yet", by=by)
    outbox.tell_enquiry(enquiry, by=by)
    db.session.flush()
    return enquiry


def answer(*, enquiry: HinEnquiry, text: str, version: int, by: Actor) -> None:
    """Answer a question; raises Forbidden unless the HIN that was asked does, Conflict when a
    colleague answered before."""
    if not policy.can_answer(by) or by.hin_id != enquiry.hin_id:
        raise Forbidden("Staff of the Health Innovation Network that was asked answer here.")
    lock(enquiry)
    if enquiry.answered_at is not None or enquiry.version != version:
        raise Conflict("A colleague answered this question before you.")
    enquiry.answer, enquiry.answered_at, enquiry.answered_by_id = text, now(), by.user_id
    db.session.flush()
    _note(enquiry, "answered", "answered an ICS about what is not shared yet", by=by)
    outbox.tell_enquiry_answered(enquiry)
    db.session.flush()


def remind(enquiry: HinEnquiry, kind: ReminderKind) -> bool:
    """Remind the HIN of the answer that is due, once; returns whether it was now."""
    if enquiry.due_on is None or enquiry.answered_at is not None:
        return False
    row = EnquiryReminder(enquiry_id=enquiry.id, due_on=enquiry.due_on, kind=kind)
    if not add_new(row):  # two workers at once: the other one said it
        return False
    outbox.tell_enquiry_due(enquiry)
    return True


def _note(enquiry: HinEnquiry, verb: str, summary: str, *, by: Actor) -> None:
    audit.record(
        f"hin_enquiry.{verb}",
        noun="hin_enquiry",
        noun_id=enquiry.id,
        summary=summary,
        by=by,
        audience=Audience.HIN,
    )
