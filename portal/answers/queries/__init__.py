"""Read answers: the door, what each reader may see, whom they concern."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from portal.accounts.models import Actor, Membership, Organisation, Role, User
from portal.accounts.queries.acting import leads, people, responsible_at
from portal.answers import policy
from portal.answers.models import Answer, AnswerAssessor, AnswerState
from portal.answers.policy import Parts, Sides, sides_of
from portal.answers.rules import ARRIVED, is_sealed, takes_answers
from portal.challenges.models import Call, Challenge
from portal.challenges.policy import can_post
from portal.challenges.queries import challenge_for, own_challenge_for
from portal.challenges.queries.calls import published_of
from portal.clock import today
from portal.db import by_name, db
from portal.errors import Forbidden, NotFound
from portal.figures.queries.kept import FigureCache
from portal.innovations.models import Innovation, RecordStatus, Use
from portal.innovations.queries import own
from portal.reference.models import Hin
from portal.reference.queries import hin_of_ics

INTERESTED = (
    "You declared an interest in one of the answers, so your colleagues read, assess and decide."
)


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """An answer with the sides on which its reader stands."""

    answer: Answer
    sides: Sides
    call: Call | None
    is_sealed: bool


def of_innovator(actor: Actor) -> ColumnElement[bool]:
    """Return SQL for "puts a record of the actor's side forward"."""
    return Answer.innovation_id.in_(select(Innovation.id).where(own(actor)))


def of_stating(actor: Actor) -> ColumnElement[bool]:
    """Return SQL for "arrived at the actor's organisation, which states the challenge"."""
    if not can_post(actor):
        return false()
    stated = select(Challenge.id).where(Challenge.organisation_id == actor.organisation_id)
    interested = _declared(actor, has_interest=True)
    mine = and_(Answer.challenge_id.in_(stated), Answer.challenge_id.not_in(interested))
    return and_(_arrived(), mine, ~sealed(today()))


def of_hin(actor: Actor) -> ColumnElement[bool]:
    """Return SQL for "the actor's HIN reads it first"."""
    if not actor.is_hin or actor.hin_id is None:
        return false()
    away = [AnswerState.DRAFT, AnswerState.WITHDRAWN]
    return and_(
        Answer.hin_id == actor.hin_id,
        Answer.submitted_at.is_not(None),
        Answer.state.not_in(away),
    )


def of_assessor(actor: Actor) -> ColumnElement[bool]:
    """Return SQL for "the actor assesses it"."""
    assessed = _declared(actor, has_interest=False).where(AnswerAssessor.released_at.is_(None))
    return and_(_arrived(), Answer.challenge_id.in_(assessed), ~sealed(today()))


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return SQL for "the actor may know of it": any side of `policy.sides_of`."""
    return or_(of_innovator(actor), of_stating(actor), of_hin(actor), of_assessor(actor))


def _arrived() -> ColumnElement[bool]:
    return and_(Answer.arrived_at.is_not(None), Answer.state.in_(sorted(ARRIVED)))


def sealed(on: date) -> ColumnElement[bool]:
    """Return SQL for `rules.is_sealed(answer, its call, on)`."""
    return exists(
        select(_RUNS.id).where(
            _RUNS.challenge_id == Answer.challenge_id,
            _RUNS.published_at <= Answer.arrived_at,
            _RUNS.result.is_(None),
            _RUNS.closes_on >= on,
        )
    )


_RUNS = aliased(Call)
"""Statements that join the call themselves keep theirs. It is made once: that takes longer than the
rest of the clause."""


def _declared(actor: Actor, *, has_interest: bool) -> Select[int]:
    return select(AnswerAssessor.challenge_id).where(
        AnswerAssessor.user_id == actor.user_id,
        AnswerAssessor.has_interest.is_(has_interest),
    )


