"""Count the awards of programmes' funds in a quarter, of every network and the nation."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.clock import day_of
from portal.db import db
from portal.figures.rules import WHOLE, Period, RowsQuery, RowsResult, Value
from portal.programmes.models import ApplicationState, FundApplication
from portal.programmes.rules.figures import AWARDED, AWARDS

HEADER = ("Programme", "Network", "Theme", "Awarded, £", "Decided on")
"""Who applied is for staff and stands on the page of the fund."""


def _won(period: Period) -> Sequence[FundApplication]:
    """Return the awards of a quarter. An award is decided once, on its day, and changes no more, so
    that what was known at a moment is what was decided by its day."""
    quarter = period.quarter
    last = min(quarter.last, day_of(period.as_of)) if period.as_of else quarter.last
    return db.session.scalars(
        select(FundApplication)
        .where(
            FundApplication.state == ApplicationState.AWARDED,
            FundApplication.decided_on.between(quarter.first, last),
        )
        .options(joinedload(FundApplication.round), joinedload(FundApplication.hin))
        .order_by(FundApplication.id)
    ).all()


def first_award() -> date | None:
    """Return the day of the first award."""
    won = FundApplication.state == ApplicationState.AWARDED
    return db.session.scalar(select(func.min(FundApplication.decided_on)).where(won))


def award_values(period: Period, codes: Mapping[int, str]) -> list[Value]:
    """Return awards and pounds by programme and area, and in all: the parts make the total."""
    found: dict[tuple[int | None, str], list[int]] = defaultdict(list)
    for one in _won(period):
        for area in (one.hin_id, None):
            for group in (codes[one.round.programme_id], WHOLE):
                found[area, group].append(one.awarded or 0)
    return [
        Value(figure.code, area, group, value)
        for (area, group), pounds in found.items()
        for figure, value in ((AWARDS, len(pounds)), (AWARDED, sum(pounds)))
    ]


def award_rows(query: RowsQuery, codes: Mapping[int, str], called: Mapping[str, str]) -> RowsResult:
    """Return the awards that a figure counts."""
    rows: list[list[Any]] = [
        [called[code], one.hin.name, one.theme, one.awarded, one.decided_on]
        for one in _won(query.period)
        if query.group in {WHOLE, code := codes[one.round.programme_id]}
        and query.hin_id in {None, one.hin_id}
    ]
    return RowsResult(HEADER, rows)
