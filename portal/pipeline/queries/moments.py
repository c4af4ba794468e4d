"""How a record stood at a past moment, in SQL: always from dated rows, never from current columns.

A moment is the end of a day in England (`clock.end_of`); what happened before it counts.
What a record *is about* (its category, settings, conditions, the HIN that looks at it first) is not
dated: a view of the past groups by what it is about today. Who may read it is today's rule too.
"""

from datetime import date

from sqlalchemy import ColumnElement, exists, or_, select

from portal.audit.models import AuditEvent
from portal.clock import begin_of, end_of, months_after
from portal.innovations.models import Innovation, SharingChange, StageChange, StatusChange

STALE_MONTHS = 6
"""Without a change for so long, a record counts as stale."""


def is_stale_on(on: date) -> ColumnElement[bool]:
    """Return SQL for "nothing of it changed in the six months before": no stage, status or sharing,
    and nothing written on its timeline (every change of a record writes there)."""
    since, until = end_of(months_after(on, -STALE_MONTHS)), end_of(on)
    dated = [
        exists(
            select(model.id)
            .where(model.innovation_id == Innovation.id, model.at >= since, model.at < until)
            .correlate(Innovation)
        )
        for model in (StageChange, StatusChange, SharingChange)
    ]
    told = exists(
        select(AuditEvent.id)
        .where(
            AuditEvent.noun == "innovation",
            AuditEvent.noun_id == Innovation.id,
            AuditEvent.at >= since,
            AuditEvent.at < until,
        )
        .correlate(Innovation)
    )
    return ~or_(*dated, told)


def was_added(since: date, on: date) -> ColumnElement[bool]:
    """Return SQL for "it first came on the pipeline from `since` to `on`", both days included."""
    first = Innovation.submitted_at
    return (first >= begin_of(since)) & (first < end_of(on))
