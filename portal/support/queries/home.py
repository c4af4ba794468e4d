"""Read what home pages show of support: who helps, tasks, decisions due and hours logged."""

from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.accounts.models import Actor
from portal.clock import today
from portal.db import db
from portal.innovations.models import Innovation, Life
from portal.innovations.queries import own
from portal.reference.rules import Quarter
from portal.support.models import Doer, Engagement, InteractionEvent, Matter, MatterState
from portal.support.queries.figures import booked_in
from portal.support.queries.matters import readable_by
from portal.support.queries.on_day import is_in_triage_on, is_live_on

MAX_SHOWN = 5
"""How many rows a home page shows of a list."""


def helpers(actor: Actor) -> Sequence[Engagement]:
    """Return the live engagements with the actor's records, the newest first."""
    return db.session.scalars(
        select(Engagement)
        .join(Engagement.innovation)
        .where(own(actor), Innovation.life == Life.SUBMITTED, is_live_on(None))
        .options(
            contains_eager(Engagement.innovation),
            joinedload(Engagement.hin),
            joinedload(Engagement.lead),
        )
        .order_by(Engagement.opened_at.desc(), Engagement.id)
        .limit(MAX_SHOWN)
    ).all()


def tasks(actor: Actor) -> Sequence[Matter]:
    """Return the open tasks that lie with the actor's side, the earliest day first: at a HIN those
    of the engagements that the actor leads."""
    if actor.is_innovator:
        mine = Matter.doer == Doer.INNOVATOR
    else:
        mine = (Matter.doer == Doer.HIN) & (Engagement.lead_id == actor.user_id)
    return db.session.scalars(
        select(Matter)
        .join(Matter.engagement)
        .join(Engagement.innovation)
        .join(Engagement.hin)
        .options(
            contains_eager(Matter.engagement).options(
                contains_eager(Engagement.innovation).joinedload(Innovation.organisation),
                contains_eager(Engagement.hin),
            )
        )
        .where(Matter.state == MatterState.OPEN, mine, readable_by(actor))
        .order_by(Matter.due_on.is_(None), Matter.due_on, Matter.id)
    ).all()


def decisions(actor: Actor) -> Sequence[Engagement]:
    """Return the actor's cases that wait for a decision, what is due first."""
    return db.session.scalars(
        select(Engagement)
        .join(Engagement.innovation)
        .options(contains_eager(Engagement.innovation).joinedload(Innovation.organisation))
        .where(Engagement.lead_id == actor.user_id, Engagement.hin_id == actor.hin_id)
        .where(is_in_triage_on(None), Innovation.life == Life.SUBMITTED)
        .order_by(Engagement.due_on.is_(None), Engagement.due_on, Engagement.id)
    ).all()


def quarters_logged(actor: Actor) -> int:
    """Return the quarter hours that the actor's HIN logged in the NHS quarter of today."""
    return db.session.scalar(logged(actor)) or 0


def logged(actor: Actor) -> Select[int]:
    """Return the statement that adds them up."""
    return select(func.coalesce(func.sum(InteractionEvent.quarters), 0)).where(
        booked_in(Quarter.of(today())), InteractionEvent.hin_id == actor.hin_id
    )
