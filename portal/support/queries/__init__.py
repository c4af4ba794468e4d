"""Read engagements: the door, the desk, who helps whom and what was decided when."""

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, case, func, select, true
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal.accounts.models import Actor, Membership, MembershipState, Organisation, Role, User
from portal.db import db
from portal.errors import Forbidden, NotFound
from portal.innovations.models import (
    Collaborator,
    Evidence,
    Innovation,
    ProvenStatus,
    StandardHeld,
    Use,
)
from portal.reference.models import Hin
from portal.support.models import (
    BudgetAnswer,
    BudgetAsk,
    Engagement,
    EngagementChange,
    EngagementState,
    LevelChange,
    Validation,
)
from portal.support.rules import LIVE, STATE_WORDS, Facts


class Queue(enum.StrEnum):
    """The tabs of the desk."""

    NEW = "new"
    MINE = "mine"
    HIN = "hin"
    WAITING = "waiting"
    OVERDUE = "overdue"
    ALL = "all"


# The desk


def in_queue(queue: Queue, actor: Actor, today: date) -> ColumnElement[bool]:
    """Return SQL for "the engagement stands in this queue of the actor's".

    For HIN staff every queue but *all* is their own HIN's; the national team has none of its
    own and sees every HIN's.
    """
    own = Engagement.hin_id == actor.hin_id if actor.is_hin else true()
    live = Engagement.state.in_(sorted(LIVE))
    clauses = {
        Queue.NEW: own & (Engagement.state == EngagementState.NEW),
        Queue.MINE: live & (Engagement.lead_id == actor.user_id),
        Queue.HIN: own & live,
        Queue.WAITING: own
        & Engagement.state.in_([EngagementState.WAITING, EngagementState.CHANGES]),
        Queue.OVERDUE: own & live & (Engagement.due_on < today),
        Queue.ALL: true(),
    }
    return clauses[queue]


def queue_counts(actor: Actor, today: date) -> dict[Queue, int]:
    """Return how many engagements stand in each queue, in one statement."""
    row = db.session.execute(
        select(
            *(
                func.coalesce(func.sum(case((in_queue(q, actor, today), 1), else_=0)), 0)
                for q in Queue
            )
        ).select_from(Engagement)
    ).one()
    return {queue: int(count) for queue, count in zip(Queue, row, strict=True)}


def desk(queue: Queue, actor: Actor, today: date) -> Select[Engagement]:
    """Return the engagements of a queue with all that a row shows, not yet in order."""
    return (
        select(Engagement)
        .join(Engagement.innovation)
        .join(Innovation.organisation)
        .join(Engagement.hin)
        .outerjoin(Engagement.lead)
        .options(
            contains_eager(Engagement.innovation).contains_eager(Innovation.organisation),
            contains_eager(Engagement.hin),
            contains_eager(Engagement.lead),
        )
        .where(in_queue(queue, actor, today))
    )


# One record


def engagements(innovation_id: int) -> Sequence[Engagement]:
    """Return every HIN's engagement with the record, the first HIN's first."""
    return db.session.scalars(
        select(Engagement)
        .where(Engagement.innovation_id == innovation_id)
        .options(joinedload(Engagement.hin), joinedload(Engagement.lead))
        .order_by(Engagement.is_first.desc(), Engagement.opened_at, Engagement.id)
    ).all()


def engagement_of(innovation_id: int, hin_id: int | None) -> Engagement | None:
    """Return one HIN's engagement with the record, if it has one."""
    return db.session.scalar(
        select(Engagement).where(
            Engagement.innovation_id == innovation_id, Engagement.hin_id == hin_id
        )
    )


def own_engagement(actor: Actor, innovation_id: int) -> Engagement:
    """Return the engagement that the actor may decide: their own HIN's. The only door.

    Raises Forbidden when they are not HIN staff or their HIN has none.
    """
    found = engagement_of(innovation_id, actor.hin_id) if actor.is_hin else None
    if found is None:
        raise Forbidden("Your network has no engagement with this innovation.")
    return found


def supporting_hin_ids(innovation_id: int) -> frozenset[int]:
    """Return the HINs that work with the record now: they may read what is in confidence."""
    return frozenset(
        db.session.scalars(
            select(Engagement.hin_id).where(
                Engagement.innovation_id == innovation_id, Engagement.state.in_(sorted(LIVE))
            )
        )
    )


@dataclass(frozen=True, slots=True)
class Moment:
    """One dated line of the support timeline."""

    at: datetime
    who: str
    hin: str
    title: str
    message: str = ""
    elsewhere: str = ""
    reason: str = ""
    """Why the level changed: for staff only."""


def outcomes(found: Iterable[Engagement]) -> list[Moment]:
    """Return what was decided on the record by all HINs, newest first."""
    hins = {engagement.id: engagement.hin.name for engagement in found}
    changes = db.session.scalars(
        select(EngagementChange)
        .where(EngagementChange.engagement_id.in_(hins))
        .options(joinedload(EngagementChange.by))
        .order_by(EngagementChange.id)
    )
    levels = db.session.scalars(
        select(LevelChange)
        .where(LevelChange.engagement_id.in_(hins))
        .options(joinedload(LevelChange.by))
        .order_by(LevelChange.id)
    )
    moments = [_outcome(change, hins[change.engagement_id]) for change in changes]
    moments += [_level(change, hins[change.engagement_id]) for change in levels]
    carried_on = db.session.scalars(
        select(BudgetAsk)
        .where(BudgetAsk.engagement_id.in_(hins), BudgetAsk.answer == BudgetAnswer.CARRIED_ON)
        .options(joinedload(BudgetAsk.answered_by))
    )
    moments += [_carried_on(ask, hins[ask.engagement_id]) for ask in carried_on]
    return sorted(moments, key=lambda moment: moment.at)[::-1]


