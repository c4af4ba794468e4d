"""Log what was done with whom; edit it while its quarter lasts, correct it afterwards.

The words of a contact (note, next step, who took part) are never put on the audit trail, which
outlives them and is read by others: its lines say that something was logged, and how long it took.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from portal.accounts.models import Actor
from portal.accounts.queries.acting import staff
from portal.audit.models import Audience
from portal.clock import day_of, now
from portal.db import db, lock
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.figures.queries import frozen_by
from portal.reference.models import Term, Vocabulary
from portal.reference.rules import Quarter
from portal.support import outbox, policy
from portal.support.models import (
    Engagement,
    Interaction,
    InteractionEvent,
    InteractionKind,
    Participant,
)
from portal.support.queries.interactions import organisations_called
from portal.support.rules.interactions import (
    INTERACTION_WORDS,
    LONGEST,
    counting_quarter,
    hours_words,
    is_open,
    shares,
)
from portal.support.services.budgets import review
from portal.support.services.promises import renew
from portal.text import folded


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """What somebody says of a contact. `quarters` are quarters of an hour."""

    kind: InteractionKind
    on: date
    quarters: int
    kind_ids: Sequence[int]
    """Terms of the vocabulary `support_kind`, at least one."""
    note: str = ""
    next_step: str = ""
    next_on: date | None = None
    is_private: bool = True
    title: str = ""
    colleague_ids: Sequence[int] = ()
    """People of the HIN who took part; whoever logs it does in any case."""
    people: Sequence[str] = field(default_factory=tuple)
    organisations: Sequence[str] = field(default_factory=tuple)


def log(
    *, engagements: Sequence[Engagement], contact: Contact, by: Actor, at: datetime | None = None
) -> InteractionEvent:
    """Log one contact about one innovation or many; all engagements are the actor's HIN's.

    Raises Forbidden for another HIN's engagement, Invalid for hours outside a quarter of an hour
    to twelve hours, a day in the future, no kind of support, or fewer quarters than innovations.
    """
    at = at or now()
    if not engagements:
        raise Invalid("Select at least one innovation", field="engagements")
    if not all(policy.can_decide(by, engagement) for engagement in engagements):
        raise Forbidden("Only staff of the network whose engagement it is log its interactions.")
    event = InteractionEvent(hin_id=by.hin_id, logged_at=at, logged_by_id=by.user_id)
    event.shares = [Interaction(engagement=engagement, quarters=0) for engagement in engagements]
    _fill(event, contact, by=by, at=at)
    db.session.add(event)
    _noted("interaction.logged", "logged", event, by=by, at=at)
    return event


def edit(
    *,
    event: InteractionEvent,
    version: int,
    contact: Contact,
    by: Actor,
    is_void: bool = False,
    at: datetime | None = None,
) -> InteractionEvent:
    """Change a contact while its quarter lasts; `is_void` withdraws it.

    Raises Forbidden for other HINs' people, Conflict when somebody changed it meanwhile or its
    quarter is over, Invalid as `log` does and for a day in a quarter that is over.
    """
    at = at or now()
    _refuse_others(event, by)
    lock(event, seen=version)
    if event.corrected_by or not is_open(event.on, day_of(at)):
        raise Conflict("Its quarter is over: it can only be corrected by another entry now.")
    if not is_open(contact.on, day_of(at)):
        raise Invalid("The day must be in the quarter of today", field="on")
    event.is_void = is_void
    _fill(event, contact, by=by, at=at)
    verb = "withdrew" if is_void else "changed"
    _noted("interaction.changed", verb, event, by=by, at=at)
    return event


def correct(
    *,
    event: InteractionEvent,
    contact: Contact,
    why: str,
    by: Actor,
    is_void: bool = False,
    at: datetime | None = None,
) -> InteractionEvent:
    """Put another entry in the place of one whose quarter is over; both stay, linked.

    `is_void` says that it did not happen. Raises Forbidden for other HINs' people, Conflict when
    it was corrected already or may still be edited, Invalid as `log` does and without a reason.
    """
    at = at or now()
    _refuse_others(event, by)
    lock(event)
    if event.corrected_by:
        raise Conflict("It was corrected already: correct the newer entry.")
    if is_open(event.on, day_of(at)):
        raise Conflict("Its quarter still lasts: change the entry itself.")
    if not why:
        raise Invalid("Enter why it is corrected", field="why")
    entry = InteractionEvent(
        hin_id=event.hin_id,
        logged_at=at,
        logged_by_id=by.user_id,
        corrects_id=event.id,
        why=why,
        is_void=is_void,
    )
    entry.shares = [Interaction(engagement=share.engagement, quarters=0) for share in event.shares]
    _fill(entry, contact, by=by, at=at)
    if event.counts_in in frozen_by(at):
        entry.reverses_in = Quarter.of(day_of(at)).first
    db.session.add(entry)
    db.session.flush()
    db.session.expire(event, ["corrected_by"])
    _noted("interaction.corrected", "corrected", entry, by=by, at=at)
    return entry


def _refuse_others(event: InteractionEvent, by: Actor) -> None:
    if not by.is_hin or by.hin_id is None or by.hin_id != event.hin_id:
        raise Forbidden("Only staff of the network that logged it change it.")


def _fill(event: InteractionEvent, contact: Contact, *, by: Actor, at: datetime) -> None:
    _check(contact, len(event.shares), at)
    event.kind, event.on, event.quarters = contact.kind, contact.on, contact.quarters
    event.counts_in = counting_quarter(contact.on, day_of(at), frozen_by(at))
    event.title, event.note = contact.title, contact.note
    event.next_step, event.next_on = contact.next_step, contact.next_on
    event.is_private = contact.is_private
    event.kinds = kinds_of_support(contact.kind_ids)
    event.participants = _participants(event, contact, by)
    parts = shares(contact.quarters, len(event.shares))
    for share, quarters in zip(event.shares, parts, strict=True):
        share.quarters = quarters


def _check(contact: Contact, count: int, at: datetime) -> None:
    if not 1 <= contact.quarters <= LONGEST:
        raise Invalid("Select how long it took, from 15 minutes to 12 hours", field="quarters")
    if contact.on > day_of(at):
        raise Invalid("The day must be today or in the past", field="on")
    if contact.next_on is not None and not contact.next_step:
        raise Invalid("Enter the next step that the day is for", field="next_step")
    if not contact.kind_ids:
        raise Invalid("Select the kind of support", field="kinds")
    if count > 1 and contact.kind is InteractionKind.EVENT and not contact.title:
        raise Invalid("Enter what the event was called", field="title")


def kinds_of_support(ids: Iterable[int]) -> list[Term]:
    """Return the kinds of support by their ids; raises NotFound for anything else."""
    found = [db.session.get(Term, term_id) for term_id in sorted(set(ids))]
    kinds = [t for t in found if t is not None and t.vocabulary is Vocabulary.SUPPORT_KIND]
    if len(kinds) != len(found):
        raise NotFound("There is no such kind of support.")
    return kinds


def _participants(event: InteractionEvent, contact: Contact, by: Actor) -> list[Participant]:
    """Return who took part: the HIN's own people, others by name, organisations."""
    logger = event.logged_by_id or by.user_id
    wanted = {logger, *contact.colleague_ids} - {None}
    colleagues = [person for person in staff(event.hin_id) if person.id in wanted]
    if set(contact.colleague_ids) - {person.id for person in colleagues} - {logger}:
        raise Invalid("Select people of your network", field="colleagues")
    known = organisations_called(contact.organisations)
    return [
        *(Participant(user_id=person.id, name=person.name) for person in colleagues),
        *(Participant(name=name) for name in contact.people),
        *(
            Participant(name=name, is_organisation=True, organisation_id=known.get(folded(name)))
            for name in contact.organisations
        ),
    ]


def _noted(action: str, verb: str, event: InteractionEvent, *, by: Actor, at: datetime) -> None:
    """Write the audit lines, without a word of what was said, and look at the budgets."""
    db.session.flush()
    words = f"{INTERACTION_WORDS[event.kind].lower()} of {hours_words(event.quarters)}"
    article = "an" if words[0] in "aei" else "a"
    for share in event.shares:
        outbox.note(
            action,
            share.engagement.innovation,
            f"{verb} {article} {words}",
            by=by,
            at=at,
            audience=Audience.PRIVATE if event.is_private else Audience.STAFF,
        )
        review(share.engagement, by=by, at=at)
        renew(share.engagement)
