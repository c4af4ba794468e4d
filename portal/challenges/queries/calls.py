"""Read calls: the door, what strangers read, questions, followers, who was told what."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Actor, Membership, MembershipState, User
from portal.accounts.queries.acting import responsible_at
from portal.challenges.models import (
    Call,
    CallQuestion,
    CallTold,
    Challenge,
    ChallengeState,
)
from portal.challenges.policy import can_see_call
from portal.challenges.queries import challenge_for, own_challenge_for, visible_to
from portal.clock import today
from portal.db import db
from portal.errors import NotFound
from portal.figures.queries.kept import FigureCache
from portal.reference.models import Hin
from portal.reference.queries import hins, is_past_due


def call_of(challenge_id: int) -> Call | None:
    """Return the call of a challenge, draft or published: the page and its tabs ask for it. Its
    criteria, amendments and questions are read by the page that shows them."""
    found: Call | None = FigureCache().once(("call", challenge_id), lambda: _call(challenge_id))
    return found


def _call(challenge_id: int) -> Call | None:
    return db.session.scalar(
        select(Call)
        .where(Call.challenge_id == challenge_id)
        .options(
            joinedload(Call.challenge).joinedload(Challenge.organisation),
            joinedload(Call.contact_hin),
        )
    )


def published_of(challenge_id: int) -> Call | None:
    """Return the published call of a challenge."""
    found = call_of(challenge_id)
    return found if found is not None and found.published_at is not None else None


def call_seen_by(actor: Actor, challenge: Challenge) -> Call | None:
    """Return the call of a challenge that the actor sees; None where there is none."""
    found = call_of(challenge.id)
    return found if found is not None and can_see_call(actor, challenge, found) else None


def call_for(actor: Actor, challenge_id: int) -> Call:
    """Return a call that the actor may see; raises NotFound otherwise."""
    challenge = challenge_for(actor, challenge_id)
    found = call_seen_by(actor, challenge)
    if found is None:
        raise NotFound("There is no call here that you may see.")
    return found


def own_call_for(actor: Actor, challenge_id: int) -> Call:
    """Return a call that the actor may change; raises NotFound or Forbidden."""
    own_challenge_for(actor, challenge_id)
    return call_for(actor, challenge_id)


def question_for(call: Call, question_id: int) -> CallQuestion:
    """Return a question about a call; raises NotFound for any other."""
    found = db.session.get(CallQuestion, question_id)
    if found is None or found.call_id != call.id:
        raise NotFound("There is no such question about this call.")
    return found


def waiting_of(call: Call, user_id: int | None) -> int:
    """Return how many questions of a person about a call have no answer yet."""
    return sum(one.by_id == user_id and one.answered_at is None for one in call.questions)


def hin_names() -> dict[int, str]:
    """Return the names of the HINs by their ids."""
    return {hin.id: hin.name for hin in hins()}


def networks() -> Sequence[Hin]:
    """Return the HINs that may be the contact of a call."""
    return hins()


def published_calls(challenge_ids: Iterable[int]) -> Mapping[int, Call]:
    """Return the published calls of these challenges, by the id of the challenge."""
    found = db.session.scalars(
        select(Call).where(
            Call.challenge_id.in_(list(challenge_ids)), Call.published_at.is_not(None)
        )
    )
    return {one.challenge_id: one for one in found}


def is_unfinished(challenge_id: int) -> bool:
    """Whether a challenge has a published call whose result is not published yet."""
    found = published_of(challenge_id)
    return found is not None and found.result is None


def is_open_call(on: date) -> ColumnElement[bool]:
    """Return SQL for `rules.calls.phase(call, on) is Phase.OPEN`."""
    return (
        Call.published_at.is_not(None)
        & Call.result.is_(None)
        & (Call.opens_on <= on)
        & (Call.closes_on >= on)
    )


def open_calls(actor: Actor, challenge_ids: Iterable[int]) -> Sequence[Call]:
    """Return the open calls among these challenges that the actor sees and has not stated."""
    return db.session.scalars(
        select(Call)
        .join(Call.challenge)
        .where(
            Challenge.id.in_(list(challenge_ids)),
            Challenge.organisation_id != actor.organisation_id,
            Challenge.state == ChallengeState.OPEN,
            visible_to(actor),
            is_open_call(today()),
        )
        .options(joinedload(Call.challenge).joinedload(Challenge.organisation))
        .order_by(Call.closes_on, Call.id)
    ).all()


MAX_CLOSING_SOON = 5
"""So many open calls stand above the list of challenges."""


def closing_soon(actor: Actor) -> Sequence[Call]:
    """Return the open calls that the actor sees, those first that close first."""
    return db.session.scalars(
        select(Call)
        .join(Call.challenge)
        .where(Challenge.state == ChallengeState.OPEN, visible_to(actor), is_open_call(today()))
        .options(joinedload(Call.challenge).joinedload(Challenge.organisation))
        .order_by(Call.closes_on, Call.id)
        .limit(MAX_CLOSING_SOON)
    ).all()


SimilarIds = Callable[[Actor, Challenge], Sequence[int]]
_similar: SimilarIds | None = None


def similar_come_from(source: SimilarIds) -> None:
    """Ask this for the challenges that ask for much the same: a higher room compares them."""
    global _similar  # noqa: PLW0603  # set once, at start
    _similar = source


def similar_calls(actor: Actor, challenge: Challenge) -> Sequence[Call]:
    """Return the open calls of others that ask for much the same: one may join them instead."""
    ids = _similar(actor, challenge) if _similar is not None else ()
    return open_calls(actor, ids) if ids else []


# Who is told ---------------------------------------------------------------------------------


def stating_people(challenge: Challenge) -> list[User]:
    """Return whom at the organisation that states a challenge to tell: its author or its leads."""
    return responsible_at(challenge.author_id, challenge.organisation_id)


def organisation_ids(people: Iterable[User]) -> dict[int, int]:
    """Return for whom people act, by their id: the organisation they joined first."""
    rows = db.session.execute(
        select(Membership.user_id, func.min(Membership.organisation_id).label("organisation_id"))
        .where(
            Membership.user_id.in_([person.id for person in people]),
            Membership.state == MembershipState.ACTIVE,
        )
        .group_by(Membership.user_id)
    )
    return {row.user_id: row.organisation_id for row in rows}


def told(call: Call) -> Sequence[CallTold]:
    """Return who was told what about a call, in order."""
    return db.session.scalars(
        select(CallTold)
        .where(CallTold.call_id == call.id)
        .options(joinedload(CallTold.organisation))
        .order_by(CallTold.at, CallTold.id)
    ).all()


# What is due ---------------------------------------------------------------------------------


def with_late_questions(on: date) -> Sequence[int]:
    """Return the ids of the calls in which a question should have an answer by now, and of which
    nobody was reminded."""
    waits = select(CallQuestion.call_id).where(CallQuestion.answered_at.is_(None))
    return db.session.scalars(
        select(Call.id)
        .where(
            Call.published_at.is_not(None),
            Call.reminded_at.is_(None),
            Call.id.in_(waits),
            is_past_due(Call.replies_by, on),
        )
        .order_by(Call.id)
    ).all()


def questions_waiting(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Return the statement of questions that the actor's organisation has to answer, with the
    columns of `portal.web.home.AskRow`; who asked is named nowhere."""
    return (
        select(
            Challenge.id, Challenge.title.label("name"), func.min(Call.replies_by).label("due_on")
        )
        .join(Call, Call.challenge_id == Challenge.id)
        .join(CallQuestion, CallQuestion.call_id == Call.id)
        .where(
            Challenge.organisation_id == actor.organisation_id,
            CallQuestion.answered_at.is_(None),
        )
        .group_by(Challenge.id, Challenge.title)
    )
