"""Where the money of a place stood with a product on a day, in SQL: the twin of `rules.money`."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Subquery, func, select
from sqlalchemy.orm import aliased

from portal.adoption.models import Funding
from portal.reference.models import Term


def money_standing(
    holder: ColumnElement[Any],
    on: date,
    known: datetime | None = None,
    *narrowed: ColumnElement[bool],
) -> Subquery:
    """Return the newest state of the money of each pair, of those of which something was said by
    the end of the day: `innovation_id`, `site_id`, `code`. `holder` is SQL over `Funding` for the
    record whose the row is."""
    by = aliased(Funding)
    corrected = select(by.id).where(by.corrects_id == Funding.id)
    rows = select(
        holder.label("innovation_id"),
        Funding.site_id,
        Term.code,
        func.row_number()
        .over(
            partition_by=(holder, Funding.site_id),
            order_by=(Funding.on.desc(), Funding.id.desc()),
        )
        .label("place"),
    ).join(Term, Term.id == Funding.status_id)
    if known is not None:
        corrected = corrected.where(by.at < known)
        rows = rows.where(Funding.at < known)
    told = rows.where(Funding.on <= on, ~corrected.correlate(Funding).exists(), *narrowed)
    found = told.subquery()
    return select(found).where(found.c.place == 1).subquery()
