"""What support contributes to the home page: what is asked, who helps, and hours logged."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for

from portal.accounts.models import Actor
from portal.clock import today
from portal.db import db
from portal.reference.rules import Quarter
from portal.support.models import ProposalKind
from portal.support.queries import ended_for, home
from portal.support.queries.proposals import to_answer
from portal.support.queries.surveys import surveys_waiting
from portal.support.queries.tasks import unread_tasks
from portal.support.rules.interactions import as_hours
from portal.web.home import Ask, HomeList
from portal.wording import is_overdue

WHAT = {ProposalKind.HANDOVER: "Take over", ProposalKind.JOINT: "Work together on"}


def tasks(actor: Actor) -> Sequence[Ask]:
    """Return the tasks that lie with the actor's side."""
    if not (actor.is_innovator or actor.is_hin):
        return []
    return [
        Ask(
            f"{task.title}, about {task.engagement.innovation.name}",
            url_for("support.task", task_id=task.id),
            task.engagement.hin.name
            if actor.is_innovator
            else task.engagement.innovation.organisation.name,
            task.due_on,
        )
        for task in home.tasks(actor)
    ]


def decisions(actor: Actor) -> Sequence[Ask]:
    """Return the cases that the actor leads and has not decided."""
    if not actor.is_hin:
        return []
    return [
        Ask(
            f"Decide on {case.innovation.name}",
            url_for("support.record", innovation_id=case.innovation_id),
            case.innovation.organisation.name,
            case.due_on,
        )
        for case in home.decisions(actor)
    ]


def proposals(actor: Actor) -> Sequence[Ask]:
    """Return what other networks propose to the actor's and wait to be answered."""
    return [
        Ask(
            f"{WHAT[one.kind]} {one.innovation.name}",
            url_for("support.answer_proposal", proposal_id=one.id),
            one.from_hin.name,
            one.due_on,
        )
        for one in to_answer(actor)
    ]


def surveys(actor: Actor) -> Sequence[Ask]:
    """Return the surveys that the actor was asked to answer."""
    return [
        Ask(
            f"How was the support? Four questions about {one.closing.engagement.innovation.name}",
            url_for("support.survey", survey_id=one.id),
            one.closing.engagement.hin.name,
        )
        for one in surveys_waiting(actor)
    ]


ASKS = (tasks, decisions, proposals, surveys)


def _helpers(actor: Actor) -> Mapping[str, Any]:
    helpers = [(one, is_overdue(one.due_on, today())) for one in home.helpers(actor)]
    return {"helpers": helpers, "unread": db.session.scalar(unread_tasks(actor))}


def _logged(actor: Actor) -> Mapping[str, Any]:
    quarter = Quarter.of(today())
    hours = as_hours(home.minutes_logged(actor))
    return {"logged": f"{hours:g} hours of contacts in Q{quarter.number} {quarter.years}"}


def _ended(actor: Actor) -> Mapping[str, Any]:
    return {"ended": ended_for(actor)}


LISTS = (
    HomeList("support/_home_ended.html", lambda actor: actor.is_innovator, _ended),
    HomeList("support/_home_helpers.html", lambda actor: actor.is_innovator, _helpers),
    HomeList("support/_home_logged.html", lambda actor: actor.is_hin, _logged),
)
