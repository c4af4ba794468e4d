"""Read introductions: the door, what each reader may see, and who is concerned."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlalchemy.orm import joinedload

from portal.accounts.models import Actor, User
from portal.accounts.queries.acting import leads_of_hins, responsible, responsible_at
from portal.challenges.models import Challenge, ChallengeState
from portal.challenges.policy import can_see as can_see_challenge
from portal.challenges.queries import visible_to as challenge_visible_to
from portal.clock import today
from portal.db import db
from portal.errors import Forbidden, NotFound
from portal.innovations.models import Innovation
from portal.innovations.queries import own
from portal.introductions import policy
from portal.introductions.models import (
    Introduction,
    IntroductionChange,
    Reminder,
    ReminderKind,
    State,
)
from portal.introductions.policy import Side, Sides, sides_of
from portal.reference.models import HinServiceArea
from portal.reference.queries import hin_of_ics, is_past_due
from portal.support.models import Engagement
from portal.support.queries import supporting_hin_ids
from portal.support.queries.on_day import is_live_on


@dataclass(frozen=True, slots=True)
class IntroductionRow:
    """An introduction with the sides on which its reader stands."""

    introduction: Introduction
    sides: Sides
    hin_ids: frozenset[int]


# Who is concerned ----------------------------------------------------------------------------


def concerned_hin_ids(introduction: Introduction) -> frozenset[int]:
    """Return the HINs that see it: the one that leads in the ICS today, those that support the
    innovation now, and the one that took it."""
    return hins_for(introduction.ics_id, introduction.innovation_id, introduction.broker_hin_id)


def hins_for(ics_id: int, innovation_id: int, broker_hin_id: int | None = None) -> frozenset[int]:
    """Return the HINs that an introduction of this innovation to this ICS concerns."""
    leading = hin_of_ics(ics_id)
    found = set(supporting_hin_ids(innovation_id)) | {
        leading.id if leading else None,
        broker_hin_id,
    }
    return frozenset(hin_id for hin_id in found if hin_id is not None)


def of_ics(actor: Actor) -> ColumnElement[bool]:
    """Return SQL for "asked for by the actor's ICS"."""
    return Introduction.organisation_id == actor.organisation_id if actor.is_ics else false()


def of_hin(actor: Actor, on: date) -> ColumnElement[bool]:
    """Return SQL for "concerns the actor's HIN": `concerned_hin_ids` in the database."""
    if not actor.is_hin or actor.hin_id is None:
        return false()
    leads_in = select(HinServiceArea.ics_id).where(
        HinServiceArea.hin_id == actor.hin_id,
        HinServiceArea.is_lead,
        HinServiceArea.valid_from <= on,
        or_(HinServiceArea.valid_to.is_(None), HinServiceArea.valid_to >= on),
    )
    # Introduction by introduction: a network supports many more innovations than are asked for.
    supports = exists().where(
        Engagement.innovation_id == Introduction.innovation_id,
        Engagement.hin_id == actor.hin_id,
        is_live_on(None),
    )
    return or_(
        Introduction.broker_hin_id == actor.hin_id,
        Introduction.ics_id.in_(leads_in),
        supports.correlate(Introduction),
    )


def of_innovator(actor: Actor) -> ColumnElement[bool]:
    """Return SQL for "is about the actor's innovation, and a HIN accepted it"."""
    mine = Introduction.innovation_id.in_(select(Innovation.id).where(own(actor)))
    return and_(Introduction.brokered_at.is_not(None), mine)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return SQL for "the actor may know of it": any side of `policy.sides_of`."""
    if actor.is_national:
        return true()
    return or_(of_ics(actor), of_hin(actor, today()), of_innovator(actor))


# The doors -----------------------------------------------------------------------------------


def introduction_for(actor: Actor, introduction_id: int) -> IntroductionRow:
    """Return the introduction and the actor's sides; raises NotFound otherwise. The only door."""
    found = db.session.get(
        Introduction,
        introduction_id,
        options=[
            joinedload(Introduction.innovation).selectinload(Innovation.collaborators),
            joinedload(Introduction.organisation),
            joinedload(Introduction.broker_hin),
            joinedload(Introduction.challenge),
            joinedload(Introduction.asked_by),
            joinedload(Introduction.agreed_by),
        ],
    )
    if found is not None:
        hin_ids = concerned_hin_ids(found)
        sides = sides_of(actor, found, hin_ids)
        if sides:
            return IntroductionRow(found, sides, hin_ids)
    raise NotFound("There is no introduction here that you may see.")