def _declarations(actor: Actor) -> Sequence[Any]:
    columns = (AnswerAssessor.challenge_id, AnswerAssessor.has_interest, AnswerAssessor.released_at)
    return db.session.execute(select(*columns).where(AnswerAssessor.user_id == actor.user_id)).all()


def parts_of(actor: Actor) -> Parts:
    """Return what the actor declared as an assessor: the page and its tabs ask."""
    found: Sequence[Any] = FigureCache().once(
        ("parts of an assessor", actor.user_id), lambda: _declarations(actor)
    )
    clear = (row.challenge_id for row in found if row.has_interest is False and not row.released_at)
    return Parts(frozenset(clear), frozenset(row.challenge_id for row in found if row.has_interest))


# The doors -----------------------------------------------------------------------------------


def answer_for(actor: Actor, answer_id: int) -> AnswerRow:
    """Return the answer and the actor's sides; raises NotFound otherwise. The only door."""
    found = db.session.get(
        Answer,
        answer_id,
        options=[
            joinedload(Answer.challenge).joinedload(Challenge.organisation),
            joinedload(Answer.innovation).joinedload(Innovation.organisation),
            joinedload(Answer.innovation).selectinload(Innovation.collaborators),
            selectinload(Answer.points),
            joinedload(Answer.hin),
            joinedload(Answer.introduction),
        ],
    )
    if found is not None:
        call = published_of(found.challenge_id)
        seals = is_sealed(found, call, today())
        sides = sides_of(actor, found, parts_of(actor), is_sealed=seals)
        if sides:
            return AnswerRow(found, sides, call, seals)
    raise NotFound("There is no answer here that you may see.")


def on_side(actor: Actor, answer_id: int, *wanted: policy.Side) -> AnswerRow:
    """Return an answer on one of whose sides `wanted` the actor stands; raises NotFound, or
    Forbidden when they only read it."""
    seen = answer_for(actor, answer_id)
    if not seen.sides & set(wanted):
        raise Forbidden("This step is for others who take part in the answer.")
    return seen


def challenge_to_answer_for(actor: Actor, challenge_id: int) -> tuple[Challenge, Call | None]:
    """Return a challenge that the actor may answer, with its published call; raises NotFound, or
    Forbidden for who is no innovator or when it takes no answers now."""
    challenge = challenge_for(actor, challenge_id)
    call = published_of(challenge_id)
    if not policy.can_answer(actor, challenge):
        raise Forbidden("Challenges are answered by innovators, with a record of their own.")
    if not takes_answers(challenge, call, today()):
        raise Forbidden("This challenge does not take answers now.")
    return challenge, call


def challenge_with_answers_for(actor: Actor, challenge_id: int) -> Challenge:
    """Return a challenge whose answers the actor reads side by side; raises NotFound, Forbidden."""
    challenge = challenge_for(actor, challenge_id)
    parts = parts_of(actor)
    if challenge.id in parts.interested:
        raise Forbidden(INTERESTED)
    if not policy.can_read_all(actor, challenge, parts):
        raise Forbidden("Answers are for the organisation that states the challenge.")
    return challenge


def stating_challenge_for(actor: Actor, challenge_id: int) -> Challenge:
    """Return a challenge that the actor's organisation states, if they may decide on its answers;
    raises NotFound or Forbidden."""
    challenge = own_challenge_for(actor, challenge_id)
    if not policy.can_decide_on(actor, challenge, parts_of(actor)):
        raise Forbidden(INTERESTED)
    return challenge


# Rows ----------------------------------------------------------------------------------------


def records_to_offer(actor: Actor) -> Sequence[Innovation]:
    """Return the submitted records with which the actor may answer, by name."""
    return db.session.scalars(
        select(Innovation)
        .where(own(actor), Innovation.status == RecordStatus.SUBMITTED)
        .options(
            selectinload(Innovation.evidence),
            selectinload(Innovation.uses).joinedload(Use.organisation),
            selectinload(Innovation.uses).joinedload(Use.directory_site),
            selectinload(Innovation.collaborators),
        )
        .order_by(by_name(Innovation.name), Innovation.id)
    ).all()


