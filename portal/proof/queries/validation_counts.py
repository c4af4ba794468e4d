"""Count real-world validations and list those behind a figure."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select, true
from sqlalchemy.orm import contains_eager

from portal.db import db
from portal.figures.queries import gaps_counted, values_of
from portal.figures.rules import Figure, Gap, Period, RowsQuery, RowsResult, Value, with_nation
from portal.innovations.models import Innovation
from portal.proof.models import Validation, ValidationState, validation_term
from portal.proof.rules.figures import VALIDATIONS, VALIDATIONS_BY_SUPPORT
from portal.reference.models import Term
from portal.reference.rules import Quarter

NO_SETTING = "not said"
NO_KIND = "no kind"
RAN = (ValidationState.RUNNING, ValidationState.COMPLETED, ValidationState.STOPPED)


Count = Select[Any, Any, Any]
"""Rows of (HIN, group, how many)."""


def ran_in(quarter: Quarter) -> ColumnElement[bool]:
    """Return SQL for "the validation ran on some day of the quarter"."""
    return (
        Validation.state.in_(RAN)
        & (Validation.from_on <= quarter.last)
        & (func.coalesce(Validation.to_on, quarter.last) >= quarter.first)
    )


def by_setting(quarter: Quarter) -> Count:
    """Count the validations of a quarter by HIN and care setting."""
    setting = func.coalesce(Term.code, NO_SETTING)
    return (
        select(Validation.hin_id, setting, func.count())
        .outerjoin(Validation.care_setting)
        .where(ran_in(quarter))
        .group_by(Validation.hin_id, setting)
    )


def in_whole(quarter: Quarter) -> Count:
    """Count the validations of a quarter by HIN."""
    whole = select(Validation.hin_id, literal(""), func.count()).where(ran_in(quarter))
    return whole.group_by(Validation.hin_id)


def by_kind(quarter: Quarter) -> Count:
    """Count the validations of a quarter by HIN and kind of support: once under each kind."""
    kind = func.coalesce(Term.code, NO_KIND)
    return (
        select(Validation.hin_id, kind, func.count())
        .outerjoin(validation_term, validation_term.c.validation_id == Validation.id)
        .outerjoin(Term, Term.id == validation_term.c.term_id)
        .where(ran_in(quarter))
        .group_by(Validation.hin_id, kind)
    )


def supported_with(code: str) -> ColumnElement[bool]:
    """Return SQL for "the network gave the validation this kind of support"; `NO_KIND` for none."""
    if code == NO_KIND:
        return ~Validation.kinds.any()
    return Validation.kinds.any(Term.code == code)


def validations_where(clause: ColumnElement[bool]) -> Select[Validation]:
    """Return the validations behind a figure, by their start."""
    return (
        select(Validation)
        .join(Validation.innovation)
        .join(Innovation.organisation)
        .join(Validation.hin)
        .outerjoin(Validation.care_setting)
        .options(
            contains_eager(Validation.innovation).contains_eager(Innovation.organisation),
            contains_eager(Validation.hin),
            contains_eager(Validation.care_setting),
        )
        .where(clause)
        .order_by(Validation.from_on, Validation.id)
    )


def count(period: Period) -> list[Value]:
    """Return the validations of a quarter by care setting and by kind of support."""
    quarter = period.quarter
    settings = values_of(VALIDATIONS, by_setting(quarter), in_whole(quarter))
    kinds = values_of(VALIDATIONS_BY_SUPPORT, by_kind(quarter))
    return with_nation([*settings, *kinds])


def first_day() -> date | None:
    """Return the day on which the first validation began."""
    return db.session.scalar(select(func.min(Validation.from_on)))


def gaps(period: Period) -> Sequence[Gap]:
    """Return the validations of the quarter that lack a setting, or their end."""
    ran = ran_in(period.quarter)
    is_late = (Validation.state == ValidationState.RUNNING) & (Validation.to_on < period.today)
    no_setting = Validation.care_setting_id.is_(None)
    return gaps_counted(
        (
            _count(ran & no_setting),
            "validation has no care setting",
            "validations have no care setting",
            f"/figures/validations?quarter={period.quarter.code}&group={NO_SETTING}",
        ),
        (
            _count(ran & is_late),
            "validation runs past its last day: it is completed or stopped",
            "validations run past their last day: they are completed or stopped",
            f"/figures/validations?quarter={period.quarter.code}",
        ),
    )


def _count(clause: ColumnElement[bool]) -> Select[Any]:
    return select(func.count(Validation.id)).where(clause)


HEADER = ("Start", "End", "Network", "Innovation", "Care setting", "State", "Question")


def rows_behind(query: RowsQuery) -> RowsResult:
    """Return the validations that a figure counts, by their start."""
    clause = ran_in(query.period.quarter) & _in_group(query.figure, query.group)
    if query.hin_id is not None:
        clause &= Validation.hin_id == query.hin_id
    return RowsResult(HEADER, [_row(row) for row in db.session.scalars(validations_where(clause))])


def _in_group(figure: Figure, group: str) -> ColumnElement[bool]:
    if not group:
        return true()
    if figure is VALIDATIONS_BY_SUPPORT:
        return supported_with(group)
    return Validation.care_setting_id.is_(None) if group == NO_SETTING else Term.code == group


def _row(row: Validation) -> Sequence[Any]:
    return (
        row.from_on,
        row.to_on,
        row.hin.name,
        row.innovation.name,
        row.care_setting.label if row.care_setting else None,
        row.state.label,
        row.question,
    )
