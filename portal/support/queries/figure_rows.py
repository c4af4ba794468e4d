"""The rows behind each figure, as plain lines: days, names and hours, never an interaction's
words."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, true

from portal.accounts.models import Organisation, OrganisationKind
from portal.clock import day_of
from portal.db import db
from portal.figures.rules import Figure, RowsQuery, RowsResult
from portal.reference.rules import Quarter
from portal.support.models import Engagement, Interaction, InteractionKind, InteractionShare
from portal.support.queries import figures, on_day, surveys
from portal.support.queries.directory import signposts_behind
from portal.support.queries.figures import ContactQuery
from portal.support.queries.person_figures import is_open, led_by
from portal.support.rules import figures as definitions
from portal.support.rules.figures import (
    CLOSED,
    COMPANIES,
    HOURS,
    HOURS_BY_KIND,
    HOURS_BY_PERSON,
    HOURS_BY_SUPPORT,
    LOAD,
    ORGANISATIONS,
    OTHER_ORGANISATIONS,
    OVERDUE,
    PAIRS,
    PARTNERSHIPS,
    SIGNPOSTED,
    SURVEYS,
)
from portal.support.rules.interactions import as_hours

INTERACTION = (
    *("Day", "Network", "Innovation", "Organisation", "Kind of organisation"),
    *("Level", "Interaction", "Hours", "Entry", "Counts as"),
)
ENGAGEMENT = ("Opened", "Network", "Innovation", "Organisation", "State", "Level", "Due")
POINTED = ("Day", "Network", "Innovation", "Organisation", "Pointed to")
WAIT = ("From", "To", "Working days", "Network", "Innovation", "Organisation")


def rows_behind(query: RowsQuery) -> RowsResult:
    """Return the header and the rows that a figure of support counts.

    With `period.as_of`, interactions as they were known then: the rows of a frozen figure.
    """
    figure, quarter, today = query.figure, query.period.quarter, query.period.today
    if figure.code in GROUPS:
        return RowsResult(INTERACTION, _interactions(query))
    if figure.code in PAIRS:
        return RowsResult(WAIT, _waits(figure, quarter, query.hin_id))
    if figure is SIGNPOSTED:
        at_end = figures.record_then(quarter), figures.maker_then(quarter)
        return RowsResult(POINTED, signposts_behind(query, *at_end))
    if figure is SURVEYS:
        names = surveys.answers_behind(quarter, query.hin_id)
        return RowsResult(("Network",), [(name,) for name in names])
    if figure.is_now_only and not query.period.is_running:
        return RowsResult(ENGAGEMENT, [])  # the due dates have moved on since
    clause = ENGAGEMENTS[figure.code](quarter, today)
    if query.group and figure.is_personal:
        clause &= led_by(query.group)
    return RowsResult(ENGAGEMENT, _engagements(clause, query.hin_id))


ENGAGEMENTS: dict[str, Callable[[Quarter, date], ColumnElement[bool]]] = {
    definitions.ENGAGEMENTS.code: lambda quarter, today: figures.opened_in(quarter),
    PARTNERSHIPS.code: lambda quarter, today: figures.partnered_in(quarter),
    LOAD.code: lambda quarter, today: is_open(),
    CLOSED.code: lambda quarter, today: surveys.closed_in(quarter),
    OVERDUE.code: lambda quarter, today: on_day.is_overdue_on(today),
}


def _interactions(query: RowsQuery) -> list[Sequence[Any]]:
    interactions = figures.contact_query(query.period.quarter, query.period.as_of)
    found = []
    only = _asked(query, interactions)
    for sign, clause in figures.signed(interactions):
        if sign < 0 and query.figure.code in OF_ORGANISATIONS:
            continue  # a correction takes no organisation off the supported
        stmt = figures.interactions_behind(clause & only, interactions.quarter)
        found += [
            _details(share, level, (innovation.name, organisation), sign, interactions.quarter)
            for share, level, innovation, organisation in db.session.execute(stmt)
        ]
    return sorted(found, key=lambda row: row[0])


def _asked(query: RowsQuery, interactions: ContactQuery) -> ColumnElement[bool]:
    """Return SQL for what a figure and its group, and the HIN asked for, narrow interactions to."""
    clause = KINDS.get(query.figure.code, true)()
    if query.figure.code in OF_ORGANISATIONS:
        clause &= figures.supports_organisation(interactions)
    if query.hin_id is not None:
        clause &= Interaction.hin_id == query.hin_id
    if not query.group:
        return clause
    return clause & GROUPS[query.figure.code](query.group)


def _of_company() -> ColumnElement[bool]:
    return Organisation.kind == OrganisationKind.COMPANY


def _of_other() -> ColumnElement[bool]:
    return Organisation.kind != OrganisationKind.COMPANY


def _at_level(group: str) -> ColumnElement[bool]:
    return figures.level_on_the_day() == (int(group) if group.isdecimal() else 0)


def _of_kind(group: str) -> ColumnElement[bool]:
    return Interaction.kind.in_([kind for kind in InteractionKind if kind.value == group])


def _by_organisation_kind(group: str) -> ColumnElement[bool]:
    return Organisation.kind.in_([kind for kind in OrganisationKind if kind.value == group])


def _logged_by(group: str) -> ColumnElement[bool]:
    return Interaction.logged_by_id == (int(group) if group.isdecimal() else None)


KINDS: Mapping[str, Callable[[], ColumnElement[bool]]] = {
    COMPANIES.code: _of_company,
    OTHER_ORGANISATIONS.code: _of_other,
}
OF_ORGANISATIONS = frozenset({COMPANIES.code, ORGANISATIONS.code, OTHER_ORGANISATIONS.code})
GROUPS: Mapping[str, Callable[[str], ColumnElement[bool]]] = {
    COMPANIES.code: _at_level,
    ORGANISATIONS.code: _at_level,
    OTHER_ORGANISATIONS.code: _by_organisation_kind,
    definitions.INTERACTIONS.code: _of_kind,
    HOURS.code: _at_level,
    HOURS_BY_KIND.code: _of_kind,
    HOURS_BY_SUPPORT.code: figures.gave,
    HOURS_BY_PERSON.code: _logged_by,
}
"""Which interactions each figure counts in a group."""


def _details(
    share: InteractionShare,
    level: int,
    about: tuple[str, Organisation],
    sign: int,
    quarter: Quarter,
) -> Sequence[Any]:
    interaction, (record, organisation) = share.interaction, about
    return (
        interaction.on,
        interaction.hin.name,
        record,
        organisation.name,
        organisation.kind.label,
        level,
        interaction.kind.label,
        sign * as_hours(share.minutes),
        interaction.id,
        _counts_as(interaction.on, sign, quarter),
    )


def _counts_as(on: date, sign: int, quarter: Quarter) -> str:
    if sign < 0:
        return f"Corrected: taken off, counted in {Quarter.of(on).label}"
    return "" if quarter.first <= on <= quarter.last else f"Late entry for {Quarter.of(on).label}"


def _engagements(clause: ColumnElement[bool], hin_id: int | None) -> list[Sequence[Any]]:
    if hin_id is not None:
        clause &= Engagement.hin_id == hin_id
    return [
        (
            day_of(row.opened_at),
            row.hin.name,
            row.innovation.name,
            row.innovation.organisation.name,
            row.state.label,
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
            day_of(wait.from_at),
            day_of(wait.to_at),
            wait.days,
            rows[wait.engagement_id].hin.name,
            rows[wait.engagement_id].innovation.name,
            rows[wait.engagement_id].innovation.organisation.name,
        )
        for wait in waits
    ]
