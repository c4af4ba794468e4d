"""What stood at the end of a day. `None` is now: then the newest rows, which the columns repeat.

Lists keep the newest row in a column of the record; a past day is worked out from the dated rows
(`moments`). Who may see a record is always today's rule: a record that is hidden today shows in
no past figure.
"""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, func, select
from sqlalchemy.orm import aliased

from portal.innovations.models import Innovation
from portal.innovations.queries.on_day import is_in_use_on as is_used
from portal.innovations.queries.on_day import is_live_on as on_pipeline
from portal.innovations.queries.on_day import is_on_trial_on as is_on_trial
from portal.innovations.queries.on_day import is_past
from portal.innovations.queries.on_day import is_proven_on as proven
from portal.innovations.queries.on_day import stage_id_on as stage_id
from portal.innovations.queries.on_day import use_is_in_use_on as in_use
from portal.pipeline.rules.days import end_of
from portal.support.models import Engagement, EngagementChange, LeadChange, LevelChange
from portal.support.rules import LIVE

__all__ = [
    "Day",
    "in_use",
    "is_leading",
    "is_live",
    "is_on_trial",
    "is_used",
    "level",
    "on_pipeline",
    "past",
    "proven",
    "stage_id",
    "state",
    "supporter_count",
]

Day = date | None


def past(day: Day) -> Day:
    """Return the day if it is over, None for today and for no day: then the columns hold."""
    return day if is_past(day) else None


def _newest(model: Any, column: Any, day: date, of: Any) -> ScalarSelect[Any]:
    """Return the value of the newest change of an engagement up to the end of the day."""
    return (
        select(column)
        .where(model.engagement_id == of.id, model.at < end_of(day))
        .order_by(model.at.desc(), model.id.desc())
        .limit(1)
        .correlate(of)
        .scalar_subquery()
    )


def state(day: Day, of: Any = Engagement) -> ColumnElement[Any]:
    """Return SQL for the state of an engagement."""
    if day is None:
        return of.state.expression  # type: ignore[no-any-return]  # `of` may be an alias
    return _newest(EngagementChange, EngagementChange.state, day, of)


def is_live(day: Day, of: Any = Engagement) -> ColumnElement[bool]:
    """Return SQL for "the engagement was live": a HIN worked with the innovation, or was about
    to; not unsuitable and not closed."""
    return state(day, of).in_(sorted(LIVE))


def is_leading(day: Day) -> ColumnElement[bool]:
    """Return SQL for "the engagement's HIN led with the record"."""
    if day is None:
        return Engagement.is_leading.expression
    led = aliased(Engagement)
    newest = (
        select(LeadChange.engagement_id)
        .join(led, led.id == LeadChange.engagement_id)
        .where(led.innovation_id == Engagement.innovation_id, LeadChange.at < end_of(day))
        .order_by(LeadChange.at.desc(), LeadChange.id.desc())
        .limit(1)
        .correlate(Engagement)
        .scalar_subquery()
    )
    return Engagement.id == newest


def level(day: Day, of: Any = Engagement) -> ColumnElement[Any]:
    """Return SQL for the support level of an engagement."""
    return of.level.expression if day is None else _newest(LevelChange, LevelChange.level, day, of)


def supporter_count(day: Day) -> ColumnElement[int]:
    """Return SQL for the number of HINs that work with the record."""
    live = (Engagement.innovation_id == Innovation.id) & is_live(day)
    return select(func.count(Engagement.id)).where(live).correlate(Innovation).scalar_subquery()
