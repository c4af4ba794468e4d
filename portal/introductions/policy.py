"""Who may read and do what with an introduction. Pure; `queries.visible_to` says it in SQL.

Nobody is pitched at who did not ask: only ICS staff begin an introduction, and the innovator's
side knows nothing of it before a HIN accepted it. Contacts are shared when the innovator agrees.
"""

import enum
from collections.abc import Collection

from portal.accounts.models import Actor
from portal.innovations.models import Innovation, RecordStatus
from portal.innovations.policy import can_see as can_see_innovation
from portal.innovations.policy import is_own
from portal.introductions.models import Circle, Ending, Introduction, State
from portal.introductions.rules import AFTER_AGREED, BEFORE_AGREED


class Side(enum.StrEnum):
    """On which side of an introduction somebody stands."""

    ICS = "ics"
    HIN = "hin"
    INNOVATOR = "innovator"
    NATION = "nation"
    """Reads how it stands, takes no part: neither messages nor contacts."""


Sides = frozenset[Side]

CIRCLES: dict[Side, frozenset[Circle]] = {
    Side.ICS: frozenset({Circle.ASKING, Circle.EVERYONE}),
    Side.HIN: frozenset(Circle),
    Side.INNOVATOR: frozenset({Circle.ANSWERING, Circle.EVERYONE}),
    Side.NATION: frozenset(),
}


def sides_of(actor: Actor, introduction: Introduction, hin_ids: Collection[int]) -> Sides:
    """Return the sides on which the actor stands; none means that they may not know of it.

    `hin_ids` are the HINs concerned: see `queries.concerned_hin_ids`.
    """
    asks = actor.is_ics and actor.organisation_id == introduction.organisation_id
    brokers = actor.is_hin and actor.hin_id in hin_ids
    is_asked = introduction.brokered_at is not None and is_own(actor, introduction.innovation)
    stands = {
        Side.ICS: asks,
        Side.HIN: brokers,
        Side.INNOVATOR: is_asked,
        Side.NATION: actor.is_national,
    }
    return frozenset(side for side, holds in stands.items() if holds)


def can_see_list(actor: Actor) -> bool:
    """Whether the actor has a list of introductions at all."""
    return actor.is_innovator or actor.is_ics or actor.is_staff


def can_ask(actor: Actor, innovation: Innovation) -> bool:
    """Whether the actor may ask to meet the people of an innovation: ICS staff who may see it."""
    return can_invite(actor, innovation) and can_see_innovation(actor, innovation)


def can_invite(actor: Actor, innovation: Innovation) -> bool:
    """Whether the actor may ask to meet the people of an innovation of which these told them: ICS
    staff."""
    return (
        actor.is_ics
        and actor.ics_id is not None
        and innovation.status is RecordStatus.SUBMITTED
        and not is_own(actor, innovation)
    )


def can_see_tab(actor: Actor, innovation: Innovation, supporting: Collection[int]) -> bool:
    """Whether the record shows the actor its introductions: its own people, the HINs that support
    it, the national team, and ICS staff, who find their own and ask for one."""
    if actor.is_hin:
        return actor.hin_id in supporting
    return actor.is_national or is_own(actor, innovation) or actor.is_ics


def can_take(sides: Sides, introduction: Introduction) -> bool:
    """Whether the actor may take it for their HIN."""
    return Side.HIN in sides and introduction.state is State.REQUESTED


def is_broker(actor: Actor, introduction: Introduction) -> bool:
    """Whether the actor is of the HIN that took it."""
    return actor.is_hin and actor.hin_id is not None and actor.hin_id == introduction.broker_hin_id


def can_broker(actor: Actor, introduction: Introduction) -> bool:
    """Whether the actor may accept or decline it for the HIN that took it."""
    return is_broker(actor, introduction) and introduction.state is State.TAKEN


def can_answer(sides: Sides, introduction: Introduction) -> bool:
    """Whether the actor may agree or decline for the innovator."""
    return Side.INNOVATOR in sides and introduction.state is State.BROKERED


def can_withdraw(sides: Sides, introduction: Introduction) -> bool:
    """Whether the actor may take the request back: its ICS, until they met."""
    return Side.ICS in sides and introduction.state in BEFORE_AGREED | {State.AGREED}


def can_record_meeting(actor: Actor, sides: Sides, introduction: Introduction) -> bool:
    """Whether the actor may say that they met: either party, or the HIN that brokered."""
    takes_part = bool(sides & {Side.ICS, Side.INNOVATOR}) or is_broker(actor, introduction)
    return takes_part and introduction.state is State.AGREED


def can_record_outcome(actor: Actor, sides: Sides, introduction: Introduction) -> bool:
    """Whether the actor may say what came of it: the ICS, or the HIN that brokered in its place.

    What was recorded may change: a trial becomes adoption.
    """
    is_open = introduction.state in AFTER_AGREED or introduction.ending is Ending.OUTCOME
    return is_open and (Side.ICS in sides or is_broker(actor, introduction))


def can_see_innovators_contact(sides: Sides, introduction: Introduction) -> bool:
    """Whether the actor may read whom to write to at the innovator's: once they agreed."""
    return introduction.agreed_at is not None and bool(sides - {Side.NATION})


def can_see_ics_contact(sides: Sides, introduction: Introduction) -> bool:
    """Whether the actor may read whom to write to at the ICS: its own people and the HINs
    concerned from the start, the innovator once they agreed."""
    if sides & {Side.ICS, Side.HIN}:
        return True
    return can_see_innovators_contact(sides, introduction)


def circles_read(sides: Sides) -> frozenset[Circle]:
    """Return whose messages the actor reads."""
    return frozenset().union(*(CIRCLES[side] for side in sides))


def circles_written(sides: Sides, introduction: Introduction) -> list[Circle]:
    """Return to whom the actor may write now, the usual one first; none when it is closed.

    Before the innovator agreed the two parties do not write to each other.
    """
    if introduction.state is State.ENDED and introduction.ending is not Ending.OUTCOME:
        return []
    wanted = {Circle.EVERYONE}
    if introduction.agreed_at is None:
        wanted = {Circle.ASKING} if introduction.brokered_at is None else set(BEFORE)
    return [circle for circle in Circle if circle in wanted & circles_read(sides)]


BEFORE = frozenset({Circle.ASKING, Circle.ANSWERING})
"""The two circles in which people write before the innovator agreed."""
