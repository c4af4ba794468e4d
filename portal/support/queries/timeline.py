"""Read what was decided on a record, when and by whom, as one dated list."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, bindparam, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.interfaces import ORMOption

from portal.accounts.models import User
from portal.db import db
from portal.support.models import (
    BudgetAnswer,
    BudgetAsk,
    DeskMessage,
    Engagement,
    EngagementChange,
    Exemption,
    LeadChange,
    LeadPersonChange,
    LevelChange,
)
from portal.together import Together
from portal.wording import day_words

Rows = Mapping[type[Any], Sequence[Any]]
"""Rows by their tables."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One dated line of the support timeline."""

    at: datetime
    who: str
    hin: str
    title: str
    message: str = ""
    elsewhere: str = ""
    reason: str = ""
    """Why the level changed: for staff only."""


def outcomes(engagements: Iterable[Engagement], rows: Rows) -> list[Moment]:
    """Return what was decided on the record by all HINs, newest first, from the rows of `TOLD`."""
    hins = {engagement.id: engagement.hin.name for engagement in engagements}
    moments = [
        told(row, hins[row.engagement_id])
        for model, told in TOLD.items()
        for row in rows.get(model, ())
        if _is_told(row)
    ]
    return sorted(moments, key=lambda moment: moment.at)[::-1]


def rows_of_engagements(models: Iterable[type[Any]]) -> dict[type[Any], ColumnElement[bool]]:
    """Return which rows of these tables belong to the engagements whose numbers are bound as
    `engagements`, for `Together`."""
    asked = bindparam("engagements", type_=Integer(), expanding=True)
    return {model: model.engagement_id.in_(asked) for model in models}


def with_people(models: Iterable[type[Any]]) -> list[ORMOption]:
    """Return what loads the name of who did each of these."""
    by = (model.answered_by if model is BudgetAsk else model.by for model in models)
    return [joinedload(person).load_only(User.name) for person in by]


def _is_told(row: object) -> bool:
    """Whether the row stands on the timeline: not an open question, nor who led from the first."""
    if isinstance(row, BudgetAsk):
        return row.answer is BudgetAnswer.CARRIED_ON
    return not (isinstance(row, LeadChange) and row.by_id is None)


def _outcome(change: EngagementChange, hin: str) -> Moment:
    return Moment(
        at=change.at,
        who=change.by.name if change.by else "",
        hin=hin,
        title=change.state.label,
        message=change.message,
        elsewhere=change.elsewhere,
    )


def _level(change: LevelChange, hin: str) -> Moment:
    who = change.by.name if change.by else ""
    reason = change.why
    if change.suggested is not None and change.suggested != change.level:
        reason = f"{reason} (Level {change.suggested} was suggested.)".strip()
    return Moment(change.at, who, hin, f"Support level {change.level}", reason=reason)


def _carried_on(ask: BudgetAsk, hin: str) -> Moment:
    who = ask.answered_by.name if ask.answered_by else ""
    title = f"Carries on at support level {ask.level}"
    return Moment(ask.answered_at or ask.asked_at, who, hin, title, reason=ask.why)


def _exempted(row: Exemption, hin: str) -> Moment:
    new = f"; due instead: {day_words(row.until)}" if row.until else ""
    title = f"Exempted from the due date, {day_words(row.due_on)}{new}"
    return Moment(row.at, row.by.name if row.by else "", hin, title, message=row.why)


def _leads(row: LeadChange, hin: str) -> Moment:
    title = "Leads with the innovation from now on"
    return Moment(row.at, row.by.name if row.by else "", hin, title)


def _messaged(row: DeskMessage, hin: str) -> Moment:
    title = f"Message: {row.subject}"
    return Moment(row.at, row.by.name if row.by else "", hin, title, message=row.body)


TOLD: Mapping[Any, Callable[[Any, str], Moment]] = {
    EngagementChange: _outcome,
    LevelChange: _level,
    BudgetAsk: _carried_on,
    Exemption: _exempted,
    DeskMessage: _messaged,
    LeadChange: _leads,
}
"""Every kind of row that tells of an engagement, and how."""
BESIDE = frozenset({DeskMessage, LeadChange})
"""What no decision is: it leaves the engagement as it stood, or comes with one."""


@cache
def _decided() -> Together:
    """Return the statement of `last_decision`, built once."""
    decided = [model for model in TOLD if model not in BESIDE]
    return Together(rows_of_engagements(decided), *with_people(decided))


def last_decision(engagement_id: int) -> Moment | None:
    """Return the newest decision about an engagement: what a second person is told."""
    found = db.session.scalars(
        select(Engagement).where(Engagement.id == engagement_id).options(joinedload(Engagement.hin))
    ).one()
    decided = outcomes([found], _decided().read({"engagements": [found.id]}))
    moments = [*decided[:1], *_assigned(found)]
    return max(moments, key=lambda moment: moment.at, default=None)


def _assigned(engagement: Engagement) -> list[Moment]:
    """Return who was made the lead person last."""
    change = db.session.scalar(
        select(LeadPersonChange)
        .where(LeadPersonChange.engagement_id == engagement.id)
        .options(joinedload(LeadPersonChange.lead), joinedload(LeadPersonChange.by))
        .order_by(LeadPersonChange.at.desc(), LeadPersonChange.id.desc())
        .limit(1)
    )
    if change is None:
        return []
    title = f"Led by {change.lead.name}" if change.lead else "Led by nobody"
    return [Moment(change.at, change.by.name if change.by else "", engagement.hin.name, title)]
