"""Count figures live, read frozen ones, and find the rows behind them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import User
from portal.db import by_name, db
from portal.figures.models import FigureFreeze, FrozenFigure
from portal.figures.rules import WHOLE, Figure, Gap, Period, Value, personal_codes, sets
from portal.reference.rules import Quarter

NOBODY = "nobody"
"""The group of a personal figure for what nobody leads."""


def live_values(quarter: Quarter, today: date, as_of: datetime | None = None) -> list[Value]:
    """Return every figure of a quarter, of every HIN and the nation, as the rows stand.

    With `as_of`, which freezing gives, rows count as they were known at that moment. What tells of
    this very day is there for the quarter of `today`, and when a quarter is frozen.
    """
    period = Period(quarter, today, as_of)
    return [value for one in sets() for value in one.count(period)]


def first_day() -> date | None:
    """Return the day of the oldest row that counts: figures begin in its quarter."""
    days = [day for one in sets() if (day := one.first_day())]
    return min(days, default=None)


def gaps(quarter: Quarter, today: date) -> list[Gap]:
    """Return what every room knows to be missing or not settled in a quarter."""
    period = Period(quarter, today)
    return [gap for one in sets() for gap in one.gaps(period) if gap.count]


def group_labels(values: Iterable[Value], called: Mapping[str, str]) -> dict[str, str]:
    """Return what the groups of figures are called, people before the others, in their order."""
    return {**people_in(values), **called, WHOLE: "In all"}


def people_in(values: Iterable[Value]) -> dict[str, str]:
    """Return the names of the people under whom figures stand, by their group, by name."""
    personal = personal_codes()
    ids = {int(v.group) for v in values if v.code in personal and v.group.isdecimal()}
    rows = db.session.execute(
        select(User.id, User.name).where(User.id.in_(ids)).order_by(by_name(User.name))
    )
    return {**{str(user_id): name for user_id, name in rows}, NOBODY: "Nobody yet"}


# Frozen figures


def freeze_of(quarter: Quarter) -> FigureFreeze | None:
    """Return when and by whom a quarter was frozen, if it was."""
    return db.session.scalar(
        select(FigureFreeze)
        .where(FigureFreeze.quarter_on == quarter.first)
        .options(joinedload(FigureFreeze.frozen_by))
    )


def frozen_values(freeze: FigureFreeze) -> list[Value]:
    """Return the figures of a quarter as they were frozen."""
    rows = db.session.scalars(
        select(FrozenFigure).where(FrozenFigure.freeze_id == freeze.id).order_by(FrozenFigure.id)
    )
    return [Value(row.measure, row.hin_id, row.group, row.value) for row in rows]


def freezes() -> dict[date, datetime]:
    """Return when each frozen quarter was frozen, by its first day."""
    rows = db.session.execute(select(FigureFreeze.quarter_on, FigureFreeze.frozen_at))
    return dict(rows.all())


def frozen_by(at: datetime) -> frozenset[date]:
    """Return the first days of the quarters that were frozen by a moment."""
    return frozenset(quarter_on for quarter_on, frozen_at in freezes().items() if frozen_at <= at)


# Counting, for the rooms that contribute figures


def values_of(figure: Figure, *counts: Select[Any, Any, Any]) -> list[Value]:
    """Run counts of (HIN, group, value); a nation in which there was nothing has no value."""
    return [
        Value(figure.code, hin_id, str(getattr(group, "value", group)), float(value))
        for count in counts
        for hin_id, group, value in db.session.execute(count)
        if value
    ]


def counted_by(
    figure: Figure, rows: Iterable[tuple[int, object, int]], less: Iterable[Any] = ()
) -> list[Value]:
    """Count different things among rows of (HIN, group, thing) by HIN and group, by group, by HIN
    and in all, less those of other rows: what a HIN or a group counts once, the nation does too."""
    found, taken = _things(rows), _things(less)
    return [
        Value(figure.code, hin, group, float(count))
        for hin, group in dict.fromkeys((*found, *taken))
        if (count := len(found.get((hin, group), ())) - len(taken.get((hin, group), ())))
    ]


def _things(rows: Iterable[tuple[int, object, int]]) -> dict[tuple[int | None, str], set[int]]:
    found: dict[tuple[int | None, str], set[int]] = {}
    for hin, group, thing in rows:
        for key in _keys(hin, group):
            found.setdefault(key, set()).add(thing)
    return found


def _keys(hin: int, group: object) -> tuple[tuple[int | None, str], ...]:
    name = str(getattr(group, "value", group))
    return (hin, name), (None, name), (hin, WHOLE), (None, WHOLE)


def gaps_counted(*asked: tuple[Select[Any], str, str, str]) -> list[Gap]:
    """Return what is missing, of counts in SQL with one, many and an address each (see
    `figures.rules.Gap`): one statement, however many they are."""
    counts = db.session.execute(select(*(count.scalar_subquery() for count, *_ in asked))).one()
    return [Gap(count, *said) for count, (_, *said) in zip(counts, asked, strict=True)]


def summed_by(
    figure: Figure, rows: Iterable[tuple[int, object, float]], parts: float, *, is_whole: bool
) -> list[Value]:
    """Add up rows of (HIN, group, number), each `parts` of the unit, by HIN and group and by group;
    and by HIN and in all, unless the whole would count twice."""
    sums: dict[tuple[int | None, str], float] = {}
    for hin, group, number in rows:
        for key in _keys(hin, group)[: 4 if is_whole else 2]:
            sums[key] = sums.get(key, 0) + number
    return [Value(figure.code, hin, name, v / parts) for (hin, name), v in sums.items() if v]


def summed_by_person(figure: Figure, rows: Iterable[tuple[int, int | None, float]]) -> list[Value]:
    """Return the values of a personal figure by HIN and person, by HIN, and in all."""
    sums: dict[tuple[int | None, str], float] = {}
    for hin, person, value in rows:
        for key in ((hin, str(person or NOBODY)), (hin, WHOLE), (None, WHOLE)):
            sums[key] = sums.get(key, 0.0) + value
    return [Value(figure.code, hin, group, value) for (hin, group), value in sums.items()]


def codes_in_order() -> Sequence[Figure]:
    """Return every figure, in the order of pages."""
    return [figure for one in sets() for figure in one.figures]
