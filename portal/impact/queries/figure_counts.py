"""Count the figures of impact, and find the rows behind them."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import func, select

from portal.accounts.models import Organisation
from portal.db import db
from portal.figures.rules import WHOLE, Figure, Gap, Period, RowsQuery, RowsResult, Value
from portal.impact.models import CompanyReturn, InvestmentKind, ReturnCampaign
from portal.impact.queries.answers import answers_of, waiting_for_check
from portal.impact.rules.figures import (
    ANSWERED,
    ASKED,
    INVESTMENT,
    JOBS_CREATED,
    JOBS_SAFEGUARDED,
    RATE,
)
from portal.impact.rules.totals import Answer, Totals, credit, totals
from portal.reference.models import Hin
from portal.reference.rules import Quarter

HEADER = ("Company", "Network", "State", "Kind", "Reported", "Part that counts (%)", "Counts")
ASKED_HEADER = ("Company", "Network", "State")


def count(period: Period) -> list[Value]:
    """Return the figures of the campaigns that close in a quarter, of every network and England."""
    answers = answers_of(_closing(period.quarter), period.as_of)
    areas = [None, *sorted({hin_id for one in answers for hin_id in one.minutes})]
    return [value for area in areas for value in _values(area, totals(answers, area))]


def _values(area: int | None, found: Totals) -> list[Value]:
    if not found.asked:
        return []
    money = {kind.value: pounds for kind, pounds in found.investment.items() if pounds}
    return [
        Value(JOBS_CREATED.code, area, WHOLE, float(found.jobs_created)),
        Value(JOBS_SAFEGUARDED.code, area, WHOLE, float(found.jobs_safeguarded)),
        *(Value(INVESTMENT.code, area, kind, float(pounds)) for kind, pounds in money.items()),
        Value(INVESTMENT.code, area, WHOLE, float(found.pounds)),
        Value(ASKED.code, area, WHOLE, float(found.asked)),
        Value(ANSWERED.code, area, WHOLE, float(found.answered)),
        Value(RATE.code, area, WHOLE, found.answered / found.asked * 100),
    ]


def _closing(quarter: Quarter) -> list[int]:
    return list(
        db.session.scalars(
            select(ReturnCampaign.id)
            .where(ReturnCampaign.closes_on.between(quarter.first, quarter.last))
            .order_by(ReturnCampaign.id)
        )
    )


def first_day() -> date | None:
    """Return the day on which the oldest campaign closes."""
    return db.session.scalar(select(func.min(ReturnCampaign.closes_on)))


def labels() -> dict[str, str]:
    """Return what the groups are called: kinds of investment."""
    return {kind.value: kind.label for kind in InvestmentKind}


def gaps(period: Period) -> Sequence[Gap]:
    """Return how many answers nobody has checked, and whether companies may still answer."""
    return (
        Gap(
            waiting_for_check(_closing(period.quarter)),
            "answer of a company is not checked",
            "answers of companies are not checked",
            "/impact/returns?state=handed_in",
        ),
    )


# Rows behind


def rows_behind(query: RowsQuery) -> RowsResult:
    """Return the rows that a figure counts: of England one for each company, of a network one for
    its share of each."""
    answers = answers_of(_closing(query.period.quarter), query.period.as_of)
    answers = [one for one in answers if query.hin_id is None or query.hin_id in one.minutes]
    names = _names([one.return_id for one in answers])
    area = _area(query.hin_id)
    if query.figure in (ASKED, RATE, ANSWERED):
        shown = [one for one in answers if one.counts or query.figure is not ANSWERED]
        rows = [(names[one.return_id], area, one.state.label) for one in shown]
        return RowsResult(ASKED_HEADER, sorted(rows))
    rows = [
        line
        for one in answers
        if one.counts
        for line in _lines(query, one, names[one.return_id], area)
    ]
    return RowsResult(HEADER, sorted(rows))


def _lines(query: RowsQuery, answer: Answer, name: str, area: str) -> list[tuple[Any, ...]]:
    part = credit(answer, query.hin_id)
    return [
        (
            name,
            area,
            answer.state.label,
            label,
            reported,
            round(float(part) * 100, 2),
            round(float(Fraction(reported) * part), 2),
        )
        for label, reported in _reported(query.figure, query.group, answer)
        if reported
    ]


def _reported(figure: Figure, group: str, answer: Answer) -> list[tuple[str, float]]:
    if figure is JOBS_CREATED:
        return [(figure.label, answer.jobs_created)]
    if figure is JOBS_SAFEGUARDED:
        return [(figure.label, answer.jobs_safeguarded)]
    money = answer.investments.items()
    return [(kind.label, pounds) for kind, pounds in money if group in {WHOLE, kind.value}]


def _area(hin_id: int | None) -> str:
    return db.session.get_one(Hin, hin_id).name if hin_id is not None else "England"


def _names(ids: Sequence[int]) -> dict[int, str]:
    rows = db.session.execute(
        select(CompanyReturn.id, Organisation.name)
        .join(CompanyReturn.organisation)
        .where(CompanyReturn.id.in_(ids))
    )
    return dict(rows.all())
