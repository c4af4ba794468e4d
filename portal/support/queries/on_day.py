"""How an engagement stood on a day, in SQL: the twins of `rules.on_day`.

Of a day that is over the dated rows tell; of today (and of no day) the columns, which repeat the
newest row. `of` may be an alias of `Engagement`.
"""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, func, select
from sqlalchemy.orm import aliased

from portal.clock import end_of
from portal.innovations.models import Innovation
from portal.innovations.queries.on_day import Day, is_past
from portal.merging import holder_at, is_of, moment_of
from portal.reference.queries import is_past_due
from portal.support.models import Engagement, EngagementChange, LeadChange, LevelChange
from portal.support.rules import LIVE
from portal.support.rules.on_day import TRIAGE


def state_on(day: Day, of: Any = Engagement) -> ColumnElement[Any]:
    """Return SQL for the state of an engagement on the day; null before its first."""
    if day is None or not is_past(day):
        return of.state.expression  # type: ignore[no-any-return]  # `of` may be an alias
    return (
        select(EngagementChange.state)
        .where(EngagementChange.engagement_id == of.id, EngagementChange.at < end_of(day))
        .order_by(EngagementChange.at.desc(), EngagementChange.id.desc())
        .limit(1)
        .correlate(of)
        .scalar_subquery()
    )


def is_live_on(day: Day, of: Any = Engagement) -> ColumnElement[bool]:
    """Return SQL for "the HIN worked with the innovation on the day, or was about to"."""
    return state_on(day, of).in_(sorted(LIVE))


def is_in_triage_on(day: Day, of: Any = Engagement) -> ColumnElement[bool]:
    """Return SQL for "the HIN had not decided on the day"."""
    return state_on(day, of).in_(sorted(TRIAGE))


def level_on(day: Day, of: Any = Engagement) -> ColumnElement[Any]:
    """Return SQL for the support level held at the end of the day; null before the first."""
    if day is None or not is_past(day):
        return of.level.expression  # type: ignore[no-any-return]  # `of` may be an alias
    return _newest_level(of.id, LevelChange.at < end_of(day), of)


def level_by(engagement_id: Any, on: Any, *tables: Any) -> ScalarSelect[int]:
    """Return SQL for the level that an engagement held at the end of the day in a column, such as
    that of an interaction; `tables` are where both columns come from."""
    return _newest_level(engagement_id, LevelChange.on <= on, *tables)


def _newest_level(
    engagement_id: Any, until: ColumnElement[bool], *tables: Any
) -> ScalarSelect[int]:
    return (
        select(LevelChange.level)
        .where(LevelChange.engagement_id == engagement_id, until)
        .order_by(LevelChange.at.desc(), LevelChange.id.desc())
        .limit(1)
        .correlate(*tables)
        .scalar_subquery()
    )


def is_leading_on(day: Day) -> ColumnElement[bool]:
    """Return SQL for "the engagement's HIN led with the record on the day"."""
    if day is None or not is_past(day):
        return Engagement.is_leading.expression
    led = aliased(Engagement)
    moment = moment_of(day)
    record = holder_at(Engagement, "innovation_id", moment)
    newest = (
        select(LeadChange.engagement_id)
        .join(led, led.id == LeadChange.engagement_id)
        .where(is_of(led, "innovation_id", record, moment), LeadChange.at < end_of(day))
        .order_by(LeadChange.at.desc(), LeadChange.id.desc())
        .limit(1)
        .correlate(Engagement)
        .scalar_subquery()
    )
    return Engagement.id == newest


def supporter_count_on(day: Day) -> ColumnElement[int]:
    """Return SQL over `Innovation` for the number of HINs that worked with the record."""
    its = is_of(Engagement, "innovation_id", Innovation.id, moment_of(day))
    live = its & is_live_on(day)
    return select(func.count(Engagement.id)).where(live).correlate(Innovation).scalar_subquery()


def is_overdue_on(today: date) -> ColumnElement[bool]:
    """Return SQL over `Engagement` for "it is live and its due date has passed"."""
    return is_live_on(None) & is_past_due(Engagement.due_on, today)