def answer_of(challenge_id: int, innovation_id: int) -> Answer | None:
    """Return the answer to a challenge with a record, in whatever state."""
    return db.session.scalar(
        select(Answer).where(
            Answer.challenge_id == challenge_id, Answer.innovation_id == innovation_id
        )
    )


def own_answers(actor: Actor, challenge_id: int) -> Sequence[Answer]:
    """Return the answers of the actor's side to a challenge."""
    if not actor.is_signed_in:
        return []
    return db.session.scalars(
        select(Answer)
        .where(Answer.challenge_id == challenge_id, of_innovator(actor))
        .options(joinedload(Answer.innovation))
        .order_by(Answer.id)
    ).all()


def answers_to(challenge_id: int) -> Sequence[Answer]:
    """Return every answer to a challenge that those who state it read, first come first."""
    return db.session.scalars(
        select(Answer)
        .where(Answer.challenge_id == challenge_id, _arrived())
        .options(
            joinedload(Answer.innovation).joinedload(Innovation.organisation),
            joinedload(Answer.introduction),
            selectinload(Answer.points),
        )
        .order_by(Answer.arrived_at, Answer.id)
    ).all()


def waiting_to(challenge_id: int) -> Sequence[Answer]:
    """Return the answers to a challenge that somebody has yet to decide, at the HIN or beyond."""
    return db.session.scalars(
        select(Answer)
        .where(
            Answer.challenge_id == challenge_id,
            Answer.state.in_([AnswerState.WITH_HIN, AnswerState.SUBMITTED]),
        )
        .order_by(Answer.id)
    ).all()


# People --------------------------------------------------------------------------------------


def broker_of(challenge: Challenge) -> Hin | None:
    """Return the HIN that reads answers first: the one that leads in the ICS today."""
    ics_id = challenge.organisation.ics_id
    return hin_of_ics(ics_id) if ics_id else None


def stating_people(answer: Answer) -> list[User]:
    """Return whom at the organisation that states the challenge to tell."""
    return responsible_at(answer.challenge.author_id, answer.challenge.organisation_id)


def hin_people(answer: Answer) -> Sequence[User]:
    """Return whom at the HIN that reads it first to tell."""
    return leads(answer.hin_id) if answer.hin_id else ()


def people_to_ask(challenge: Challenge, call: Call | None) -> Sequence[User]:
    """Return who may be asked to assess and was not: the people of the organisation that states
    the challenge, and of the HIN that brokers or is the contact."""
    broker = broker_of(challenge)
    hin_ids = {broker.id if broker else None, call.contact_hin_id if call else None} - {None}
    here = Membership.organisation_id == challenge.organisation_id
    named = sorted(one for one in hin_ids if one is not None)
    networks = and_(Membership.role == Role.HIN, Organisation.hin_id.in_(named))
    asked = {one.user_id for one in assessors_of(challenge.id) if one.released_at is None}
    return [one for one in people(or_(here, networks)) if one.id not in asked]


def assessors_of(challenge_id: int) -> Sequence[AnswerAssessor]:
    """Return who was asked to assess the answers to a challenge, with their scores."""
    return db.session.scalars(
        select(AnswerAssessor)
        .where(AnswerAssessor.challenge_id == challenge_id)
        .options(joinedload(AnswerAssessor.user), selectinload(AnswerAssessor.assessments))
        .order_by(AnswerAssessor.id)
        .execution_options(populate_existing=True)
    ).all()


def own_part(actor: Actor, challenge_id: int) -> AnswerAssessor:
    """Return the actor's own part in assessing; raises NotFound for who is not asked."""
    for one in assessors_of(challenge_id):
        if one.user_id == actor.user_id and one.released_at is None:
            return one
    raise NotFound("You were not asked to assess this.")
