"""Read what home pages show of support: who helps, tasks, decisions due and hours logged."""

from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.accounts.models import Actor
from portal.clock import today
from portal.db import db
from portal.innovations.models import Innovation, RecordStatus
from portal.innovations.queries import own
from portal.reference.rules import Quarter
from portal.support.models import Assignee, Engagement, Interaction, Task, TaskState
from portal.support.queries.figures import booked_in
from portal.support.queries.on_day import is_in_triage_on, is_live_on
from portal.support.queries.tasks import readable_by

MAX_SHOWN = 5
"""How many rows a home page shows of a list."""


def helpers(actor: Actor) -> Sequence[Engagement]:
    """Return the live engagements with the actor's records, the newest first."""
    return db.session.scalars(
        select(Engagement)
        .join(Engagement.innovation)
        .where(own(actor), Innovation.status == RecordStatus.SUBMITTED, is_live_on(None))
        .options(
            contains_eager(Engagement.innovation),
            joinedload(Engagement.hin),
            joinedload(Engagement.lead),
        )
        .order_by(Engagement.opened_at.desc(), Engagement.id)
        .limit(MAX_SHOWN)
    ).all()


def tasks(actor: Actor) -> Sequence[Task]:
    """Return the open tasks that lie with the actor's side, the earliest day first: at a HIN those
    of the engagements that the actor leads."""
    if actor.is_innovator:
        mine = Task.assignee == Assignee.INNOVATOR
    else:
        mine = (Task.assignee == Assignee.HIN) & (Engagement.lead_id == actor.user_id)
    return db.session.scalars(
        select(Task)
        .join(Task.engagement)
        .join(Engagement.innovation)
        .join(Engagement.hin)
        .options(
            contains_eager(Task.engagement).options(
                contains_eager(Engagement.innovation).joinedload(Innovation.organisation),
                contains_eager(Engagement.hin),
            )
        )
        .where(Task.state == TaskState.OPEN, mine, readable_by(actor))
        .order_by(Task.due_on.is_(None), Task.due_on, Task.id)
    ).all()


def decisions(actor: Actor) -> Sequence[Engagement]:
    """Return the actor's cases that wait for a decision, what is due first."""
    return db.session.scalars(
        select(Engagement)
        .join(Engagement.innovation)
        .options(contains_eager(Engagement.innovation).joinedload(Innovation.organisation))
        .where(Engagement.lead_id == actor.user_id, Engagement.hin_id == actor.hin_id)
        .where(is_in_triage_on(None), Innovation.status == RecordStatus.SUBMITTED)
        .order_by(Engagement.due_on.is_(None), Engagement.due_on, Engagement.id)
    ).all()


def minutes_logged(actor: Actor) -> int:
    """Return the minutes that the actor's HIN logged in the NHS quarter of today."""
    return db.session.scalar(logged(actor)) or 0


def logged(actor: Actor) -> Select[int]:
    """Return the statement that adds them up."""
    return select(func.coalesce(func.sum(Interaction.minutes), 0)).where(
        booked_in(Quarter.of(today())), Interaction.hin_id == actor.hin_id
    )
