"""Read milestones, agreements, awards and events; count them."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Actor
from portal.clock import Precision
from portal.db import by_name, db
from portal.errors import NotFound
from portal.figures.rules import WHOLE, Period, RowsQuery, RowsResult, Value
from portal.impact.models import EventKind, ImpactEvent
from portal.impact.rules.events import KINDS, PEOPLE
from portal.programmes.models import Programme
from portal.programmes.queries import visible_to
from portal.reference.models import Hin

HEADER = ("What", "Date", "Network", "With or by whom", "People", "Source")


def _stands(as_of: datetime | None = None) -> ColumnElement[bool]:
    """Return SQL for "is entered and not withdrawn", as known at a moment (None: now)."""
    if as_of is None:
        return ImpactEvent.withdrawn_at.is_(None)
    kept = or_(ImpactEvent.withdrawn_at.is_(None), ImpactEvent.withdrawn_at > as_of)
    return (ImpactEvent.at <= as_of) & kept


def events(
    actor: Actor, kinds: Collection[EventKind] = (), hin_id: int | None = None
) -> Sequence[ImpactEvent]:
    """Return what stands, the newest day first; of programmes that the actor may not read, none."""
    found = _listed(actor)
    if kinds:
        found = found.where(ImpactEvent.kind.in_(sorted(kinds)))
    if hin_id is not None:
        found = found.where(ImpactEvent.hin_id == hin_id)
    return db.session.scalars(found.order_by(ImpactEvent.on.desc(), ImpactEvent.id.desc())).all()


def _listed(actor: Actor) -> Select[ImpactEvent]:
    readable = select(Programme.id).where(visible_to(actor))
    return (
        select(ImpactEvent)
        .options(joinedload(ImpactEvent.hin), joinedload(ImpactEvent.programme))
        .where(
            _stands(),
            or_(ImpactEvent.programme_id.is_(None), ImpactEvent.programme_id.in_(readable)),
        )
    )


def event_for(actor: Actor, event_id: int) -> ImpactEvent:
    """Return one entry that stands and that the actor may read; raises NotFound."""
    found = db.session.scalar(_listed(actor).where(ImpactEvent.id == event_id))
    if found is None:
        raise NotFound("There is no such entry.")
    return found


# Figures


def _counted(period: Period) -> Select[ImpactEvent]:
    return select(ImpactEvent).where(
        _stands(period.as_of),
        ImpactEvent.on.between(period.quarter.first, period.quarter.last),
        ImpactEvent.on_precision != Precision.YEAR,
    )


def count(period: Period) -> list[Value]:
    """Return how many of each kind a quarter has, and the people of its events, of every network
    and England, each once. One statement."""
    rows = db.session.scalars(_counted(period)).all()
    found: list[Value] = []
    for figure, kind in KINDS.items():
        of = [row for row in rows if row.kind is kind]
        found += _values(figure.code, of, lambda row: 1)
        if kind is EventKind.HELD:
            found += _values(PEOPLE.code, of, lambda row: row.people or 0)
    return found


def _values(
    code: str, rows: Iterable[ImpactEvent], each: Callable[[ImpactEvent], int]
) -> list[Value]:
    sums: Counter[int | None] = Counter()
    for row in rows:
        sums[None] += each(row)
        if row.hin_id is not None:
            sums[row.hin_id] += each(row)
    return [Value(code, area, WHOLE, float(number)) for area, number in sums.items()]


def rows_behind(query: RowsQuery) -> RowsResult:
    """Return the entries that a figure counts, the oldest first."""
    kind = KINDS.get(query.figure, EventKind.HELD)
    rows = _counted(query.period).options(joinedload(ImpactEvent.hin))
    if query.hin_id is not None:
        rows = rows.where(ImpactEvent.hin_id == query.hin_id)
    found = db.session.scalars(
        rows.where(ImpactEvent.kind == kind).order_by(ImpactEvent.on, ImpactEvent.id)
    )
    return RowsResult(
        HEADER,
        [
            (
                row.title,
                row.on,
                row.hin.name if row.hin else "All networks",
                row.other,
                row.people,
                row.source,
            )
            for row in found
        ],
    )


def first_day() -> date | None:
    """Return the day of the oldest entry that a quarter counts."""
    counts = ImpactEvent.on_precision != Precision.YEAR
    return db.session.scalar(select(func.min(ImpactEvent.on)).where(counts))


def networks() -> list[tuple[int, str]]:
    """Return every network with its name, by name."""
    rows = db.session.execute(select(Hin.id, Hin.name).order_by(by_name(Hin.name), Hin.id))
    return [(number, name) for number, name in rows]
