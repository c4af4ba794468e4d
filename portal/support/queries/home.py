"""Read what home pages show of support: who helps, tasks, decisions due and hours logged."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, func, select

from portal.accounts.models import Actor, Organisation, User
from portal.accounts.queries.alike import built, values_of
from portal.clock import today
from portal.db import db
from portal.figures.queries.kept import FigureCache
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
from portal.support.queries.tasks import readable_by, unread_tasks

MAX_SHOWN = 5
"""How many rows a home page shows of a list."""


def helpers(actor: Actor) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the live engagements with the actor's records, the newest first: the record's id and
    `name`, `hin`, `lead` (by name; None where nobody leads), `level` and `due_on`."""
    return db.session.execute(built(actor, _helpers, _helpers), values_of(actor)).all()


def _helpers(actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Engagement.innovation_id,
            Innovation.name,
            Hin.name.label("hin"),
            User.name.label("lead"),
            Engagement.level,
            Engagement.due_on,
        )
        .join(Engagement.innovation)
        .join(Engagement.hin)
        .outerjoin(Engagement.lead)
        .where(own(actor), Innovation.status == RecordStatus.SUBMITTED, is_live_on(None))
        .order_by(Engagement.opened_at.desc(), Engagement.id)
        .limit(MAX_SHOWN)
    )


def unread(actor: Actor) -> int:
    """Return in how many threads something waits for the actor to be read."""
    return db.session.scalar(built(actor, unread_tasks, unread_tasks), values_of(actor)) or 0


def tasks(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Return the statement of the open tasks that lie with the actor's side: at a HIN those of the
    engagements that the actor leads. Its columns are those of `portal.web.home.AskRow`."""
    if actor.is_innovator:
        mine, who = Task.assignee == Assignee.INNOVATOR, Hin.name
    else:
        # The records of these tasks alone are looked at: few of what somebody leads has one.
        led = select(Task.id).join(Task.engagement).where(Engagement.lead_id == actor.user_id)
        here = (Task.state == TaskState.OPEN) & (Task.assignee == Assignee.HIN)
        mine, who = Task.id.in_(led.where(here)), Organisation.name
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
    """Return the minutes that the actor's HIN logged in the NHS quarter of today; kept until one
    logs or corrects any."""
    key = ("minutes logged", Quarter.of(today()), actor.hin_id)
    found: int = FigureCache().answer(key, lambda: db.session.scalar(logged(actor)) or 0)
    return found


def logged(actor: Actor) -> Select[int]:
    """Return the statement that adds them up."""
    return select(func.coalesce(func.sum(Interaction.minutes), 0)).where(
        booked_in(Quarter.of(today())), Interaction.hin_id == actor.hin_id
    )
