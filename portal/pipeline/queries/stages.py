"""Count the pipeline by stage, as at any day: in SQL, with the reader inside the query.

National totals by stage are for everybody who is signed in. Every other figure counts only the
records that the reader may open today: `counted_for` stands in each query.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Select, and_, case, func, select

from portal.accounts.models import Actor
from portal.db import db
from portal.innovations.queries import counted_for, on_day
from portal.pipeline.queries.crosstab import CrosstabQuery, crosstab
from portal.pipeline.queries.moments import is_stale_on, was_added
from portal.pipeline.queries.values import all_values
from portal.pipeline.rules.records_query import NOT_SAID, Grouping
from portal.reference.models import Term, Vocabulary
from portal.reference.rules import Quarter

UNSTAGED = Term(code=NOT_SAID, label="No stage said", group="No stage said", position=0)
"""Stands for the stage of a record that never said one: only an import can leave one so."""


@dataclass(frozen=True, slots=True)
class StageCount:
    """How many innovations stand at one stage of development."""

    stage: Term
    total: int
    """Of the whole nation: this figure is for everybody who is signed in."""
    readable: int
    """Of those, how many the reader may open."""


@dataclass(frozen=True, slots=True)
class StagesResult:
    """The pipeline as at a day: national totals by stage, and what the reader may open of them."""

    stages: Sequence[StageCount]
    readable: int
    proven: int
    """Of those that the reader may open, verified as proven and still so that day."""
    stale: int
    """Of those, without any change in the six months before."""
    added: int
    """Of those, how many first came in the quarter of that day."""

    @property
    def total(self) -> int:
        """Return how many innovations were on the pipeline in the nation."""
        return sum(count.total for count in self.stages)


def standing(actor: Actor, on: date) -> StagesResult:
    """Return the pipeline as at the end of a day, in two statements."""
    rows = {row.stage_id: row for row in db.session.execute(by_stage(actor, on))}
    stages = [*stage_terms(), *([UNSTAGED] if None in rows else [])]
    counts = [
        StageCount(stage, rows[stage.id].total, rows[stage.id].readable)
        if stage.id in rows
        else StageCount(stage, 0, 0)
        for stage in stages
    ]
    sums = {
        name: sum(getattr(row, name) for row in rows.values())
        for name in ("readable", "proven", "stale", "added")
    }
    return StagesResult(counts, **sums)


def by_stage(actor: Actor, on: date) -> Select[int, int, int, int, int, int]:
    """Return, for each stage, the nation's innovations and those that the reader may open: all,
    the proven, the stale and the added."""
    may_see = counted_for(actor)
    # SQLite ends at the first that is false: what few are, or what takes least, stands first.
    counts = {
        "readable": may_see,
        "proven": and_(on_day.is_proven_on(on), may_see),
        "stale": and_(may_see, is_stale_on(on)),
        "added": and_(was_added(Quarter.of(on).first, on), may_see),
    }
    ones = [case((test, 1), else_=0).label(name) for name, test in counts.items()]
    # By an expression: by the column alone SQLite reads the table in the order of an index of it,
    # one seek for each record.
    stage = (on_day.stage_id_on(on) + 0).label("stage_id")
    state = select(stage, *ones).where(on_day.is_live_on(on)).subquery()
    sums = [func.sum(state.c[name]).label(name) for name in counts]
    return select(state.c.stage_id, func.count().label("total"), *sums).group_by(state.c.stage_id)


def stage_terms() -> Sequence[Term]:
    """Return every stage of development in order."""
    return db.session.scalars(
        select(Term).where(Term.vocabulary == Vocabulary.DEVELOPMENT_STAGE).order_by(Term.position)
    ).all()


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One HIN, category, condition group or care setting, with its innovations by stage."""

    value: str
    """Its code, or `NOT_SAID`."""
    label: str
    counts: Mapping[str, float] = field(default_factory=dict)
    """By code of the stage; what is not there is 0."""

    @property
    def total(self) -> float:
        """Return how many of its innovations the reader may open, at any stage."""
        return sum(self.counts.values())


def by_group(actor: Actor, grouping: Grouping, on: date) -> list[GroupRow]:
    """Return the innovations that the reader may open by group and stage: the cross-tab of both,
    in two statements.

    A record with several care settings or condition groups counts once in each of them.
    """
    asked = CrosstabQuery(grouping.field, "stage", day=on)
    table = crosstab(actor, asked, all_values(on)).whole
    return [
        GroupRow(
            row.code, row.label, {s.code: count for s in table.columns if (count := table[row, s])}
        )
        for row in table.rows
        if table[row, None]
    ]
