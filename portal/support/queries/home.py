"""Read what home pages show of support: who helps, tasks, decisions due and hours logged."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.accounts.models import Actor, Organisation
from portal.clock import today
from portal.db import db
from portal.innovations.models import Innovation, RecordStatus
from portal.innovations.queries import own
from portal.reference.models import Hin
from portal.reference.rules import Quarter
from portal.support.models import (
    Assignee,
    Closing,
    Engagement,
    Interaction,
    Proposal,
    Survey,
    Task,
    TaskState,
)
from portal.support.queries import proposals as proposed
from portal.support.queries import surveys as surveyed
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


def tasks(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Return the statement of the open tasks that lie with the actor's side: at a HIN those of the
    engagements that the actor leads. Its columns are those of `portal.web.home.AskRow`."""
    if actor.is_innovator:
        mine, who = Task.assignee == Assignee.INNOVATOR, Hin.name
    else:
        mine = (Task.assignee == Assignee.HIN) & (Engagement.lead_id == actor.user_id)
        who = Organisation.name
    return (
        select(Task.id, Task.title.label("text"), Innovation.name, who.label("who"), Task.due_on)
        .join(Task.engagement)
        .join(Engagement.innovation)
        .join(Innovation.organisation)
        .join(Engagement.hin)
        .where(Task.state == TaskState.OPEN, mine, readable_by(actor))
    )


def decisions(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Return the statement of the actor's cases that wait for a decision, as `tasks` does; the id
    is that of the innovation."""
    return (
        select(Innovation.id, Innovation.name, Organisation.name.label("who"), Engagement.due_on)
        .join(Engagement.innovation)
        .join(Innovation.organisation)
        .where(Engagement.lead_id == actor.user_id, Engagement.hin_id == actor.hin_id)
        .where(is_in_triage_on(None), Innovation.status == RecordStatus.SUBMITTED)
    )


def proposals(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Return the statement of the proposals that wait for the actor's HIN, as `tasks` does; the
    key is the kind."""
    return (
        select(
            Proposal.id,
            Proposal.kind.label("key"),
            Innovation.name,
            Hin.name.label("who"),
            Proposal.due_on,
        )
        .join(Proposal.innovation)
        .join(Hin, Hin.id == Proposal.from_hin_id)
        .where(proposed.waits_for(actor))
    )


def surveys(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Return the statement of the surveys that the actor was asked to answer, as `tasks` does."""
    return (
        select(Survey.id, Innovation.name, Hin.name.label("who"))
        .join(Survey.closing)
        .join(Closing.engagement)
        .join(Engagement.innovation)
        .join(Engagement.hin)
        .where(surveyed.waits_for(actor))
    )


def minutes_logged(actor: Actor) -> int:
    """Return the minutes that the actor's HIN logged in the NHS quarter of today."""
    return db.session.scalar(logged(actor)) or 0


def logged(actor: Actor) -> Select[int]:
    """Return the statement that adds them up."""
    return select(func.coalesce(func.sum(Interaction.minutes), 0)).where(
        booked_in(Quarter.of(today())), Interaction.hin_id == actor.hin_id
    )
