"""How a record stood on a day, in SQL: the twins of `rules.on_day`, over `Innovation`.

A past day is worked out from the dated rows; of today (and of no day) the columns tell, which
repeat the newest row, so that a list of a hundred thousand need not look for it. What a record is
about (its category, settings, the HIN that looks first) is not dated: a view of the past groups by
what it is about today. Who may read it is today's rule too.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    and_,
    exists,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from portal.accounts.models import Actor, Organisation
from portal.clock import end_of, today
from portal.innovations.models import (
    Innovation,
    ProvenStatus,
    RecordStatus,
    StageChange,
    StatusChange,
    Use,
)
from portal.innovations.queries import counted_for, proven
from portal.merging import holder_at, is_of, moment_of
from portal.reference.models import Site

Day = date | None
"""A day; None is today."""


def is_past(day: Day) -> bool:
    """Whether the day is over, so that only the dated rows tell of it."""
    return day is not None and day < today()


def _is_its(rows: Any, day: Day) -> ColumnElement[bool]:
    """Return SQL for "the row was the record's on the day": rows move when records are made one."""
    return is_of(rows, "innovation_id", Innovation.id, moment_of(day))


# In use: over rows of `Use`, and over records


def is_running_on(day: Day) -> ColumnElement[bool]:
    """Return SQL over `Use` for "the organisation had it on the day", as a trial or not."""
    on = day or today()
    return and_(Use.from_on <= on, or_(Use.until_on.is_(None), Use.until_on >= on))


def used_in_ics(day: Day = None) -> ColumnElement[int | None]:
    """Return SQL over `Use` for `Use.ics_id`: the ICS of its organisation or place."""
    user = holder_at(Use, "organisation_id", moment_of(day))
    organisation = select(Organisation.ics_id).where(Organisation.id == user)
    place = select(Site.ics_id).where(Site.id == Use.directory_site_id)
    return func.coalesce(
        organisation.correlate(Use).scalar_subquery(), place.correlate(Use).scalar_subquery()
    )


def is_used_in(icss: Select[int], day: Day = None) -> ColumnElement[bool]:
    """Return SQL over `Use` for "`used_in_ics` is one of these": by the indexes of organisation and
    place, of which a use has one, where that looks for the ICS of each use."""
    user = holder_at(_ONE, "organisation_id", moment_of(day))
    organisations = select(Organisation.id).where(Organisation.ics_id.in_(icss))
    places = select(Site.id).where(Site.is_in(icss))
    # Not one clause with "or": SQLite would read every use for it.
    found = union_all(
        select(_ONE.id).where(user.in_(organisations)),
        select(_ONE.id).where(_ONE.directory_site_id.in_(places)),
    )
    return Use.id.in_(found)


_ONE = aliased(Use)


def use_is_in_use_on(day: Day) -> ColumnElement[bool]:
    """Return SQL over `Use` for "the organisation used it on the day"; a trial is never use."""
    return and_(is_running_on(day), Use.is_trial.is_(False))


def use_is_on_trial_on(day: Day) -> ColumnElement[bool]:
    """Return SQL over `Use` for "the organisation tried it out on the day"."""
    return and_(is_running_on(day), Use.is_trial.is_(True))


def is_in_use_on(day: Day) -> ColumnElement[bool]:
    """Return SQL for "somebody used the record on the day"."""
    found = exists().where(_is_its(Use, day), use_is_in_use_on(day))
    return found.correlate(Innovation)


def is_on_trial_on(day: Day) -> ColumnElement[bool]:
    """Return SQL for "somebody tried the record out on the day"."""
    found = exists().where(_is_its(Use, day), use_is_on_trial_on(day))
    return found.correlate(Innovation)


# Stage and life


def stage_id_on(day: Day) -> ColumnElement[Any]:
    """Return SQL for the id of the stage that the record had reached on the day."""
    if day is None or not is_past(day):
        return Innovation.stage_id.expression
    return stage_id_at(end_of(day))


def stage_id_at(moment: datetime) -> ScalarSelect[int]:
    """Return SQL for the id of the stage reached before a moment; null where none was."""
    return (
        select(StageChange.stage_id)
        .where(StageChange.innovation_id == Innovation.id, StageChange.at < moment)
        .order_by(StageChange.at.desc(), StageChange.id.desc())
        .limit(1)
        .correlate(Innovation)
        .scalar_subquery()
    )


def is_live_on(day: Day) -> ColumnElement[bool]:
    """Return SQL for "the record was on the pipeline on the day"."""
    if day is None or not is_past(day):
        return Innovation.status == RecordStatus.SUBMITTED
    return is_live_at(end_of(day))


def is_counted_on(actor: Actor, day: Day) -> ColumnElement[bool]:
    """Return SQL for "it was on the pipeline on the day, and a number tells the actor of it"."""
    live = is_live_on(day)
    # Staff are told of everything that is submitted today: nothing of theirs need be looked for,
    # and the clause is the same for all of them.
    return live if actor.is_staff and not is_past(day) else and_(live, counted_for(actor))


def is_live_at(moment: datetime) -> ColumnElement[bool]:
    """Return SQL for "before a moment it was submitted, and not archived again"."""
    status = (
        select(StatusChange.status)
        .where(StatusChange.innovation_id == Innovation.id, StatusChange.at < moment)
        .order_by(StatusChange.at.desc(), StatusChange.id.desc())
        .limit(1)
        .correlate(Innovation)
        .scalar_subquery()
    )
    return func.coalesce(status, RecordStatus.DRAFT.value) == RecordStatus.SUBMITTED.value


# Proven: over rows of `ProvenStatus`, and over records


def stands_on(on: date) -> ColumnElement[bool]:
    """Return SQL over `ProvenStatus` for "the verification held on the day"."""
    moment = end_of(on)
    return and_(
        ProvenStatus.verified_at < moment,
        ProvenStatus.valid_until >= on,
        or_(ProvenStatus.withdrawn_at.is_(None), ProvenStatus.withdrawn_at >= moment),
    )


def is_proven_on(day: Day) -> ColumnElement[bool]:
    """Return SQL for "the record counted as proven on the day"; never NULL."""
    if day is None or not is_past(day):
        return proven(day or today())
    found = exists().where(_is_its(ProvenStatus, day), stands_on(day))
    return found.correlate(Innovation)
