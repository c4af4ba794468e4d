"""Lists of campaigns and ideas, what is asked of people, and what is late."""

import enum
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal.accounts.models import Actor, Organisation
from portal.clock import today
from portal.community.models import (
    THREADS,
    Campaign,
    Idea,
    IdeaAppeal,
    IdeaMessage,
    IdeaReport,
    IdeaState,
    IdeaSupporter,
    IdeaTag,
)
from portal.community.policy import Standing
from portal.community.queries import (
    READABLE,
    campaign_visible_to,
    run_by,
    visible_to,
    written_by,
)
from portal.community.rules import SHOWN, UNANSWERED
from portal.db import by_name, db
from portal.reference.queries import is_past_due
from portal.text import folded_for_sorting
from portal.threads import queries as threads

Listed = Select[*tuple[Any, ...]]
WAITING = (IdeaState.HELD, *sorted(UNANSWERED))


class Queue(enum.StrEnum):
    """Which ideas a list shows."""

    ALL = "all"
    MINE = "mine"
    OURS = "ours"

    @property
    def label(self) -> str:
        """What its tab says."""
        return {"all": "All", "mine": "Yours", "ours": "To answer"}[self.value]


supporters = (
    select(func.count()).where(IdeaSupporter.idea_id == Idea.id).correlate(Idea).scalar_subquery()
)
"""How many support an idea."""
comments = (
    select(func.count(IdeaMessage.id))
    .where(IdeaMessage.thread_id == Idea.id, READABLE)
    .correlate(Idea)
    .scalar_subquery()
)
"""How many comments it has that are not hidden."""


def in_queue(queue: Queue, actor: Actor, standing: Standing) -> ColumnElement[bool]:
    """Return SQL for "stands in this queue of the actor's", in a statement with the campaign."""
    if queue is Queue.MINE:
        return written_by(actor)
    if queue is Queue.OURS:
        return run_by(actor, standing) & Idea.state.in_(WAITING)
    return Idea.state.in_(sorted(SHOWN))


def listed(actor: Actor, standing: Standing, queue: Queue) -> Listed:
    """Return the ideas of a queue with all that a row shows, not yet in order."""
    return (
        select(Idea, supporters, comments, threads.unread(THREADS, actor, READABLE))
        .join(Campaign, Campaign.id == Idea.campaign_id)
        .join(Organisation, Organisation.id == Idea.organisation_id)
        .where(visible_to(actor, standing), in_queue(queue, actor, standing))
        .options(
            contains_eager(Idea.campaign),
            contains_eager(Idea.organisation),
            joinedload(Idea.owner),
            selectinload(Idea.tags),
        )
    )


def tagged(names: Sequence[str]) -> ColumnElement[bool]:
    """Return SQL for "has one of these tags"."""
    return Idea.id.in_(select(IdeaTag.idea_id).where(IdeaTag.name.in_(names)))


def options(actor: Actor, standing: Standing) -> tuple[list[tuple[str, str]], list[str]]:
    """Return the campaigns (id and title) and the most used tags that the reader may filter by."""
    seen = campaign_visible_to(actor, standing)
    campaigns = db.session.execute(
        select(Campaign.id, Campaign.title).where(seen).order_by(by_name(Campaign.title))
    )
    tags = db.session.scalars(
        select(IdeaTag.name)
        .join(Idea, Idea.id == IdeaTag.idea_id)
        .join(Campaign, Campaign.id == Idea.campaign_id)
        .where(visible_to(actor, standing), Idea.state.in_(sorted(SHOWN)))
        .group_by(IdeaTag.name)
        .order_by(func.count().desc(), by_name(IdeaTag.name))
        .limit(30)
    )
    return [(str(one.id), one.title) for one in campaigns], sorted(tags, key=folded_for_sorting)