def _outcome(change: EngagementChange, hin: str) -> Moment:
    return Moment(
        at=change.at,
        who=change.by.name if change.by else "",
        hin=hin,
        title=STATE_WORDS[change.state],
        message=change.message,
        elsewhere=change.elsewhere,
    )


def _level(change: LevelChange, hin: str) -> Moment:
    who = change.by.name if change.by else ""
    return Moment(change.at, who, hin, f"Support level {change.level}", reason=change.why)


def _carried_on(ask: BudgetAsk, hin: str) -> Moment:
    who = ask.answered_by.name if ask.answered_by else ""
    title = f"Carries on at support level {ask.level}"
    return Moment(ask.answered_at or ask.asked_at, who, hin, title, reason=ask.why)


def last_decision(engagement_id: int) -> Moment | None:
    """Return the newest outcome or level of an engagement: what a second person is told."""
    found = db.session.scalars(
        select(Engagement).where(Engagement.id == engagement_id).options(joinedload(Engagement.hin))
    ).all()
    return next(iter(outcomes(found)), None)


# People


def staff(hin_id: int | None) -> Sequence[User]:
    """Return the people who act for a HIN now, by name."""
    return db.session.scalars(_staff(hin_id).order_by(User.name, User.id)).unique().all()


def leads(hin_id: int | None) -> Sequence[User]:
    """Return whom a HIN's new work is told to: its leads, or everybody where it has none."""
    return db.session.scalars(_staff(hin_id).where(Membership.is_lead)).unique().all() or staff(
        hin_id
    )


def _staff(hin_id: int | None) -> Select[User]:
    return (
        select(User)
        .join(User.memberships)
        .join(Membership.organisation)
        .where(
            Organisation.hin_id == hin_id,
            Membership.role == Role.HIN,
            Membership.state == MembershipState.ACTIVE,
        )
    )


def innovators(innovation: Innovation) -> list[User]:
    """Return who is told of an outcome: the owner and the collaborators."""
    people = db.session.scalars(
        select(User)
        .join(Collaborator, Collaborator.user_id == User.id)
        .where(Collaborator.innovation_id == innovation.id)
        .order_by(User.id)
    ).all()
    return [*([innovation.owner] if innovation.owner else []), *people]


def hins_with_engagements() -> Sequence[Hin]:
    """Return the HINs that have engagements, by name: the desk's filter."""
    return db.session.scalars(
        select(Hin).where(Hin.id.in_(select(Engagement.hin_id).distinct())).order_by(Hin.name)
    ).all()


# Validations and proven


def validations(innovation_id: int) -> Sequence[Validation]:
    """Return the real-world validations of a record, newest first."""
    return db.session.scalars(
        select(Validation)
        .where(Validation.innovation_id == innovation_id)
        .options(
            joinedload(Validation.hin),
            joinedload(Validation.organisation),
            joinedload(Validation.care_setting),
        )
        .order_by(Validation.created_at.desc(), Validation.id.desc())
    ).all()


def validation_for(innovation_id: int, validation_id: int) -> Validation:
    """Return one validation of this record; raises NotFound for another record's."""
    found = db.session.get(Validation, validation_id)
    if found is None or found.innovation_id != innovation_id:
        raise NotFound("There is no such real-world validation on this innovation.")
    return found


def facts(innovation: Innovation, on: date) -> Facts:
    """Return what the rules of proven look at, with every row loaded."""
    db.session.scalar(
        select(Innovation)
        .where(Innovation.id == innovation.id)
        .options(
            selectinload(Innovation.evidence).joinedload(Evidence.kind),
            selectinload(Innovation.evidence).joinedload(Evidence.type),
            selectinload(Innovation.uses).joinedload(Use.organisation),
            selectinload(Innovation.standards).joinedload(StandardHeld.standard),
            selectinload(Innovation.standards).joinedload(StandardHeld.checked_by),
        )
        .execution_options(populate_existing=False)
    )
    return Facts(innovation, validations(innovation.id), on)


def verifications(innovation_id: int) -> Sequence[ProvenStatus]:
    """Return every verification of a record as proven, newest first, withdrawn ones too."""
    return db.session.scalars(
        select(ProvenStatus)
        .where(ProvenStatus.innovation_id == innovation_id)
        .options(joinedload(ProvenStatus.hin), joinedload(ProvenStatus.verified_by))
        .order_by(ProvenStatus.verified_at.desc(), ProvenStatus.id.desc())
    ).all()


def standard_for(innovation_id: int, standard_id: int) -> StandardHeld:
    """Return what the record says of a standard; raises NotFound for another record's."""
    found = db.session.get(StandardHeld, standard_id)
    if found is None or found.innovation_id != innovation_id:
        raise NotFound("There is no such standard on this innovation.")
    return found
