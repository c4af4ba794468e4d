"""The rows behind each figure, as plain lines: days, names and hours, never a contact's words."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, true

from portal.db import db
from portal.proof.models import Validation
from portal.proof.queries import validation_counts
from portal.proof.rules.validations import VALIDATION_WORDS
from portal.reference.models import Term
from portal.reference.rules import LONDON, Quarter
from portal.support.models import Engagement, InteractionEvent, InteractionKind
from portal.support.queries import figures, surveys
from portal.support.queries.person_figures import is_open, led_by
from portal.support.rules import STATE_WORDS
from portal.support.rules.figures import DEFINITIONS, PAIRS, PERSONAL, Measure
from portal.support.rules.interactions import INTERACTION_WORDS, as_hours

Rows = tuple[Sequence[str], list[Sequence[Any]]]
CONTACT = ("Day", "Network", "Innovation", "Organisation", "Level", "Contact", "Hours", "Entry")
ENGAGEMENT = ("Opened", "Network", "Innovation", "Organisation", "State", "Level", "Due")
WAIT = ("From", "To", "Working days", "Network", "Innovation", "Organisation")
VALIDATION = ("Start", "End", "Network", "Innovation", "Care setting", "State", "Question")


def rows_behind(
    measure: Measure,
    quarter: Quarter,
    hin_id: int | None,
    group: str,
    as_of: datetime | None,
    today: date,
) -> Rows:
    """Return the header and the rows that a figure counts.

    `hin_id` None is every HIN, `group` "" the whole. With `as_of`, contacts as they were known
    then: the rows of a frozen figure.
    """
    if measure in CONTACTS:
        return CONTACT, _contacts(measure, quarter, hin_id, group, as_of)
    if measure in PAIRS:
        return WAIT, _waits(measure, quarter, hin_id)
    if measure is Measure.VALIDATIONS:
        return VALIDATION, _validations(quarter, hin_id, _in_setting(group))
    if measure is Measure.VALIDATIONS_BY_SUPPORT:
        clause = validation_counts.supported_with(group) if group else true()
        return VALIDATION, _validations(quarter, hin_id, clause)
    if measure is Measure.SURVEYS:
        return ("Network",), [(name,) for name in surveys.answers_behind(quarter, hin_id)]
    if DEFINITIONS[measure].is_now_only and Quarter.of(today) != quarter:
        return ENGAGEMENT, []  # the days promised have moved on since
    clause = ENGAGEMENTS[measure](quarter, today)
    if group and measure in PERSONAL:
        clause &= led_by(group)
    return ENGAGEMENT, _engagements(clause, hin_id)


CONTACTS = frozenset(
    {
        Measure.COMPANIES,
        Measure.INTERACTIONS,
        Measure.HOURS,
        Measure.HOURS_BY_KIND,
        Measure.HOURS_BY_SUPPORT,
        Measure.HOURS_BY_PERSON,
    }
)
BY_LEVEL = frozenset({Measure.COMPANIES, Measure.HOURS})
ENGAGEMENTS: dict[Measure, Callable[[Quarter, date], ColumnElement[bool]]] = {
    Measure.ENGAGEMENTS: lambda quarter, today: figures.opened_in(quarter),
    Measure.PARTNERSHIPS: lambda quarter, today: figures.partnered_in(quarter),
    Measure.LOAD: lambda quarter, today: is_open(),
    Measure.CLOSED: lambda quarter, today: surveys.closed_in(quarter),
    Measure.OVERDUE: lambda quarter, today: figures.overdue_on(today),
}


def _contacts(
    measure: Measure, quarter: Quarter, hin_id: int | None, group: str, as_of: datetime | None
) -> list[Sequence[Any]]:
    stmt = figures.contacts_behind(quarter, as_of)
    if hin_id is not None:
        stmt = stmt.where(InteractionEvent.hin_id == hin_id)
    if group and measure is Measure.HOURS_BY_SUPPORT:
        stmt = stmt.where(figures.gave(group))
    elif group and measure is Measure.HOURS_BY_PERSON:
        person = int(group) if group.isdecimal() else None
        stmt = stmt.where(InteractionEvent.logged_by_id == person)
    elif group and measure not in BY_LEVEL:
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


def _waits(measure: Measure, quarter: Quarter, hin_id: int | None) -> list[Sequence[Any]]:
    waits = figures.waited(measure, quarter, hin_id)
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


def _in_setting(group: str) -> ColumnElement[bool]:
    if group == validation_counts.NO_SETTING:
        return Validation.care_setting_id.is_(None)
    return Term.code == group if group else true()


def _validations(
    quarter: Quarter, hin_id: int | None, clause: ColumnElement[bool]
) -> list[Sequence[Any]]:
    clause &= validation_counts.ran_in(quarter)
    if hin_id is not None:
        clause &= Validation.hin_id == hin_id
    return [
        (
            row.from_on,
            row.to_on,
            row.hin.name,
            row.innovation.name,
            row.care_setting.label if row.care_setting else None,
            VALIDATION_WORDS[row.state],
            row.question,
        )
        for row in db.session.scalars(validation_counts.validations_where(clause))
    ]
