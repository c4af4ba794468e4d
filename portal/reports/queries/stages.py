"""Count the pipeline by stage, as at any day: in SQL, with the reader inside the query.

National totals by stage are for everybody who is signed in. Every other figure counts only the
records that the reader may open today: `visible_to` stands in each query.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, select

from portal.accounts.models import Actor
from portal.db import db
from portal.innovations.models import Innovation, innovation_term
from portal.innovations.queries import visible_to
from portal.reference.models import Hin, Term, Vocabulary
from portal.reference.rules import Quarter
from portal.reports.queries.moments import (
    is_live_at,
    is_proven_on,
    is_stale_on,
    stage_id_at,
    was_added,
)
from portal.reports.rules.asked import NOT_SAID, Grouping
from portal.reports.rules.days import end_of

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
class Standing:
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


def standing(actor: Actor, on: date) -> Standing:
    """Return the pipeline as at the end of a day, in two statements."""
    rows = {row.stage_id: row for row in db.session.execute(_by_stage(actor, on))}
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
    return Standing(counts, **sums)


def _by_stage(actor: Actor, on: date) -> Select[int, int, int, int, int, int]:
    may_see = visible_to(actor)
    state = (
        select(
            stage_id_at(end_of(on)).label("stage_id"),
            case((may_see, 1), else_=0).label("readable"),
            case((and_(may_see, is_proven_on(on)), 1), else_=0).label("proven"),
            case((and_(may_see, is_stale_on(on)), 1), else_=0).label("stale"),
            case((and_(may_see, was_added(Quarter.of(on).first, on)), 1), else_=0).label("added"),
        )
        .where(is_live_at(end_of(on)))
        .subquery()
    )
    sums = [func.sum(state.c[name]).label(name) for name in ("readable", "proven", "stale")]
    return select(
        state.c.stage_id, func.count().label("total"), *sums, func.sum(state.c.added).label("added")
    ).group_by(state.c.stage_id)


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
    counts: Mapping[str, int] = field(default_factory=dict)
    """By code of the stage; what is not there is 0."""

    @property
    def total(self) -> int:
        """Return how many of its innovations the reader may open, at any stage."""
        return sum(self.counts.values())


def by_group(actor: Actor, grouping: Grouping, on: date) -> list[GroupRow]:
    """Return the innovations that the reader may open by group and stage, in one statement.

    A record with several care settings or condition groups counts once in each of them.
    """
    found: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for value, label, stage, count in db.session.execute(_grouped(actor, grouping, on)):
        found[value or NOT_SAID, label or "Not said"][stage] = count
    return [GroupRow(value, label, counts) for (value, label), counts in found.items()]


def _grouped(actor: Actor, grouping: Grouping, on: date) -> Select[str, str, str, int]:
    records = (
        select(
            Innovation.id,
            Innovation.hin_id,
            Innovation.category_id,
            stage_id_at(end_of(on)).label("stage_id"),
        )
        .where(visible_to(actor), is_live_at(end_of(on)))
        .subquery()
    )
    stage = select(Term.id, Term.code).subquery()
    groups, key = _groups(grouping, records)
    return (
        select(
            groups.c.value,
            groups.c.label,
            func.coalesce(stage.c.code, NOT_SAID),
            func.count(func.distinct(records.c.id)),
        )
        .select_from(records)
        .outerjoin(stage, stage.c.id == records.c.stage_id)
        .outerjoin(groups, key)
        .group_by(groups.c.value, groups.c.label, groups.c.position, stage.c.code)
        .order_by(groups.c.position.nulls_last(), groups.c.label)
    )


def _groups(grouping: Grouping, records: Subquery) -> tuple[Subquery, ColumnElement[bool]]:
    """Return what to group by (value, label, position) and how a record joins it."""
    if grouping is Grouping.HIN:
        hins = select(
            Hin.id, Hin.code.label("value"), Hin.name.label("label"), (Hin.id * 0).label("position")
        ).subquery()
        return hins, hins.c.id == records.c.hin_id
    if grouping is Grouping.CATEGORY:
        terms = select(
            Term.id, Term.code.label("value"), Term.label.label("label"), Term.position
        ).subquery()
        return terms, terms.c.id == records.c.category_id
    held = _held(grouping)
    return held, held.c.innovation_id == records.c.id


def _held(grouping: Grouping) -> Subquery:
    is_group = grouping is Grouping.CONDITION_GROUP
    value = Term.group if is_group else Term.code
    return (
        select(
            innovation_term.c.innovation_id,
            value.label("value"),
            (Term.group if is_group else Term.label).label("label"),
            (Term.id * 0 if is_group else Term.position).label("position"),
        )
        .join(Term, Term.id == innovation_term.c.term_id)
        .where(Term.vocabulary == Vocabulary(grouping.vocabulary))
        .distinct()
        .subquery()
    )
