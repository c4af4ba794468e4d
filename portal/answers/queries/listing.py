"""The list of answers, what is asked of people, and what is late."""

import enum
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.accounts.models import Actor, Organisation
from portal.answers.models import (
    THREADS,
    Answer,
    AnswerAssessor,
    AnswerReminder,
    AnswerState,
    Assessment,
    ReminderKind,
)
from portal.answers.queries import of_hin, of_innovator, of_stating, visible_to
from portal.answers.rules import ARRIVED, REMINDED_BEFORE, UNDECIDED
from portal.challenges.models import Call, Challenge, ChallengeState
from portal.clock import today
from portal.db import db
from portal.innovations.models import Innovation
from portal.reference.queries import is_past_due
from portal.threads import queries as threads

Listed = Select[*tuple[Any, ...]]


class Queue(enum.StrEnum):
    """Which answers a list shows."""

    OURS = "ours"
    UNDECIDED = "undecided"
    ALL = "all"

    @property
    def label(self) -> str:
        """What its tab says."""
        return {"ours": "Waiting for us", "undecided": "Not decided yet", "all": "All"}[self.value]


def waits_for(actor: Actor) -> ColumnElement[bool]:
    """Return SQL for "the next step lies with the actor's side"."""
    drafts = Answer.state.in_([AnswerState.DRAFT, AnswerState.SENT_BACK])
    still_open = Challenge.state == ChallengeState.OPEN
    return or_(
        and_(of_innovator(actor), drafts, still_open) if actor.is_innovator else false(),
        and_(of_stating(actor), Answer.state == AnswerState.SUBMITTED),
        and_(of_hin(actor), Answer.state == AnswerState.WITH_HIN),
    )


def in_queue(queue: Queue, actor: Actor) -> ColumnElement[bool]:
    """Return SQL for "stands in this queue of the actor's", in a statement with the challenge."""
    if queue is Queue.OURS:
        return waits_for(actor)
    if queue is Queue.UNDECIDED:
        return Answer.state.in_(sorted(UNDECIDED))
    return Answer.id.is_not(None)


def listed(actor: Actor, queue: Queue) -> Listed:
    """Return the answers of a queue with all that a row shows, not yet in order."""
    return (
        select(Answer, threads.unread(THREADS, actor))
        .join(Answer.challenge)
        .join(Challenge.organisation)
        .join(Answer.innovation)
        .where(visible_to(actor), in_queue(queue, actor))
        .options(
            contains_eager(Answer.challenge).contains_eager(Challenge.organisation),
            contains_eager(Answer.innovation).joinedload(Innovation.organisation),
            joinedload(Answer.hin),
        )
    )


def counts(actor: Actor) -> Listed:
    """Return the statement that counts all answers, and those that wait for the actor's side."""
    ours = case((in_queue(Queue.OURS, actor), 1))
    return (
        select(func.count(Answer.id).label("answers"), func.count(ours).label("answers_ours"))
        .select_from(Answer)
        .join(Answer.challenge)
        .where(visible_to(actor), in_queue(Queue.ALL, actor))
    )


# What is asked of people: columns of `portal.web.home.AskRow` -------------------------------------


def next_steps(actor: Actor) -> Listed:
    """Return the statement of the answers whose next step lies with the actor's side, one row for
    all answers to one challenge where those who state it are asked."""
    closes = func.coalesce(Answer.due_on, Call.closes_on)
    mine = (
        select(
            Answer.id,
            Answer.state.label("key"),
            Challenge.title.label("name"),
            Organisation.name.label("who"),
            closes.label("due_on"),
        )
        .join(Answer.challenge)
        .join(Challenge.organisation)
        .outerjoin(Call, Call.challenge_id == Challenge.id)
    )
    return mine.where(waits_for(actor), Answer.state != AnswerState.SUBMITTED)


def to_decide(actor: Actor) -> Listed:
    """Return the statement of the challenges of the actor's organisation to whose answers it owes
    a decision: once a call has closed, outside calls at once."""
    is_assessed = or_(Call.id.is_(None), Call.published_at.is_(None), Call.closes_on < today())
    return (
        select(
            Challenge.id,
            Challenge.title.label("name"),
            func.min(Answer.due_on).label("due_on"),
        )
        .join(Answer, Answer.challenge_id == Challenge.id)
        .outerjoin(Call, Call.challenge_id == Challenge.id)
        .where(of_stating(actor), Answer.state == AnswerState.SUBMITTED, is_assessed)
        .group_by(Challenge.id, Challenge.title)
    )


def unread_words(actor: Actor) -> Listed:
    """Return the statement of the answers in which somebody wrote to the actor's side."""
    side = of_innovator(actor) if actor.is_innovator else of_stating(actor)
    return (
        select(
            Answer.id,
            Challenge.title.label("name"),
            Organisation.name.label("who"),
        )
        .join(Answer.challenge)
        .join(Challenge.organisation)
        .where(side, Answer.state.in_(sorted(ARRIVED)), threads.unread(THREADS, actor) > 0)
    )


def to_assess(actor: Actor) -> Listed:
    """Return the statement of the challenges whose answers the actor is asked to assess and has
    not scored all."""
    scored = exists(
        select(Assessment.id)
        .where(Assessment.assessor_id == AnswerAssessor.id, Assessment.answer_id == Answer.id)
        .correlate(AnswerAssessor, Answer)
    )
    waiting = exists(
        select(Answer.id).where(
            Answer.challenge_id == AnswerAssessor.challenge_id,
            Answer.state == AnswerState.SUBMITTED,
            ~scored,
        )
    )
    undeclared = AnswerAssessor.has_interest.is_(None)
    ready = or_(Call.id.is_(None), Call.published_at.is_(None), Call.closes_on < today())
    return (
        select(
            Challenge.id,
            Challenge.title.label("name"),
            Organisation.name.label("who"),
            Call.due_on,
        )
        .join(AnswerAssessor, AnswerAssessor.challenge_id == Challenge.id)
        .join(Challenge.organisation)
        .outerjoin(Call, Call.challenge_id == Challenge.id)
        .where(
            AnswerAssessor.user_id == actor.user_id,
            AnswerAssessor.released_at.is_(None),
            ready,
            or_(undeclared, and_(AnswerAssessor.has_interest.is_(False), waiting)),
        )
    )


# What is late ------------------------------------------------------------------------------------


def to_remind(on: date) -> list[tuple[int, ReminderKind]]:
    """Return the answers of which people are to be reminded today, and were not before."""
    soon = and_(
        Answer.state.in_([AnswerState.DRAFT, AnswerState.SENT_BACK]),
        Call.published_at.is_not(None),
        Call.closes_on >= on,
        Call.closes_on <= on + timedelta(days=REMINDED_BEFORE),
    )
    late = is_past_due(Answer.due_on, on + timedelta(days=1))
    wanted = (
        (ReminderKind.DRAFT, soon),
        (ReminderKind.HIN, (Answer.state == AnswerState.WITH_HIN) & late),
        (ReminderKind.DECISION, (Answer.state == AnswerState.SUBMITTED) & late),
    )
    return [(one, kind) for kind, which in wanted for one in _unreminded(kind, which)]


def _unreminded(kind: ReminderKind, which: ColumnElement[bool]) -> list[int]:
    done = select(AnswerReminder.answer_id).where(AnswerReminder.kind == kind)
    found = (
        select(Answer.id)
        .outerjoin(Call, Call.challenge_id == Answer.challenge_id)
        .where(which, Answer.id.not_in(done))
        .order_by(Answer.id)
    )
    return list(db.session.scalars(found))