def brokered_for(actor: Actor, introduction_id: int) -> IntroductionRow:
    """Return an introduction that the actor's HIN took; raises NotFound or Forbidden."""
    seen = introduction_for(actor, introduction_id)
    if not policy.is_broker(actor, seen.introduction):
        raise Forbidden("Only the network that took an introduction decides about it.")
    return seen


def on_side(actor: Actor, introduction_id: int, *wanted: Side) -> IntroductionRow:
    """Return an introduction on one of whose sides `wanted` the actor stands; raises NotFound, or
    Forbidden when they only read it or stand elsewhere."""
    seen = introduction_for(actor, introduction_id)
    if not seen.sides & set(wanted):
        raise Forbidden("This step is for others who take part in the introduction.")
    return seen


def outcome_for(actor: Actor, introduction_id: int) -> IntroductionRow:
    """Return an introduction whose outcome the actor records: its ICS's, or their HIN's."""
    seen = introduction_for(actor, introduction_id)
    if Side.ICS not in seen.sides and not policy.is_broker(actor, seen.introduction):
        raise Forbidden("The ICS that asked, or the network that brokered, records the outcome.")
    return seen


# One introduction ----------------------------------------------------------------------------


def challenge_shown(actor: Actor, introduction: Introduction) -> Challenge | None:
    """Return the challenge it is for, if the actor may see that: an innovator may not see each."""
    challenge = introduction.challenge
    return challenge if challenge and can_see_challenge(actor, challenge) else None


def changes(introduction: Introduction) -> Sequence[IntroductionChange]:
    """Return its dated states, newest first, with the organisation that made each."""
    return db.session.scalars(
        select(IntroductionChange)
        .where(IntroductionChange.introduction_id == introduction.id)
        .options(joinedload(IntroductionChange.organisation))
        .order_by(IntroductionChange.id.desc())
    ).all()


def open_one(organisation_id: int | None, innovation_id: int) -> Introduction | None:
    """Return the introduction to this innovation that the ICS has under way, if any."""
    return db.session.scalar(
        select(Introduction).where(
            Introduction.organisation_id == organisation_id,
            Introduction.innovation_id == innovation_id,
            Introduction.state != State.ENDED,
        )
    )


def under_way(actor: Actor) -> dict[int, Introduction]:
    """Return what the actor's ICS has under way, by innovation; nothing for everybody else."""
    found = db.session.scalars(
        select(Introduction).where(of_ics(actor), Introduction.state != State.ENDED)
    )
    return {one.innovation_id: one for one in found}


def asked_kinds(introduction_id: int) -> frozenset[ReminderKind]:
    """Return of what people were reminded already."""
    kinds = select(Reminder.kind).where(Reminder.introduction_id == introduction_id)
    return frozenset(db.session.scalars(kinds))


def asking_people(introduction: Introduction) -> list[User]:
    """Return whom at the ICS to tell: who asked or, when they left it, its leads."""
    return responsible_at(introduction.asked_by_id, introduction.organisation_id)


def hin_people(introduction: Introduction, hin_ids: Collection[int]) -> list[User]:
    """Return whom at the HINs to tell: who took it, or the leads of every HIN concerned."""
    if introduction.broker_hin_id is None:
        return leads_of_hins(hin_ids)
    return responsible(introduction.broker_id, introduction.broker_hin_id)


# What is due ---------------------------------------------------------------------------------


def overdue(state: State, on: date) -> Sequence[int]:
    """Return the ids of the introductions in a state whose day has passed."""
    return db.session.scalars(
        select(Introduction.id)
        .where(Introduction.state == state, is_past_due(Introduction.due_on, on))
        .order_by(Introduction.id)
    ).all()


def outcomes_due(on: date) -> Sequence[int]:
    """Return the ids of the introductions of which it is time to ask what came."""
    return db.session.scalars(
        select(Introduction.id)
        .where(Introduction.due_on <= on, _may_ask_outcome())
        .order_by(Introduction.id)
    ).all()


def _may_ask_outcome() -> ColumnElement[bool]:
    return Introduction.state.in_([State.AGREED, State.MET])


def challenges_to_name(actor: Actor, challenge_id: int) -> Sequence[Challenge]:
    """Return the open challenges that an ICS may say it asks for: its own, and the one it came
    from if the actor may see it."""
    own_or_this = or_(
        Challenge.organisation_id == actor.organisation_id, Challenge.id == challenge_id
    )
    return db.session.scalars(
        select(Challenge)
        .where(Challenge.state == ChallengeState.OPEN, own_or_this, challenge_visible_to(actor))
        .order_by(Challenge.opened_at.desc(), Challenge.id)
    ).all()
