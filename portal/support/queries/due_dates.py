"""Read due dates: what is due of an engagement, who is to be reminded, what was exempted."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import func, select

from portal.accounts.models import User
from portal.accounts.queries.acting import responsible
from portal.clock import day_of
from portal.db import db
from portal.reference.queries import bank_holidays
from portal.support.models import (
    DeskMessage,
    Engagement,
    EngagementChange,
    EngagementState,
    Interaction,
    InteractionShare,
    LevelChange,
)
from portal.support.models.due_dates import DueDateReminder, ReminderKind
from portal.support.queries.interactions import counted
from portal.support.queries.on_day import is_live_on
from portal.support.queries.proposals import due_by
from portal.support.rules.due_dates import reminders_due

MAX_DAYS_AHEAD = timedelta(days=14)
"""No reminder comes earlier before its day than this."""


def last_heard(engagement: Engagement) -> date:
    """Return the day on which the innovator last heard from the HIN: an outcome, a level, a message
    from the desk, or an interaction that counts."""
    told = [
        db.session.scalar(select(func.max(row.at)).where(row.engagement_id == engagement.id))
        for row in (EngagementChange, LevelChange, DeskMessage)
    ]
    newest = db.session.scalar(
        select(func.max(Interaction.on))
        .join(Interaction.shares)
        .where(InteractionShare.engagement_id == engagement.id, counted())
    )
    days = [day_of(at) for at in (*told, engagement.opened_at) if at]
    return max([*days, newest] if newest else days)


def to_remind(today: date) -> list[tuple[int, ReminderKind]]:
    """Return the reminders that are due and were not given, by engagement, the oldest day first."""
    rows = db.session.execute(
        select(Engagement.id, Engagement.state, Engagement.due_on)
        .where(is_live_on(None), Engagement.due_on <= today + MAX_DAYS_AHEAD)
        .order_by(Engagement.due_on, Engagement.id)
    ).all()
    given = _given([row.id for row in rows])
    holidays = bank_holidays()
    return [
        (row.id, kind)
        for row in rows
        for kind in reminders_due(EngagementState(row.state), row.due_on, today, holidays)
        if (row.due_on, kind) not in given[row.id]
    ]


def proposals_to_remind(today: date) -> list[tuple[int, ReminderKind]]:
    """Return the reminders of replies to proposals that are due and were not given."""
    open_now = due_by(today)
    given = {
        (row.proposal_id, row.due_on, row.kind)
        for row in db.session.scalars(
            select(DueDateReminder).where(
                DueDateReminder.proposal_id.in_([proposal.id for proposal in open_now])
            )
        )
    }
    holidays = bank_holidays()
    return [
        (proposal.id, kind)
        for proposal in open_now
        if proposal.due_on is not None
        for kind in reminders_due(EngagementState.NEW, proposal.due_on, today, holidays)
        if kind is not ReminderKind.LEAD and (proposal.id, proposal.due_on, kind) not in given
    ]


def _given(engagement_ids: Collection[int]) -> dict[int, set[tuple[date, ReminderKind]]]:
    found: dict[int, set[tuple[date, ReminderKind]]] = defaultdict(set)
    for row in db.session.scalars(
        select(DueDateReminder).where(DueDateReminder.engagement_id.in_(engagement_ids))
    ):
        found[row.engagement_id or 0].add((row.due_on, row.kind))
    return found


def owners(engagement: Engagement) -> list[User]:
    """Return whose task an engagement is: its lead person while they act for the HIN, else the
    HIN's leads."""
    return responsible(engagement.lead_id, engagement.hin_id)