def campaigns(actor: Actor, standing: Standing) -> Sequence[tuple[Campaign, int]]:
    """Return the campaigns that the actor may see, the open ones that close first before others,
    each with how many ideas show."""
    shown = (
        select(func.count(Idea.id))
        .where(Idea.campaign_id == Campaign.id, Idea.state.in_(sorted(SHOWN)))
        .correlate(Campaign)
        .scalar_subquery()
    )
    is_over = func.coalesce(Campaign.closes_on < today(), False)
    rows = db.session.execute(
        select(Campaign, shown)
        .where(campaign_visible_to(actor, standing))
        .options(joinedload(Campaign.organisation))
        .order_by(is_over, Campaign.closes_on.is_(None), Campaign.closes_on, Campaign.id)
    )
    return [(row[0], row[1]) for row in rows]


# What is asked of people: columns of `portal.web.home.AskRow` -------------------------------------


def _of_ours(actor: Actor) -> ColumnElement[bool]:
    return Campaign.organisation_id == actor.organisation_id


def count_ours(actor: Actor, *conditions: ColumnElement[bool]) -> Select[int]:
    """Return the statement that counts the ideas for the actor's organisation that were not taken
    back or removed."""
    live = Idea.state.in_([IdeaState.HELD, *sorted(SHOWN)])
    return (
        select(func.count(Idea.id))
        .select_from(Idea)
        .join(Campaign, Campaign.id == Idea.campaign_id)
        .where(_of_ours(actor), live, *conditions)
    )


def is_waiting() -> ColumnElement[bool]:
    """Return SQL for "its authors wait for an answer"."""
    return Idea.state.in_(WAITING)


def to_answer(actor: Actor) -> Listed:
    """Return the statement of the ideas that wait for the actor: those that nobody took on, and
    those that they took on themselves."""
    free = Idea.state.in_([IdeaState.HELD, IdeaState.POSTED])
    theirs = and_(Idea.state == IdeaState.LOOKING, Idea.owner_id == actor.user_id)
    orphaned = and_(Idea.state == IdeaState.LOOKING, Idea.owner_id.is_(None))
    return (
        select(
            Idea.id,
            Idea.state.label("key"),
            Idea.title.label("name"),
            Organisation.name.label("who"),
            Idea.due_on,
        )
        .join(Campaign, Campaign.id == Idea.campaign_id)
        .join(Organisation, Organisation.id == Idea.organisation_id)
        .where(_of_ours(actor), or_(free, theirs, orphaned))
    )


def reported(actor: Actor) -> Listed:
    """Return the statement of the ideas of which something was reported and is not decided."""
    return (
        select(Idea.id, Idea.title.label("name"))
        .join(Campaign, Campaign.id == Idea.campaign_id)
        .join(IdeaReport, IdeaReport.idea_id == Idea.id)
        .where(_of_ours(actor), IdeaReport.decided_at.is_(None), Idea.state.in_(sorted(SHOWN)))
        .group_by(Idea.id, Idea.title)
    )


def appealed(actor: Actor) -> Listed:
    """Return the statement of the appeals that the actor may decide."""
    decides = true() if actor.is_national else _of_ours(actor)
    not_own = (Idea.removed_by_id != actor.user_id) & ~written_by(actor)
    return (
        select(Idea.id, Idea.title.label("name"), IdeaAppeal.due_on)
        .join(IdeaAppeal, IdeaAppeal.idea_id == Idea.id)
        .join(Campaign, Campaign.id == Idea.campaign_id)
        .where(decides, not_own, IdeaAppeal.decided_at.is_(None))
    )


# What is late ------------------------------------------------------------------------------------


def to_remind(on: date) -> list[int]:
    """Return the ideas whose day has passed without an answer, and of which nobody was reminded."""
    return list(
        db.session.scalars(
            select(Idea.id)
            .where(is_waiting(), is_past_due(Idea.due_on, on), Idea.reminded_at.is_(None))
            .order_by(Idea.id)
        )
    )
