"""Read what the public page of a year's impact shows; each number is a row that has its own page.

Published, counted and modelled numbers stand apart and are never added.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from portal.accounts.models import ANONYMOUS
from portal.clock import begin_of
from portal.db import db
from portal.errors import NotFound
from portal.exchange.models import ContentItem, ContentKind
from portal.exchange.queries.content import is_published
from portal.impact.models import ImpactEvent
from portal.impact.queries.estimates import EffectEstimates, estimates
from portal.impact.queries.events import events
from portal.impact.queries.overview import CampaignSummary, campaigns_for_reader
from portal.impact.queries.published import Counter, published_by_year
from portal.programmes.models import Measure, ProgrammeValue
from portal.reports.models import Report, ReportRelease
from portal.reports.queries.reports import published
from portal.reports.rules.annual import TEN, Cell, name_of, table_of

MAX_STUDIES = 3
MAX_EVENTS = 4
"""So many of a year stand on its page: the timeline has the rest."""


@dataclass(frozen=True, slots=True)
class YearPage:
    """What the page of a year shows."""

    year: int
    """The calendar year in which it begins."""
    name: str
    counters: Sequence[tuple[Measure, Sequence[ProgrammeValue]]]
    """What was published of the networks together: several values of one measure stand together."""
    told: CampaignSummary | None
    """The yearly return of companies, once it is over and enough answered."""
    modelled: Sequence[EffectEstimates]
    measures: Sequence[Measure]
    timeline: Sequence[tuple[str, Sequence[Cell], Sequence[ImpactEvent]]]
    """Ten years, the newest first: its name, a cell for each of the measures, and what happened."""
    studies: Sequence[ContentItem]
    reports: Sequence[ReportRelease]
    others: Sequence[str]
    """The names of the other years that have a page, the newest first."""


def years() -> list[int]:
    """Return the years that have a page, the newest first: those of which England's numbers were
    published, or whose return of companies is over."""
    return _years(published_by_year(), campaigns_for_reader(ANONYMOUS))


def _years(counters: Sequence[Counter], over: Sequence[CampaignSummary]) -> list[int]:
    values = (row for counter in counters for row in counter.values if row.hin_id is None)
    named = {year for row in values if (year := _year(row.period)) is not None}
    return sorted({*named, *(told.campaign.year for told in over)}, reverse=True)


def _year(period: str) -> int | None:
    """Return the year that a period is, None for a quarter or several years."""
    start = int(period[:4]) if period[:4].isascii() and period[:4].isdecimal() else 0
    return start if period == name_of(start) else None


def page_of(name: str) -> YearPage:
    """Return the page of a year by its name ("2024-25"); raises NotFound where there is none."""
    counters, over = published_by_year(), campaigns_for_reader(ANONYMOUS)
    found, year = _years(counters, over), _year(name)
    if year is None or year not in found:
        raise NotFound("Nothing was published of this year.")
    names = [name_of(one) for one in range(year, year - TEN, -1)]
    happened = events(ANONYMOUS)
    return YearPage(
        year=year,
        name=name,
        counters=[(one.measure, rows) for one in counters if (rows := _of(one, name))],
        told=next((one for one in over if one.campaign.year == year), None),
        modelled=[one for one in estimates(ANONYMOUS) if one.choice is not None],
        measures=[one.measure for one in counters],
        timeline=[(row, cells, _in(happened, row)) for row, cells in table_of(names, counters)],
        studies=_studies(year),
        reports=[one for one in published() if _is_of(one.report, year)],
        others=[name_of(one) for one in found if one != year],
    )


def _of(counter: Counter, name: str) -> list[ProgrammeValue]:
    return [one for one in counter.values if one.period == name and one.hin_id is None]


def _in(happened: Sequence[ImpactEvent], name: str) -> list[ImpactEvent]:
    first = int(name[:4])
    since, until = date(first, 4, 1), date(first + 1, 4, 1)
    return [one for one in happened if since <= one.on < until][:MAX_EVENTS]


def _is_of(report: Report, year: int) -> bool:
    return date(year, 4, 1) <= report.quarter_on < date(year + 1, 4, 1)


def _studies(year: int) -> Sequence[ContentItem]:
    """Return case studies: of the year first, then the newest of those before."""
    until = begin_of(date(year + 1, 4, 1))
    is_later = func.coalesce(ContentItem.published_at >= until, False)
    return db.session.scalars(
        select(ContentItem)
        .where(is_published(), ContentItem.kind == ContentKind.CASE_STUDY)
        .order_by(is_later, ContentItem.published_at.desc(), ContentItem.id.desc())
        .limit(MAX_STUDIES)
    ).all()
