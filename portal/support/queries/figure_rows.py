"""The rows behind each figure, as plain lines: days, names and hours, never a contact's words."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement

from portal.db import db
from portal.figures.rules import Figure, RowsQuery, RowsResult
from portal.reference.rules import LONDON, Quarter
from portal.support.models import Engagement, InteractionEvent, InteractionKind
from portal.support.queries import figures, on_day, surveys
from portal.support.queries.person_figures import is_open, led_by
from portal.support.rules import STATE_WORDS
from portal.support.rules import figures as definitions
from portal.support.rules.figures import (
    CLOSED,
    COMPANIES,
    HOURS,
    HOURS_BY_KIND,
    HOURS_BY_PERSON,
    HOURS_BY_SUPPORT,
    LOAD,
    OVERDUE,
    PAIRS,
    PARTNERSHIPS,
    SURVEYS,
)
from portal.support.rules.interactions import INTERACTION_WORDS, as_hours

CONTACT = ("Day", "Network", "Innovation", "Organisation", "Level", "Contact", "Hours", "Entry")
ENGAGEMENT = ("Opened", "Network", "Innovation", "Organisation", "State", "Level", "Due")
WAIT = ("From", "To", "Working days", "Network", "Innovation", "Organisation")


def rows_behind(query: RowsQuery) -> RowsResult:
    """Return the header and the rows that a figure of support counts.

    With `period.as_of`, contacts as they were known then: the rows of a frozen figure.
    """
    figure, quarter, today = query.figure, query.period.quarter, query.period.today
    if figure.code in CONTACTS:
        return RowsResult(CONTACT, _contacts(query))
    if figure.code in PAIRS:
        return RowsResult(WAIT, _waits(figure, quarter, query.hin_id))
    if figure is SURVEYS:
        names = surveys.answers_behind(quarter, query.hin_id)
        return RowsResult(("Network",), [(name,) for name in names])
    if figure.is_now_only and not query.period.is_running:
        return RowsResult(ENGAGEMENT, [])  # the days promised have moved on since
    clause = ENGAGEMENTS[figure.code](quarter, today)
    if query.group and figure.is_personal:
        clause &= led_by(query.group)
    return RowsResult(ENGAGEMENT, _engagements(clause, query.hin_id))


CONTACTS = frozenset(
    figure.code
    for figure in (
        COMPANIES,
        definitions.INTERACTIONS,
        HOURS,
        HOURS_BY_KIND,
        HOURS_BY_SUPPORT,
        HOURS_BY_PERSON,
    )
)
BY_LEVEL = frozenset({COMPANIES.code, HOURS.code})
ENGAGEMENTS: dict[str, Callable[[Quarter, date], ColumnElement[bool]]] = {
    definitions.ENGAGEMENTS.code: lambda quarter, today: figures.opened_in(quarter),
    PARTNERSHIPS.code: lambda quarter, today: figures.partnered_in(quarter),
    LOAD.code: lambda quarter, today: is_open(),
    CLOSED.code: lambda quarter, today: surveys.closed_in(quarter),
    OVERDUE.code: lambda quarter, today: on_day.is_overdue_on(today),
}


def _contacts(query: RowsQuery) -> list[Sequence[Any]]:
    figure, group = query.figure, query.group
    stmt = figures.contacts_behind(query.period.quarter, query.period.as_of)
    if query.hin_id is not None:
        stmt = stmt.where(InteractionEvent.hin_id == query.hin_id)
    if group and figure is HOURS_BY_SUPPORT:
        stmt = stmt.where(figures.gave(group))
    elif group and figure is HOURS_BY_PERSON:
        person = int(group) if group.isdecimal() else None
        stmt = stmt.where(InteractionEvent.logged_by_id == person)
    elif group and figure.code not in BY_LEVEL:
        kinds = [kind for kind in InteractionKind if kind.value == group]
        stmt = stmt.where(InteractionEvent.kind.in_(kinds))
    elif group:
        stmt = stmt.where(figures.level_on_the_day() == (int(group) if group.isdecimal() else 0))
    return [
        (
            share.event.on,
            share.event.hin.name,
            share.engagement.innovation.name,
            share.engagement.innovation.organisation.name,
            level,
            INTERACTION_WORDS[share.event.kind],
            as_hours(share.quarters),
            share.event.id,
        )
        for share, level in db.session.execute(stmt)
    ]


def _engagements(clause: ColumnElement[bool], hin_id: int | None) -> list[Sequence[Any]]:
    if hin_id is not None:
        clause &= Engagement.hin_id == hin_id
    return [
        (
            row.opened_at.astimezone(LONDON).date(),
            row.hin.name,
            row.innovation.name,
            row.innovation.organisation.name,
            STATE_WORDS[row.state],
            row.level,
            row.due_on,
        )
        for row in db.session.scalars(figures.engagements_where(clause))
    ]


def _waits(figure: Figure, quarter: Quarter, hin_id: int | None) -> list[Sequence[Any]]:
    waits = figures.waited(figure, quarter, hin_id)
    ids = Engagement.id.in_({wait.engagement_id for wait in waits})
    rows = {row.id: row for row in db.session.scalars(figures.engagements_where(ids))}
    return [
        (
            wait.from_at.astimezone(LONDON).date(),
            wait.to_at.astimezone(LONDON).date(),
            wait.days,
            rows[wait.engagement_id].hin.name,
            rows[wait.engagement_id].innovation.name,
            rows[wait.engagement_id].innovation.organisation.name,
        )
        for wait in waits
    ]
