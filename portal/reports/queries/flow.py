"""Between two days, and over the quarters: who entered, advanced, stepped back or was archived."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, case, func, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from portal.accounts.models import Actor
from portal.db import db
from portal.innovations.models import Innovation, Life, LifeChange, StageChange
from portal.innovations.queries import visible_to
from portal.reference.models import Term
from portal.reference.rules import Quarter
from portal.reports.queries.moments import is_live_at, stage_id_at
from portal.reports.queries.stages import UNSTAGED, stage_terms
from portal.reports.rules.asked import Move, move_between
from portal.reports.rules.days import end_of


@dataclass(frozen=True, slots=True)
class Median:
    """How long records stood at a stage that they left in the period."""

    days: float
    stays: int
    """Of how many stays this is the median."""


@dataclass(frozen=True, slots=True)
class Flow:
    """What moved between the ends of two days, of the records that the reader may open."""

    stages: Sequence[Term]
    moves: Mapping[tuple[int | None, int | None], int]
    """How many went from one stage to another, by id; None is "not on the pipeline", 0 is "no
    stage said"."""
    medians: Mapping[int, Median]
    """By id of the stage that was left."""

    def by_move(self) -> dict[Move, int]:
        """Return how many records made each move."""
        positions: dict[int | None, int | None] = {s.id or 0: s.position for s in self.stages}
        found: Counter[Move] = Counter()
        for (before, after), count in self.moves.items():
            move = move_between(positions.get(before), positions.get(after))
            if move is not None:
                found[move] += count
        return {move: found[move] for move in Move}

    def at_start(self, stage_id: int) -> int:
        """Return how many stood at a stage at the end of the first day."""
        return sum(n for (before, _), n in self.moves.items() if before == stage_id)

    def at_end(self, stage_id: int) -> int:
        """Return how many stood at a stage at the end of the second day."""
        return sum(n for (_, after), n in self.moves.items() if after == stage_id)


def flow(actor: Actor, since: date, on: date) -> Flow:
    """Return the flow from the end of one day to the end of another, in three statements."""
    moves = {(b, a): n for b, a, n in db.session.execute(_moves(actor, since, on))}
    stages = list(stage_terms())
    if any(0 in pair for pair in moves):
        stages.append(UNSTAGED)
    medians = {
        stage_id: Median(float(days), stays)
        for stage_id, days, stays in db.session.execute(_medians(actor, since, on))
    }
    return Flow(stages, moves, medians)


def _moves(actor: Actor, since: date, on: date) -> Select[Any, Any, int]:
    states = (
        select(_stage_or_nothing(since).label("before"), _stage_or_nothing(on).label("after"))
        .where(visible_to(actor))
        .subquery()
    )
    before, after = states.c.before, states.c.after
    there = or_(before.is_not(None), after.is_not(None))
    return select(before, after, func.count()).where(there).group_by(before, after)


def _stage_or_nothing(on: date) -> ColumnElement[int | None]:
    moment = end_of(on)
    return case((is_live_at(moment), func.coalesce(stage_id_at(moment), 0)))


class days_between(GenericFunction[float]):  # noqa: N801  # it reads as SQL does
    """The days from one moment to another, with fractions."""

    inherit_cache = True


@compiles(days_between, "sqlite")
def _days_on_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    start, end = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"(julianday({end}) - julianday({start}))"


@compiles(days_between, "postgresql")
def _days_on_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    start, end = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"(extract(epoch from ({end}) - ({start})) / 86400.0)"


def _medians(actor: Actor, since: date, on: date) -> Select[int, float, int]:
    """The median stay of those that left a stage for another in the period: the middle one or
    the mean of the two middle ones. Time while archived counts."""
    stay = _stays(actor).subquery()
    days = days_between(stay.c.at, stay.c.until)
    ranked = (
        select(
            stay.c.stage_id,
            days.label("days"),
            func.row_number().over(partition_by=stay.c.stage_id, order_by=days).label("rank"),
            func.count().over(partition_by=stay.c.stage_id).label("stays"),
        )
        .where(stay.c.until >= end_of(since), stay.c.until < end_of(on))
        .subquery()
    )
    twice = ranked.c.rank * 2
    return (
        select(ranked.c.stage_id, func.avg(ranked.c.days), func.max(ranked.c.stays))
        .where(twice >= ranked.c.stays, twice <= ranked.c.stays + 2)
        .group_by(ranked.c.stage_id)
    )


def _stays(actor: Actor) -> Select[int, datetime, datetime]:
    """Each stay at a stage: from reaching it until the next *other* stage."""
    over: dict[str, Any] = {
        "partition_by": StageChange.innovation_id,
        "order_by": (StageChange.at, StageChange.id),
    }
    steps = (
        select(
            StageChange.innovation_id,
            StageChange.id,
            StageChange.stage_id,
            StageChange.at,
            func.lag(StageChange.stage_id).over(**over).label("before"),
        )
        .join(Innovation, Innovation.id == StageChange.innovation_id)
        .where(visible_to(actor))
        .subquery()
    )
    until = func.lead(steps.c.at).over(
        partition_by=steps.c.innovation_id, order_by=(steps.c.at, steps.c.id)
    )
    is_new = or_(steps.c.before.is_(None), steps.c.before != steps.c.stage_id)
    return select(steps.c.stage_id, steps.c.at, until.label("until")).where(is_new)


# Over the quarters ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class QuarterCount:
    """The nation's innovations at the end of a quarter (or today, in the one that runs)."""

    quarter: Quarter
    on: date
    by_stage: Mapping[int, int]
    """By id of the stage."""


def over_quarters(quarters: Sequence[Quarter], today: date) -> list[QuarterCount]:
    """Return national totals by stage at the end of each quarter, in one statement.

    National totals by stage are for everybody who is signed in: no reader stands in it.
    """
    days = [min(quarter.last, today) for quarter in quarters]
    stays, lives = _spells(StageChange.stage_id), _spells(LifeChange.life)
    columns = [
        func.sum(case((_holds(stays, day) & _holds(lives, day), 1), else_=0)) for day in days
    ]
    rows = db.session.execute(
        select(stays.c.stage_id, *columns)
        .join(lives, lives.c.innovation_id == stays.c.innovation_id)
        .where(lives.c.life == Life.SUBMITTED)
        .group_by(stays.c.stage_id)
    ).all()
    return [
        QuarterCount(quarter, day, {row[0]: row[n] for row in rows})
        for n, (quarter, day) in enumerate(zip(quarters, days, strict=True), start=1)
    ]


def _spells(value: Any) -> CTE:
    """Each dated row with the moment until which it held."""
    model = value.class_
    until = func.lead(model.at).over(
        partition_by=model.innovation_id, order_by=(model.at, model.id)
    )
    return select(model.innovation_id, value, model.at, until.label("until")).cte()


def _holds(spell: CTE, on: date) -> ColumnElement[bool]:
    moment = end_of(on)
    return (spell.c.at < moment) & or_(spell.c.until.is_(None), spell.c.until >= moment)
