"""Log what was done with whom; edit it while its quarter lasts, correct it afterwards.

The words of an interaction (note, next step, who took part) are never put on the audit trail, which
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
    InteractionKind,
    InteractionShare,
    Participant,
)
from portal.support.queries.interactions import organisations_called
from portal.support.rules.interactions import (
    MAX_MINUTES,
    counting_quarter,
    hours_words,
    is_open,
    shares,
)
from portal.support.services.budgets import review
from portal.support.services.due_dates import reschedule
from portal.text import folded


@dataclass(frozen=True, slots=True, kw_only=True)
class InteractionDetails:
    """What is entered of an interaction. `minutes` come in quarters of an hour."""

    kind: InteractionKind
    on: date
    minutes: int
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
    *,
    engagements: Sequence[Engagement],
    details: InteractionDetails,
    by: Actor,
    at: datetime | None = None,
) -> Interaction:
    """Log one interaction about one innovation or many; all engagements are the actor's HIN's.

    Raises Forbidden for another HIN's engagement, Invalid for hours outside a quarter of an hour to
    twelve hours, a day in the future, no kind of support, or fewer quarters of an hour than
    innovations.
    """
    at = at or now()
    if not engagements:
        raise Invalid("Select at least one innovation", field="engagements")
    if not all(policy.can_decide(by, engagement) for engagement in engagements):
        raise Forbidden("Only staff of the network whose engagement it is log its interactions.")
    interaction = Interaction(hin_id=by.hin_id, logged_at=at, logged_by_id=by.user_id)
    interaction.shares = [
        InteractionShare(engagement=engagement, minutes=0) for engagement in engagements
    ]
    _fill(interaction, details, by=by, at=at)
    db.session.add(interaction)
    _noted("interaction.logged", "logged", interaction, by=by, at=at)
    return interaction


def edit(
    *,
    interaction: Interaction,
    version: int,
    details: InteractionDetails,
    by: Actor,
    is_void: bool = False,
    at: datetime | None = None,
) -> Interaction:
    """Change an interaction while its quarter lasts; `is_void` withdraws it.

    Raises Forbidden for other HINs' people, Conflict when somebody changed it meanwhile or its
    quarter is over, Invalid as `log` does and for a day in a quarter that is over.
    """
    at = at or now()
    _refuse_others(interaction, by)
    lock(interaction, seen=version)
    if interaction.corrected_by or not is_open(interaction.on, day_of(at)):
        raise Conflict("Its quarter is over: it can only be corrected by another entry now.")
    if not is_open(details.on, day_of(at)):
        raise Invalid("The day must be in the quarter of today", field="on")
    interaction.is_void = is_void
    _fill(interaction, details, by=by, at=at)
    verb = "withdrew" if is_void else "changed"
    _noted("interaction.changed", verb, interaction, by=by, at=at)
    return interaction


def correct(
    *,
    interaction: Interaction,
    details: InteractionDetails,
    why: str,
    by: Actor,
    is_void: bool = False,
    at: datetime | None = None,
) -> Interaction:
    """Put another entry in the place of one whose quarter is over; both stay, linked.

    `is_void` says that it did not happen. Raises Forbidden for other HINs' people, Conflict when
    it was corrected already or may still be edited, Invalid as `log` does and without a reason.
    """
    at = at or now()
    _refuse_others(interaction, by)
    lock(interaction)
    if interaction.corrected_by:
        raise Conflict("It was corrected already: correct the newer entry.")
    if is_open(interaction.on, day_of(at)):
        raise Conflict("Its quarter still lasts: change the entry itself.")
    if not why:
        raise Invalid("Enter why it is corrected", field="why")
    correction = Interaction(
        hin_id=interaction.hin_id,
        logged_at=at,
        logged_by_id=by.user_id,
        corrects_id=interaction.id,
        why=why,
        is_void=is_void,
    )
    correction.shares = [
        InteractionShare(engagement=share.engagement, minutes=0) for share in interaction.shares
    ]
    _fill(correction, details, by=by, at=at)
    if interaction.counts_in in frozen_by(at):
        correction.reverses_in = Quarter.of(day_of(at)).first
    db.session.add(correction)
    db.session.flush()
    db.session.expire(interaction, ["corrected_by"])
    _noted("interaction.corrected", "corrected", correction, by=by, at=at)
    return correction


def _refuse_others(interaction: Interaction, by: Actor) -> None:
    if not by.is_hin or by.hin_id is None or by.hin_id != interaction.hin_id:
        raise Forbidden("Only staff of the network that logged it change it.")


def _fill(
    interaction: Interaction, details: InteractionDetails, *, by: Actor, at: datetime
) -> None:
    _check(details, len(interaction.shares), at)
    interaction.kind, interaction.on, interaction.minutes = (
        details.kind,
        details.on,
        details.minutes,
    )
    interaction.counts_in = counting_quarter(details.on, day_of(at), frozen_by(at))
    interaction.title, interaction.note = details.title, details.note
    interaction.next_step, interaction.next_on = details.next_step, details.next_on
    interaction.is_private = details.is_private
    interaction.kinds = kinds_of_support(details.kind_ids)
    interaction.participants = _participants(interaction, details, by)
    parts = shares(details.minutes, len(interaction.shares))
    for share, minutes in zip(interaction.shares, parts, strict=True):
        share.minutes = minutes


def _check(details: InteractionDetails, count: int, at: datetime) -> None:
    if details.minutes % MINUTE_STEP or not 0 < details.minutes <= MAX_MINUTES:
        raise Invalid("Select how long it took, from 15 minutes to 12 hours", field="minutes")
    if details.on > day_of(at):
        raise Invalid("The day must be today or in the past", field="on")
    if details.next_on is not None and not details.next_step:
        raise Invalid("Enter the next step that the day is for", field="next_step")
    if not details.kind_ids:
        raise Invalid("Select the kind of support", field="kinds")
    if count > 1 and details.kind is InteractionKind.EVENT and not details.title:
        raise Invalid("Enter what the event was called", field="title")


def kinds_of_support(ids: Iterable[int]) -> list[Term]:
    """Return the kinds of support by their ids; raises NotFound for anything else."""
    found = [db.session.get(Term, term_id) for term_id in sorted(set(ids))]
    kinds = [t for t in found if t is not None and t.vocabulary is Vocabulary.SUPPORT_KIND]
    if len(kinds) != len(found):
        raise NotFound("There is no such kind of support.")
    return kinds


def _participants(
    interaction: Interaction, details: InteractionDetails, by: Actor
) -> list[Participant]:
    """Return who took part: the HIN's own people, others by name, organisations."""
    logger = interaction.logged_by_id or by.user_id
    wanted = {logger, *details.colleague_ids} - {None}
    colleagues = [person for person in staff(interaction.hin_id) if person.id in wanted]
    if set(details.colleague_ids) - {person.id for person in colleagues} - {logger}:
        raise Invalid("Select people of your network", field="colleagues")
    known = organisations_called(details.organisations)
    return [
        *(Participant(user_id=person.id, name=person.name) for person in colleagues),
        *(Participant(name=name) for name in details.people),
        *(
            Participant(name=name, is_organisation=True, organisation_id=known.get(folded(name)))
            for name in details.organisations
        ),
    ]


def _noted(action: str, verb: str, interaction: Interaction, *, by: Actor, at: datetime) -> None:
    """Write the audit lines, without a word of what was said, and look at the budgets."""
    db.session.flush()
    words = f"{interaction.kind.label.lower()} of {hours_words(interaction.minutes)}"
    article = "an" if words[0] in "aei" else "a"
    for share in interaction.shares:
        outbox.note(
            action,
            share.engagement.innovation,
            f"{verb} {article} {words}",
            by=by,
            at=at,
            audience=Audience.PRIVATE if interaction.is_private else Audience.STAFF,
        )
        review(share.engagement, by=by, at=at)
        reschedule(share.engagement)
