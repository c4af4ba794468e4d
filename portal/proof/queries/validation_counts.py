"""Count real-world validations and list those behind a figure."""

from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select
from sqlalchemy.orm import contains_eager

from portal.innovations.models import Innovation
from portal.proof.models import Validation, ValidationState, validation_term
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


def in_all(quarter: Quarter) -> Count:
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
