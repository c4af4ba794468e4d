"""Read which drivers and change ideas a measure over time tells of, and what tested them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Actor
from portal.db import db
from portal.errors import NotFound
from portal.improvement.models import (
    Cycle,
    Diagram,
    ImprovementMeasure,
    MeasureMark,
    Node,
    NodeChart,
    Team,
)
from portal.improvement.policy import can_join
from portal.improvement.queries.diagrams import words_of
from portal.improvement.queries.measures import WITH, measures_of
from portal.programmes.models import Programme
from portal.programmes.policy import can_see


def charts_of(node_ids: Collection[int]) -> dict[int, list[ImprovementMeasure]]:
    """Return the measures over time of some drivers and change ideas, by the number of the node in
    the order in which they were chosen: one statement and that of the elements."""
    rows = db.session.execute(
        select(NodeChart.node_id, ImprovementMeasure)
        .join(ImprovementMeasure, ImprovementMeasure.id == NodeChart.measure_id)
        .where(NodeChart.node_id.in_(node_ids))
        .options(*WITH)
        .order_by(NodeChart.id)
    )
    found: dict[int, list[ImprovementMeasure]] = defaultdict(list)
    for node_id, measure in rows:
        found[node_id].append(measure)
    return found


@dataclass(frozen=True, slots=True)
class MeasuredNode:
    """A driver or change idea of which a measure tells, with what it says now."""

    link: NodeChart
    words: str

    @property
    def programme(self) -> Programme:
        """Return the programme of its diagram."""
        return self.link.node.diagram.programme


def told_of(actor: Actor, measure_id: int) -> list[MeasuredNode]:
    """Return the drivers and change ideas of which a measure tells, of diagrams that the reader may
    see: two statements."""
    links = db.session.scalars(
        select(NodeChart)
        .where(NodeChart.measure_id == measure_id)
        .options(
            joinedload(NodeChart.node).joinedload(Node.diagram).joinedload(Diagram.programme),
            joinedload(NodeChart.measure),
        )
        .order_by(NodeChart.id)
    ).all()
    words = words_of([link.node_id for link in links])
    return [
        MeasuredNode(link, words.get(link.node_id, ""))
        for link in links
        if can_see(actor, link.node.diagram.programme)
    ]


def chart_link(node_id: int, measure_id: int) -> NodeChart:
    """Return the link of a node to a measure; raises NotFound where there is none."""
    found = db.session.scalar(
        select(NodeChart).where(NodeChart.node_id == node_id, NodeChart.measure_id == measure_id)
    )
    if found is None:
        raise NotFound("This measure does not tell of it.")
    return found


def measures_to_choose(actor: Actor, node: Node) -> list[ImprovementMeasure]:
    """Return the measures that the reader may let tell of a node, and that do not yet."""
    there = {one.id for one in charts_of([node.id]).get(node.id, ())}
    return [one for one in measures_of(actor) if one.id not in there and can_join(actor, node, one)]


@dataclass(frozen=True, slots=True)
class Remark:
    """What stands on a chart at a day: what a person marked, or a cycle that was tested."""

    on: date
    mark: MeasureMark | None = None
    cycle: Cycle | None = None


def remarks(
    measure: ImprovementMeasure, marks: Sequence[MeasureMark], hin_id: int | None
) -> list[Remark]:
    """Return marks and, on the chart of a network and the places in it, the first days of its
    cycles that tested a driver or change idea of which the measure tells, in the order of days."""
    found = [Remark(mark.on, mark=mark) for mark in marks]
    if hin_id is not None:
        found += [Remark(one.from_on, cycle=one) for one in _cycles(measure.id, hin_id)]
    return sorted(found, key=lambda one: one.on)


def _cycles(measure_id: int, hin_id: int) -> Sequence[Cycle]:
    nodes = select(NodeChart.node_id).where(NodeChart.measure_id == measure_id)
    return db.session.scalars(
        select(Cycle)
        .join(Cycle.team)
        .where(Cycle.node_id.in_(nodes), Team.hin_id == hin_id)
        .options(joinedload(Cycle.team))
        .order_by(Cycle.from_on, Cycle.id)
    ).all()
