"""Read what ICSs ask their HINs to look for among what is not shared yet."""

from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Actor, Organisation
from portal.challenges.models import Challenge
from portal.db import db
from portal.errors import Forbidden, NotFound
from portal.matching.models import EnquiryReminder, HinEnquiry
from portal.matching.policy import can_answer, can_ask_hin, can_read_enquiry
from portal.matching.queries import challenge_with_matches_for
from portal.reference.models import Hin
from portal.reference.queries import bank_holidays, hin_of_ics
from portal.support.models import EngagementState
from portal.support.models.due_dates import ReminderKind
from portal.support.queries.due_dates import MAX_DAYS_AHEAD
from portal.support.rules.due_dates import reminders_due

__all__ = ["can_answer"]


def require_asker(actor: Actor) -> Actor:
    """Return the actor if they may ask their HIN; raises Forbidden otherwise."""
    if not can_ask_hin(actor):
        raise Forbidden("Integrated care systems ask their Health Innovation Network here.")
    return actor


def require_answerer(actor: Actor) -> Actor:
    """Return the actor if they answer questions of ICSs; raises Forbidden otherwise."""
    if not can_answer(actor):
        raise Forbidden("Staff of the Health Innovation Network that was asked answer here.")
    return actor


def challenge_to_ask_about_for(actor: Actor, challenge_id: int) -> Challenge:
    """Return a challenge about which the actor may ask their HIN; raises NotFound or Forbidden."""
    return challenge_with_matches_for(require_asker(actor), challenge_id)


def hin_of(actor: Actor) -> Hin | None:
    """Return the HIN that leads where the actor's ICS is today, or its successor where it ended."""
    return hin_of_ics(actor.ics_id) if actor.ics_id else None


def enquiries_for(actor: Actor, *, is_open: bool) -> Select[HinEnquiry]:
    """Return the enquiries of the actor's own HIN or organisation: open ones by their day,
    answered ones newest first; raises Forbidden for anybody else."""
    if not (can_answer(actor) or can_ask_hin(actor)):
        raise Forbidden("Questions to a HIN are read by the ICS that asks and by that HIN.")
    own = (
        HinEnquiry.hin_id == actor.hin_id
        if can_answer(actor)
        else HinEnquiry.organisation_id == actor.organisation_id
    )
    order = (
        (HinEnquiry.due_on, HinEnquiry.id)
        if is_open
        else (HinEnquiry.answered_at.desc(), HinEnquiry.id.desc())
    )
    unanswered = HinEnquiry.answered_at.is_(None)
    return (
        select(HinEnquiry)
        .where(own, unanswered if is_open else ~unanswered)
        .options(*_WHOLE)
        .order_by(*order)
    )


_WHOLE = (
    joinedload(HinEnquiry.challenge),
    joinedload(HinEnquiry.organisation),
    joinedload(HinEnquiry.hin),
    joinedload(HinEnquiry.asked_by),
)


def enquiry_for(actor: Actor, enquiry_id: int) -> HinEnquiry:
    """Return an enquiry that the actor may read: the only door; raises NotFound otherwise."""
    found = db.session.get(HinEnquiry, enquiry_id, options=_WHOLE)
    if found is None or not can_read_enquiry(actor, found):
        raise NotFound("There is no such question that you may read.")
    return found


def asked_of(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Return the statement of the questions that wait for an answer of the actor's HIN.

    Its columns are those of `portal.web.home.AskRow`: the text is what a question is about.
    """
    about = func.coalesce(Challenge.title, func.nullif(HinEnquiry.words, ""), HinEnquiry.note)
    return (
        select(
            HinEnquiry.id, about.label("text"), Organisation.name.label("who"), HinEnquiry.due_on
        )
        .join(HinEnquiry.organisation)
        .outerjoin(HinEnquiry.challenge)
        .where(HinEnquiry.hin_id == actor.hin_id, HinEnquiry.answered_at.is_(None))
    )


def to_remind(today: date) -> list[tuple[int, ReminderKind]]:
    """Return the reminders of answers that are due and were not given, the oldest day first.

    The leads are asked and reminded: nobody is left to whom it would go up later.
    """
    rows = db.session.execute(
        select(HinEnquiry.id, HinEnquiry.due_on)
        .where(HinEnquiry.answered_at.is_(None), HinEnquiry.due_on <= today + MAX_DAYS_AHEAD)
        .order_by(HinEnquiry.due_on, HinEnquiry.id)
    ).all()
    given = {
        (row.enquiry_id, row.due_on, row.kind)
        for row in db.session.scalars(
            select(EnquiryReminder).where(EnquiryReminder.enquiry_id.in_([one for one, _ in rows]))
        )
    }
    holidays = bank_holidays()
    return [
        (enquiry_id, kind)
        for enquiry_id, due_on in rows
        if due_on is not None
        for kind in reminders_due(EngagementState.NEW, due_on, today, holidays)
        if kind is not ReminderKind.LEAD and (enquiry_id, due_on, kind) not in given
    ]
