"""Count the figures of improvement, and find the rows behind them."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select

from portal.clock import day_of
from portal.db import db
from portal.figures.rules import WHOLE, Period, RowsQuery, RowsResult, Value
from portal.improvement.models import (
    Cycle,
    Decision,
    SurveyedPlace,
    SurveyResponse,
    TeamKind,
    TeamState,
)
from portal.improvement.queries.surveys import answered_between
from portal.improvement.queries.teams import TeamRow, cycles_of, teams_on
from portal.improvement.rules.figures import CYCLES, PLACES, SURVEYED, TEAMS
from portal.improvement.rules.survey_templates import TEMPLATES

Area = int | None


def count(period: Period) -> list[Value]:
    """Return the figures of a quarter, of every network and the nation."""
    rows = [one for one in _teams(period) if one.is_testing]
    kinds = Counter(
        (area, group)
        for one in rows
        for area in (one.team.hin_id, None)
        for group in (one.team.kind.value, WHOLE)
    )
    places = {(area, one.trust_id) for one in rows for area in (one.team.hin_id, None)}
    at_places = Counter(area for area, place in places if place is not None)
    decided = Counter(
        (area, group)
        for one in _cycles(period)
        for area in (one.team.hin_id, None)
        for group in (one.decision.value if one.decision else "", WHOLE)
    )
    return [
        *(Value(TEAMS.code, area, group, n) for (area, group), n in kinds.items()),
        *(Value(PLACES.code, area, WHOLE, n) for area, n in at_places.items()),
        *(Value(CYCLES.code, area, group, n) for (area, group), n in decided.items()),
        *_surveyed(period),
    ]


def _surveyed(period: Period) -> list[Value]:
    """Return at how many different places somebody answered, by network and template."""
    found: dict[tuple[Area, str], set[int]] = defaultdict(set)
    for one in _answered(period):
        for area in (one.survey.hin_id, None):
            for group in (one.survey.template, WHOLE):
                found[area, group].add(one.site_id)
    return [Value(SURVEYED.code, area, group, len(sites)) for (area, group), sites in found.items()]


def _answered(period: Period) -> Sequence[SurveyedPlace]:
    last = min(period.quarter.last, period.today)
    if period.as_of is not None:
        last = min(last, day_of(period.as_of))
    return answered_between(period.quarter.first, last)


def _teams(period: Period) -> list[TeamRow]:
    return teams_on(min(period.quarter.last, period.today), known=period.as_of)


def _cycles(period: Period) -> list[Cycle]:
    """Return the cycles decided on in the quarter, as known at the moment that is asked for."""
    first, last = period.quarter.first, period.quarter.last
    return [
        one
        for one in cycles_of()
        if one.decided_on is not None and first <= one.decided_on <= last
        if period.as_of is None or one.decided_on <= day_of(period.as_of)
    ]


def first_day() -> date | None:
    """Return the day on which the first team was recruited or the first survey answered."""
    days = (
        db.session.scalar(select(func.min(TeamState.on))),
        db.session.scalar(select(func.min(SurveyResponse.on))),
    )
    return min((day for day in days if day is not None), default=None)


def labels() -> dict[str, str]:
    """Return what the groups are called."""
    asked = {one.code: one.name for one in TEMPLATES.values()}
    return {one.value: one.label for one in (*TeamKind, *Decision)} | asked


def rows_behind(query: RowsQuery) -> RowsResult:
    """Return the rows that a figure counts."""
    if query.figure is CYCLES:
        return _cycle_rows(query)
    if query.figure is SURVEYED:
        return _survey_rows(query)
    return _team_rows(query)


def _fits(query: RowsQuery, group: str, hin_id: int) -> bool:
    return query.group in {"", group} and query.hin_id in {None, hin_id}


def _team_rows(query: RowsQuery) -> RowsResult:
    rows = [
        [
            one.team.name,
            one.team.kind.label,
            one.team.site.name if one.team.site else "",
            one.team.hin.name,
            one.team.programme.name,
            one.state.status.label,
        ]
        for one in _teams(query.period)
        if one.is_testing and _fits(query, one.team.kind.value, one.team.hin_id)
        if query.figure is TEAMS or one.trust_id is not None
    ]
    return RowsResult(("Team", "Kind", "Belongs to", "Network", "Programme", "Stands"), rows)


def _survey_rows(query: RowsQuery) -> RowsResult:
    rows = [
        [
            one.site.name,
            one.site.code,
            one.survey.hin.name,
            one.survey.programme.name,
            one.survey.name,
            TEMPLATES[one.survey.template].name,
        ]
        for one in _answered(query.period)
        if _fits(query, one.survey.template, one.survey.hin_id)
    ]
    return RowsResult(("Place", "Code", "Network", "Programme", "Survey", "Asked"), rows)


def _cycle_rows(query: RowsQuery) -> RowsResult:
    rows: Sequence[Sequence[object]] = [
        [
            one.team.name,
            one.team.hin.name,
            one.team.programme.name,
            one.number,
            one.decision.label if one.decision else "",
            one.decided_on,
        ]
        for one in _cycles(query.period)
        if _fits(query, one.decision.value if one.decision else "", one.team.hin_id)
    ]
    return RowsResult(("Team", "Network", "Programme", "Cycle", "Decision", "Decided on"), rows)
