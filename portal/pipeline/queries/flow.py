"""Between two days, and over the quarters: who entered, advanced, stepped back or was archived."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased
from sqlalchemy.sql.functions import GenericFunction

from portal.accounts.models import Actor
from portal.clock import end_of
from portal.db import db
from portal.innovations.models import Innovation, StageChange
from portal.innovations.queries import counted_for, on_day
from portal.pipeline.queries.stages import UNSTAGED, stage_terms
from portal.pipeline.rules.records_query import Move, move_between
from portal.reference.models import Term
from portal.reference.rules import Quarter


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
    moves = {(b, a): n for b, a, n in db.session.execute(moves_of(actor, since, on))}
    stages = list(stage_terms())
    if any(0 in pair for pair in moves):
        stages.append(UNSTAGED)
    medians = {
        stage_id: Median(float(days), stays)
        for stage_id, days, stays in db.session.execute(medians_of(actor, since, on))
    }
    return Flow(stages, moves, medians)


def moves_of(actor: Actor, since: date, on: date) -> Select[Any, Any, int]:
    """Return how many records stood at each pair of stages at the ends of two days."""
    states = (
        select(_stage_or_nothing(since).label("before"), _stage_or_nothing(on).label("after"))
        .where(counted_for(actor))
        .subquery()
    )
    before, after = states.c.before, states.c.after
    there = or_(before.is_not(None), after.is_not(None))
    return select(before, after, func.count()).where(there).group_by(before, after)


def _stage_or_nothing(on: date) -> ColumnElement[int | None]:
    return case((on_day.is_live_on(on), func.coalesce(on_day.stage_id_on(on), 0)))


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


def medians_of(actor: Actor, since: date, on: date) -> Select[int, float, int]:
    """Return, for each stage, the median stay of those that left it for another in the period (the
    middle one or the mean of the two middle ones) and their number. Time while archived counts."""
    stay = _ended(actor, since, on).subquery()
    days = days_between(stay.c.at, stay.c.until)
    ranked = select(
        stay.c.stage_id,
        days.label("days"),
        func.row_number().over(partition_by=stay.c.stage_id, order_by=days).label("rank"),
        func.count().over(partition_by=stay.c.stage_id).label("stays"),
    ).subquery()
    twice = ranked.c.rank * 2
    return (
        select(ranked.c.stage_id, func.avg(ranked.c.days), func.max(ranked.c.stays))
        .where(twice >= ranked.c.stays, twice <= ranked.c.stays + 2)
        .group_by(ranked.c.stage_id)
    )


def _ended(actor: Actor, since: date, on: date) -> Select[int, datetime, datetime]:
    """Each stay at a stage that another one ended in the period: the stage, from when to when.

    A stage that is said again goes on: the stay began with the first row of it.
    """
    last, first, other = aliased(StageChange), aliased(StageChange), aliased(StageChange)
    left = (
        select(last.stage_id)
        .where(last.innovation_id == StageChange.innovation_id, _is_before(last, StageChange))
        .order_by(last.at.desc(), last.id.desc())
        .limit(1)
        .correlate(StageChange)
        .scalar_subquery()
    )
    changes = (
        select(StageChange.innovation_id, StageChange.id, StageChange.at, left.label("stage_id"))
        .join(Innovation, Innovation.id == StageChange.innovation_id)
        .where(counted_for(actor), StageChange.at >= end_of(since), StageChange.at < end_of(on))
        .where(left != StageChange.stage_id)
        .subquery()
    )
    ours = other.innovation_id == changes.c.innovation_id
    between = exists().where(ours, _is_before(first, other), _is_before(other, changes.c))
    began = (
        select(func.min(first.at))
        .where(first.innovation_id == changes.c.innovation_id, _is_before(first, changes.c))
        .where(~between.where(other.stage_id != changes.c.stage_id).correlate(first, changes))
        .where(first.stage_id == changes.c.stage_id)
        .correlate(changes)
        .scalar_subquery()
    )
    return select(changes.c.stage_id, began.label("at"), changes.c.at.label("until"))


def _is_before(one: Any, other: Any) -> ColumnElement[bool]:
    return tuple_(one.at, one.id) < tuple_(other.at, other.id)


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
    found: list[dict[int, int]] = [{} for _ in days]
    for number, stage_id, count in db.session.execute(by_day(days)):
        if stage_id is not None:
            found[number][stage_id] = count
    return [QuarterCount(*each) for each in zip(quarters, days, found, strict=True)]


def by_day(days: Sequence[date]) -> CompoundSelect[int, int, int]:
    """Return the nation's innovations by stage at the end of each day: its place, stage, count."""
    return union_all(*(_by_stage(number, day) for number, day in enumerate(days)))


def _by_stage(number: int, on: date) -> Select[int, int, int]:
    stage = on_day.stage_id_on(on).label("stage_id")
    state = select(stage).select_from(Innovation).where(on_day.is_live_on(on)).subquery()
    count = func.count().label("count")
    return select(literal(number), state.c.stage_id, count).group_by(state.c.stage_id)
