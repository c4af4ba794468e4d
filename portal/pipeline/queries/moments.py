"""How a record stood at a past moment, in SQL: always from dated rows, never from current columns.

A moment is the end of a day in England (`rules.days.end_of`); what happened before it counts.
What a record *is about* (its category, settings, conditions, the HIN that looks at it first) is not
dated: a view of the past groups by what it is about today. Who may read it is today's rule too.
"""

from datetime import date, datetime

from sqlalchemy import ColumnElement, ScalarSelect, exists, func, or_, select

from portal.audit.models import AuditEvent
from portal.innovations.models import (
    Innovation,
    Life,
    LifeChange,
    ProvenStatus,
    SharingChange,
    StageChange,
)
from portal.pipeline.rules.days import begin_of, end_of, months_before

STALE_MONTHS = 6
"""Without a change for so long, a record counts as stale."""


def stage_id_at(moment: datetime) -> ScalarSelect[int]:
    """Return SQL for the id of the stage that the record had reached; null where none was."""
    return (
        select(StageChange.stage_id)
        .where(StageChange.innovation_id == Innovation.id, StageChange.at < moment)
        .order_by(StageChange.at.desc(), StageChange.id.desc())
        .limit(1)
        .correlate(Innovation)
        .scalar_subquery()
    )


def is_live_at(moment: datetime) -> ColumnElement[bool]:
    """Return SQL for "it was on the pipeline": submitted, and not archived again."""
    life = (
        select(LifeChange.life)
        .where(LifeChange.innovation_id == Innovation.id, LifeChange.at < moment)
        .order_by(LifeChange.at.desc(), LifeChange.id.desc())
        .limit(1)
        .correlate(Innovation)
        .scalar_subquery()
    )
    return func.coalesce(life, Life.DRAFT.value) == Life.SUBMITTED.value


def is_proven_on(on: date) -> ColumnElement[bool]:
    """Return SQL for "a verification stood that day": made, not run out, not withdrawn."""
    moment = end_of(on)
    standing = or_(ProvenStatus.withdrawn_at.is_(None), ProvenStatus.withdrawn_at >= moment)
    return exists(
        select(ProvenStatus.id)
        .where(
            ProvenStatus.innovation_id == Innovation.id,
            ProvenStatus.verified_at < moment,
            ProvenStatus.valid_until >= on,
            standing,
        )
        .correlate(Innovation)
    )


def is_stale_on(on: date) -> ColumnElement[bool]:
    """Return SQL for "nothing of it changed in the six months before": no stage, life or sharing,
    and nothing written on its timeline (every change of a record writes there)."""
    since, until = end_of(months_before(on, STALE_MONTHS)), end_of(on)
    dated = [
        exists(
            select(model.id)
            .where(model.innovation_id == Innovation.id, model.at >= since, model.at < until)
            .correlate(Innovation)
        )
        for model in (StageChange, LifeChange, SharingChange)
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
