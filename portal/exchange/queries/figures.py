"""Count what was published in a quarter, and who came to read it."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from portal.clock import begin_of, day_of, end_of, now
from portal.db import db
from portal.exchange.models import ContentItem, ContentKind, ContentState, VisitCount
from portal.exchange.rules.figures import CASE_STUDIES, FUNDING, PUBLISHED, VISITORS
from portal.exchange.rules.visits import GATEWAY
from portal.figures.rules import WHOLE, Figure, Period, RowsQuery, RowsResult, Value
from portal.reference.models import Hin

OWN = {ContentKind.CASE_STUDY: CASE_STUDIES, ContentKind.FUNDING: FUNDING}
HEADER = ("Kind", "Title", "Network", "Published")


def figure_of(kind: ContentKind) -> Figure:
    """Return the figure that counts a kind."""
    return OWN.get(kind, PUBLISHED)


def _published(period: Period) -> Select[ContentItem]:
    first, last = begin_of(period.quarter.first), end_of(period.quarter.last)
    return select(ContentItem).where(
        ContentItem.state.in_([ContentState.PUBLISHED, ContentState.RETIRED]),
        ContentItem.published_at >= first,
        ContentItem.published_at < min(last, period.as_of or now()),
    )


def _visits(period: Period) -> list[ColumnElement[bool]]:
    days = VisitCount.day.between(period.quarter.first, period.quarter.last)
    return [VisitCount.page == GATEWAY, days]


def count(period: Period) -> list[Value]:
    """Return the values of every network and the nation; what no network published counts for the
    nation alone. Two statements."""
    counted: Counter[tuple[str, int | None, str]] = Counter()
    found = _published(period).with_only_columns(ContentItem.kind, ContentItem.hin_id)
    for kind, hin_id in db.session.execute(found):
        code = figure_of(kind).code
        groups = [WHOLE, kind.value] if kind not in OWN else [WHOLE]
        for area in {hin_id, None}:
            counted.update((code, area, group) for group in groups)
    values = [Value(code, area, group, float(n)) for (code, area, group), n in counted.items()]
    visitors = db.session.scalar(select(func.sum(VisitCount.visitors)).where(*_visits(period)))
    if visitors:
        values.append(Value(VISITORS.code, None, WHOLE, float(visitors)))
    return values


def rows_behind(query: RowsQuery) -> RowsResult:
    """Return the items or the days that a figure counts."""
    if query.figure.code == VISITORS.code:
        return _days(query)
    kinds = [kind for kind in ContentKind if figure_of(kind).code == query.figure.code]
    found = _published(query.period).where(
        ContentItem.kind.in_([one for one in kinds if query.group in (WHOLE, one.value)])
    )
    if query.hin_id is not None:
        found = found.where(ContentItem.hin_id == query.hin_id)
    rows = db.session.scalars(
        found.options(joinedload(ContentItem.hin)).order_by(ContentItem.published_at)
    )
    return RowsResult(HEADER, [_row(one) for one in rows])


def _row(item: ContentItem) -> tuple[str, str, str, date | None]:
    hin: Hin | None = item.hin
    day = day_of(item.published_at) if item.published_at else None
    return (item.kind.label, item.title, hin.name if hin else "All networks", day)


def _days(query: RowsQuery) -> RowsResult:
    rows: Sequence[tuple[date, int]] = []
    if query.hin_id is None:
        found = select(VisitCount.day, VisitCount.visitors).where(*_visits(query.period))
        rows = [(day, n) for day, n in db.session.execute(found.order_by(VisitCount.day))]
    return RowsResult(("Day", "Visitors"), rows)


def first_day() -> date | None:
    """Return the day of the oldest publication or count."""
    published = db.session.scalar(select(func.min(ContentItem.published_at)))
    visited = db.session.scalar(select(func.min(VisitCount.day)))
    days = [day_of(published) if published else None, visited]
    return min((day for day in days if day), default=None)
