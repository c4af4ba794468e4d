"""Count the figures of adoption from the dated rows, and find the rows behind them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, Subquery, and_, func, select

from portal.adoption.models import Funding
from portal.adoption.queries.money import money_standing
from portal.adoption.rules import figures
from portal.adoption.rules.money import IN_SERVICE, NOT_STATED
from portal.adoption.rules.spread import move
from portal.db import by_name, db
from portal.figures.rules import WHOLE, Figure, Period, RowsQuery, RowsResult, Value, with_nation
from portal.innovations.models import Adoption, AdoptionState, Innovation
from portal.innovations.queries.adoption import moves_between
from portal.innovations.rules.adoption import IN_USE, INTRODUCED, ORDER, RANK
from portal.merging import holder_at, moment_of
from portal.reference.models import Hin, HinServiceArea, Site, SiteMembership

HEADER = ("Place", "Code", "Innovation", "Network", "Stage before", "Stage", "Money")


@dataclass(frozen=True, slots=True)
class PairRow:
    """A site and a product, or so many that stand alike, with where they stand and stood."""

    hin_id: int | None
    before: AdoptionState
    after: AdoptionState
    money: str
    count: int = 1

    def groups(self, figure: Figure) -> list[str]:
        """Return under which groups of a figure it counts; none where it does not."""
        if figure is figures.STAGES:
            return [self.after.value, WHOLE]
        if figure is figures.INTRODUCED:
            return [WHOLE] if self.before.level < INTRODUCED <= self.after.level else []
        if figure is figures.ADOPTING:
            return [WHOLE] if self.after.level >= IN_USE else []
        if figure is figures.MOVES:
            moved = move(self.before, self.after)
            return [moved.value, WHOLE] if moved else []
        return [f"money_{self.money}", WHOLE] if self.after.level >= IN_SERVICE else []


def days_of(period: Period) -> tuple[date, date]:
    """Return the end of the quarter before, and the end of the quarter or today."""
    return period.quarter.previous.last, min(period.quarter.last, period.today)


def _pairs(period: Period) -> tuple[Select[Any], Any]:
    """Return SQL for every pair with its columns: network, rank before, rank, state of money."""
    since, on = days_of(period)
    after = moves_between(since, on, period.as_of)
    holder = holder_at(Funding, "innovation_id", moment_of(on))
    areas, money = _networks(on), money_standing(holder, on, period.as_of)
    rows = (
        select(
            areas.c.hin_id.label("hin_id"),
            func.coalesce(after.c.before, RANK[AdoptionState.STAGE_0]).label("before"),
            after.c.rank.label("rank"),
            func.coalesce(money.c.code, NOT_STATED).label("money"),
        )
        .select_from(after)
        .outerjoin(areas, areas.c.site_id == after.c.site_id)
        .outerjoin(money, _same_pair(money, after))
    )
    return rows, after


def _same_pair(one: Subquery, other: Subquery) -> Any:
    return and_(one.c.site_id == other.c.site_id, one.c.innovation_id == other.c.innovation_id)


def _networks(on: date) -> Subquery:
    """Return the network that led on a day where each site lay then: one row for a site."""
    held = (
        select(
            SiteMembership.site_id,
            SiteMembership.ics_id.label("ics_id"),
            func.row_number()
            .over(partition_by=SiteMembership.site_id, order_by=SiteMembership.id.desc())
            .label("place"),
        )
        .where(
            SiteMembership.valid_from.is_(None) | (SiteMembership.valid_from <= on),
            SiteMembership.valid_to.is_(None) | (SiteMembership.valid_to >= on),
        )
        .subquery()
    )
    ics = func.coalesce(held.c.ics_id, Site.ics_id)
    return (
        select(Site.id.label("site_id"), func.max(HinServiceArea.hin_id).label("hin_id"))
        .outerjoin(held, and_(held.c.site_id == Site.id, held.c.place == 1))
        .join(HinServiceArea, HinServiceArea.ics_id == ics)
        .where(
            HinServiceArea.is_lead,
            HinServiceArea.valid_from <= on,
            HinServiceArea.valid_to.is_(None) | (HinServiceArea.valid_to >= on),
            Site.id.in_(select(Adoption.site_id)),
        )
        .group_by(Site.id)
        .subquery()
    )


def count(period: Period) -> list[Value]:
    """Return every figure of adoption of a quarter, of every HIN and the nation: one statement."""
    pairs = _pairs(period)[0].subquery()
    rows = db.session.execute(
        select(pairs.c.hin_id, pairs.c.before, pairs.c.rank, pairs.c.money, func.count()).group_by(
            pairs.c.hin_id, pairs.c.before, pairs.c.rank, pairs.c.money
        )
    )
    found = [
        PairRow(hin_id, ORDER[before], ORDER[rank], money, number)
        for hin_id, before, rank, money, number in rows
    ]
    return [value for figure in figures.DEFINITIONS for value in _values(figure, found)]


def _values(figure: Figure, rows: Iterable[PairRow]) -> list[Value]:
    sums: dict[tuple[int | None, str], float] = {}
    for row in rows:
        for group in row.groups(figure):
            key = row.hin_id, group
            sums[key] = sums.get(key, 0) + row.count
    values = [Value(figure.code, hin_id, group, v) for (hin_id, group), v in sums.items()]
    known = [value for value in values if value.hin_id is not None]
    # A place in no area that is known counts for the nation alone.
    nation = [value for value in with_nation(values) if value.hin_id is None]
    return [*known, *_once(nation)]


def _once(values: Sequence[Value]) -> list[Value]:
    """Of the nation's values the last is the sum of all."""
    return list({value.group: value for value in values}.values())


def rows_behind(asked: RowsQuery) -> RowsResult:
    """Return the pairs that a figure counts, as lines."""
    rows, after = _pairs(asked.period)
    found = db.session.execute(
        rows.add_columns(Site.name, Site.code, Innovation.name, Hin.name)
        .join(Site, Site.id == after.c.site_id)
        .join(Innovation, Innovation.id == after.c.innovation_id)
        .outerjoin(Hin, Hin.id == _column(rows, "hin_id"))
        .order_by(by_name(Site.name), Site.id, Innovation.id)
    )
    lines = []
    for hin_id, before, rank, money, *names in found:
        pair = PairRow(hin_id, ORDER[before], ORDER[rank], money)
        is_asked = asked.hin_id is None or hin_id == asked.hin_id
        if is_asked and (asked.group or WHOLE) in pair.groups(asked.figure):
            lines.append([*names, *_words(pair)])
    return RowsResult(HEADER, lines)


def _column(rows: Select[Any], name: str) -> Any:
    return next(one for one in rows.selected_columns if one.key == name)


def _words(pair: PairRow) -> tuple[str, str, str]:
    return pair.before.value, pair.after.value, pair.money


def first_day() -> date | None:
    """Return the day of the oldest row about a site."""
    return db.session.scalar(select(func.min(Adoption.on)).where(Adoption.site_id.is_not(None)))
