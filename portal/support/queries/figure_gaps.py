"""Read what is missing or not settled in support before a quarter is frozen."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from portal.clock import begin_of
from portal.figures.queries import gaps_counted
from portal.figures.rules import Gap, Period
from portal.reference.queries import is_past_due
from portal.support.models import BudgetAsk, Engagement, EngagementState, Interaction
from portal.support.queries.interactions import counted
from portal.support.rules import LIVE


def gaps(period: Period) -> Sequence[Gap]:
    """Return the engagements that lack something, and what was logged late for the quarter."""
    live = Engagement.state.in_(sorted(LIVE)) & (Engagement.opened_at < period.quarter.ends_at)
    engaging = Engagement.state == EngagementState.ENGAGING
    logged_today = Interaction.logged_at >= begin_of(period.today)
    counts = counted() & (Interaction.counts_in == period.quarter.first)
    corrected = Interaction.corrects_id.is_not(None) & (
        Interaction.logged_at >= period.quarter.ends_at
    )
    return gaps_counted(
        (
            _engagements(live & engaging & Engagement.level.is_(None)),
            "engagement has no support level",
            "engagements have no support level",
            "/support?queue=all&state=engaging",
        ),
        (
            _engagements(live & is_past_due(Engagement.due_on, period.today)),
            "engagement is past the day promised",
            "engagements are past the day promised",
            "/support?queue=overdue",
        ),
        (
            _engagements(live & Engagement.undated.is_not(None)),
            "promise has no day, since bank holidays are missing",
            "promises have no day, since bank holidays are missing",
            "/support/deadlines",
        ),
        (
            select(func.count(BudgetAsk.id)).where(BudgetAsk.answered_at.is_(None)),
            "engagement has spent its hours, and nobody said what comes next",
            "engagements have spent their hours, and nobody said what comes next",
            "",
        ),
        (
            _interactions(counts & logged_today),
            "interaction of this quarter was logged today: others may follow",
            "interactions of this quarter were logged today: others may follow",
            "/support/interactions",
        ),
        (
            _interactions(counts & corrected),
            "interaction was corrected since the quarter ended",
            "interactions were corrected since the quarter ended",
            "/support/interactions",
        ),
    )


def _engagements(clause: ColumnElement[bool]) -> Select[Any]:
    return select(func.count(Engagement.id)).where(clause)


def _interactions(clause: ColumnElement[bool]) -> Select[Any]:
    return select(func.count(Interaction.id)).where(clause)
