"""Who may read and do what with an answer. Pure; `queries.visible_to` says it in SQL.

An answer is between the innovator, those who state the challenge and whom they ask to assess it;
outside calls the HIN that leads in the ICS reads it first. What it costs is said to them alone.
In a call it is sealed for all but the innovator until the last day has passed, and who declared an
interest in an answer reads none of them.
"""

import enum
from dataclasses import dataclass

from portal.accounts.models import Actor
from portal.answers.models import Answer, AnswerState
from portal.answers.rules import ARRIVED, WITH_INNOVATOR
from portal.challenges.models import Challenge
from portal.challenges.policy import can_see as can_see_challenge
from portal.challenges.policy import is_own as states
from portal.innovations.models import Innovation, RecordStatus
from portal.innovations.policy import is_own


class Side(enum.StrEnum):
    """On which side of an answer somebody stands."""

    INNOVATOR = "innovator"
    STATING = "stating"
    """Of the organisation that states the challenge."""
    ASSESSOR = "assessor"
    """Asked to assess, and without an interest."""
    HIN = "hin"
    """Of the HIN that reads it first."""


Sides = frozenset[Side]


@dataclass(frozen=True, slots=True)
class Parts:
    """What somebody declared as an assessor, by the ids of challenges (`queries.parts_of`)."""

    assessing: frozenset[int] = frozenset()
    """Whose answers they assess, having no interest in any."""
    interested: frozenset[int] = frozenset()
    """In one of whose answers they have an interest, released from assessing or not."""


def sides_of(actor: Actor, answer: Answer, parts: Parts, *, is_sealed: bool) -> Sides:
    """Return the sides on which the actor stands; none means that they may not know of it."""
    has_arrived = answer.arrived_at is not None and answer.state in ARRIVED and not is_sealed
    reads_first = answer.submitted_at is not None and answer.state not in WITH_INNOVATOR - {
        AnswerState.SENT_BACK
    }
    stands = {
        Side.INNOVATOR: is_own(actor, answer.innovation),
        Side.STATING: has_arrived and can_decide_on(actor, answer.challenge, parts),
        Side.ASSESSOR: has_arrived and answer.challenge_id in parts.assessing,
        Side.HIN: reads_first and actor.is_hin and actor.hin_id == answer.hin_id is not None,
    }
    return frozenset(side for side, holds in stands.items() if holds)


def can_see_list(actor: Actor) -> bool:
    """Whether the actor has a list of answers at all."""
    return actor.is_innovator or actor.is_ics or actor.is_staff


def can_answer(actor: Actor, challenge: Challenge) -> bool:
    """Whether the actor may answer a challenge: an innovator who may read it."""
    return (
        actor.is_innovator
        and actor.organisation_id is not None
        and can_see_challenge(actor, challenge)
    )


def can_put_forward(actor: Actor, innovation: Innovation) -> bool:
    """Whether the actor may answer with a record: its own people, once it is submitted."""
    return is_own(actor, innovation) and innovation.status is RecordStatus.SUBMITTED


def can_change(sides: Sides, answer: Answer) -> bool:
    """Whether the actor may change or send it, as far as the answer itself allows."""
    return Side.INNOVATOR in sides and answer.state not in {
        AnswerState.INVITED,
        AnswerState.DECLINED,
    }


def can_withdraw(sides: Sides, answer: Answer) -> bool:
    """Whether the actor may take it back: the innovator's side, until it is decided."""
    return Side.INNOVATOR in sides and answer.state in {
        AnswerState.WITH_HIN,
        AnswerState.SENT_BACK,
        AnswerState.SUBMITTED,
    }


def can_broker(sides: Sides, answer: Answer) -> bool:
    """Whether the actor may pass it on or send it back."""
    return Side.HIN in sides and answer.state is AnswerState.WITH_HIN


def can_decide(sides: Sides, answer: Answer) -> bool:
    """Whether the actor may invite or decline, as far as the answer itself allows."""
    return Side.STATING in sides and answer.state is AnswerState.SUBMITTED


def can_talk(sides: Sides, answer: Answer, *, is_sealed: bool) -> bool:
    """Whether the actor reads and writes the thread: both sides, once the other reads it."""
    is_read = answer.state in ARRIVED and answer.arrived_at is not None and not is_sealed
    return is_read and bool(sides & {Side.INNOVATOR, Side.STATING})


def can_decide_on(actor: Actor, challenge: Challenge, parts: Parts) -> bool:
    """Whether the actor states a challenge and has no interest in one of its answers."""
    return states(actor, challenge) and challenge.id not in parts.interested


def can_read_all(actor: Actor, challenge: Challenge, parts: Parts) -> bool:
    """Whether the actor reads the answers to a challenge side by side, once they are not sealed."""
    return can_decide_on(actor, challenge, parts) or challenge.id in parts.assessing
