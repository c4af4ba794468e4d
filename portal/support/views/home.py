"""What support contributes to the home page: what is asked, who helps, and hours logged."""

from collections.abc import Mapping
from typing import Any

from flask import url_for

from portal.accounts.models import Actor
from portal.clock import today
from portal.reference.rules import Quarter
from portal.support.models import ProposalKind
from portal.support.queries import ended_for, home
from portal.support.rules.interactions import as_hours
from portal.web.home import AskSource, HomeList
from portal.wording import is_overdue

WHAT = {ProposalKind.HANDOVER: "Take over", ProposalKind.JOINT: "Work together on"}


ASKS = (
    AskSource(
        may=lambda actor: actor.is_innovator or actor.is_hin,
        rows=home.tasks,
        title=lambda ask: f"{ask.text}, about {ask.name}",
        href=lambda ask: url_for("support.task", task_id=ask.id),
    ),
    AskSource(
        may=lambda actor: actor.is_hin,
        rows=home.decisions,
        title=lambda ask: f"Decide on {ask.name}",
        href=lambda ask: url_for("support.record", innovation_id=ask.id),
    ),
    AskSource(
        may=lambda actor: actor.is_hin,
        rows=home.proposals,
        title=lambda ask: f"{WHAT[ProposalKind(ask.key)]} {ask.name}",
        href=lambda ask: url_for("support.answer_proposal", proposal_id=ask.id),
    ),
    AskSource(
        may=lambda actor: True,
        rows=home.surveys,
        title=lambda ask: f"How was the support? Four questions about {ask.name}",
        href=lambda ask: url_for("support.survey", survey_id=ask.id),
    ),
)


def _helpers(actor: Actor) -> Mapping[str, Any]:
    helpers = [(one, is_overdue(one.due_on, today())) for one in home.helpers(actor)]
    return {"helpers": helpers, "unread": home.unread(actor)}


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
