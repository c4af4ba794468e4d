"""What stood at the end of a day. `None` is now: then the newest rows, which the columns repeat.

Lists keep the newest row in a column of the record; a past day is worked out from the dated rows
(`moments`). Who may see a record is always today's rule: a record that is hidden today shows in
no past figure.
"""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from portal.innovations.models import Innovation, Life, Use
from portal.pipeline.queries import moments
from portal.pipeline.rules.days import end_of
from portal.reference.queries import today
from portal.support.models import Engagement, EngagementChange, LeadChange, LevelChange
from portal.support.rules import LIVE

Day = date | None


def past(day: Day) -> Day:
    """Return the day if it is over, None for today and for no day: then the columns hold."""
    return day if day is not None and day < today() else None


def stage_id(day: Day) -> ColumnElement[Any]:
    """Return SQL for the stage that the record had reached."""
    return Innovation.stage_id.expression if day is None else moments.stage_id_at(end_of(day))


def on_pipeline(day: Day) -> ColumnElement[bool]:
    """Return SQL for "was submitted and not archived"."""
    return Innovation.life == Life.SUBMITTED if day is None else moments.is_live_at(end_of(day))


def proven(day: Day) -> ColumnElement[bool]:
    """Return SQL for "counted as proven", never NULL."""
    if day is not None:
        return moments.is_proven_on(day)
    until = Innovation.is_proven_until
    return and_(until.is_not(None), until >= today())


def in_use(day: Day) -> ColumnElement[bool]:
    """Return SQL for "the row of use held on the day"."""
    on = day or today()
    return and_(Use.from_on <= on, or_(Use.until_on.is_(None), Use.until_on >= on))


def is_used(day: Day) -> ColumnElement[bool]:
    """Return SQL for "the record was in use somewhere"."""
    found = exists().where(Use.innovation_id == Innovation.id, in_use(day))
    return found.correlate(Innovation)


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
