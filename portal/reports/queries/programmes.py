"""Read what programmes say of the period of a report: their words, and their values."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Actor
from portal.db import db
from portal.programmes.models import Programme, ProgrammeNote, ProgrammeValue, ValueKind
from portal.programmes.policy import can_read_note
from portal.programmes.queries import visible_to
from portal.programmes.rules.values import standing
from portal.reference.rules import Quarter
from portal.reports.models import Report
from portal.reports.rules.contradictions import Contradiction, contradictions

TOLD = {ValueKind.ACTUAL, ValueKind.MODELLED, ValueKind.TARGET, ValueKind.FORECAST}
"""Kinds of values that a report tells; what holds without a time is background."""


def names_of(codes: Collection[str]) -> dict[str, str]:
    """Return the names of programmes by their codes."""
    rows = db.session.execute(
        select(Programme.code, Programme.name).where(Programme.code.in_(codes))
    )
    return dict(rows.all())


def words_of(
    actor: Actor, codes: Collection[str], report_on: date, hin_id: int | None
) -> dict[str, list[ProgrammeNote]]:
    """Return what was written for a quarter, of an area, by the code of the programme."""
    rows = db.session.scalars(
        select(ProgrammeNote)
        .join(ProgrammeNote.programme)
        .where(
            Programme.code.in_(codes),
            visible_to(actor),
            ProgrammeNote.quarter_on == report_on,
            ProgrammeNote.hin_id.is_not_distinct_from(hin_id),
        )
        .options(joinedload(ProgrammeNote.programme))
        .order_by(ProgrammeNote.id)
    )
    found: dict[str, list[ProgrammeNote]] = defaultdict(list)
    for row in rows:
        if can_read_note(actor, row):
            found[row.programme.code].append(row)
    return found


def _period(report: Report) -> ColumnElement[bool]:
    """Which values are of the period of a report."""
    quarter = Quarter.of(report.quarter_on)
    years = quarter.years.replace("/", "-")
    if report.is_year:
        return ProgrammeValue.period == years
    return ProgrammeValue.quarter_on == quarter.first


def _rows(actor: Actor, condition: ColumnElement[bool]) -> list[ProgrammeValue]:
    loaded = (ProgrammeValue.measure, ProgrammeValue.programme, ProgrammeValue.product)
    rows = db.session.scalars(
        select(ProgrammeValue)
        .join(ProgrammeValue.programme)
        .where(visible_to(actor), condition)
        .options(*(joinedload(one) for one in (*loaded, ProgrammeValue.hin)))
        .order_by(ProgrammeValue.id)
    ).all()
    return standing(rows)


def values_of(actor: Actor, report: Report) -> dict[str, list[ProgrammeValue]]:
    """Return the values of a report's period and area that stand, by the code of the programme."""
    area = ProgrammeValue.hin_id.is_not_distinct_from(report.hin_id)
    found: dict[str, list[ProgrammeValue]] = defaultdict(list)
    for row in _rows(actor, _period(report) & area):
        if row.kind in TOLD and row.value is not None:
            found[row.programme.code].append(row)
    return found


def contradictions_in(
    actor: Actor, report: Report, quoted: Iterable[ProgrammeValue]
) -> list[Contradiction]:
    """Return the contradictions among the values of a report's period and those that it quotes."""
    quotes = {row.id: row for row in quoted}
    programmes = {row.programme_id for row in quotes.values()}
    mine = _period(report)
    if report.hin_id is not None:
        mine &= ProgrammeValue.hin_id == report.hin_id
    of_period = _rows(actor, mine)
    around = _rows(actor, or_(mine, ProgrammeValue.programme_id.in_(programmes)))
    concerned = {row.id for row in of_period} | set(quotes)
    found = contradictions(around)
    return [one for one in found if concerned & {row.id for row in one.rows}]
