"""Read driver diagrams: one, its nodes on a day, and what tells how far they have come."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts.models import Actor
from portal.db import by_name, db
from portal.errors import NotFound
from portal.improvement.models import Diagram, Node, NodeMeasure, NodeRecord, NodeState
from portal.improvement.rules.outline import nodes, outline
from portal.innovations.models import Innovation
from portal.innovations.queries import visible_to as records_visible_to
from portal.programmes.models import Measure, Programme, ProgrammeValue, ValueKind
from portal.programmes.policy import can_see
from portal.programmes.queries import visible_to
from portal.programmes.rules.values import number_words, standing


def diagram_for(actor: Actor, diagram_id: int) -> Diagram:
    """Return a diagram of a programme that the reader may see; raises NotFound."""
    found = db.session.get(Diagram, diagram_id, options=[joinedload(Diagram.programme)])
    if found is None or not can_see(actor, found.programme):
        raise NotFound("There is no such diagram.")
    return found


def diagram_of(programme_id: int) -> Diagram | None:
    """Return the diagram of a programme, if it has one."""
    return db.session.scalar(select(Diagram).where(Diagram.programme_id == programme_id))


def diagrams(actor: Actor) -> Sequence[Diagram]:
    """Return every diagram that the reader may see, by the name of its programme."""
    return db.session.scalars(
        select(Diagram)
        .join(Diagram.programme)
        .where(visible_to(actor))
        .options(joinedload(Diagram.programme).joinedload(Programme.lead_hin))
        .order_by(by_name(Programme.name), Diagram.id)
    ).all()


def states_of(diagram_id: int) -> Sequence[Any]:
    """Return every state of every node of a diagram, as plain tuples: one statement."""
    return states_of_each([diagram_id])[diagram_id]


def states_of_each(diagram_ids: Collection[int]) -> dict[int, list[Any]]:
    """Return the same of several diagrams, by the number of the diagram: one statement."""
    found: dict[int, list[Any]] = {number: [] for number in diagram_ids}
    rows = db.session.execute(
        select(
            NodeState.id,
            NodeState.node_id,
            NodeState.on,
            NodeState.at,
            NodeState.parent_id,
            NodeState.place,
            NodeState.kind,
            NodeState.words,
            NodeState.target,
            NodeState.is_ended,
            NodeState.why,
            NodeState.origin,
            NodeState.confidence,
            NodeState.source,
            NodeState.note,
            Node.diagram_id,
        )
        .join(Node, Node.id == NodeState.node_id)
        .where(Node.diagram_id.in_(diagram_ids))
        .order_by(NodeState.id)
    )
    for row in rows:
        found[row.diagram_id].append(row)
    return found


def days_changed(states: Iterable[Any]) -> list[date]:
    """Return the days on which something of a diagram changed, the newest first."""
    return sorted({row.on for row in states}, reverse=True)


def node_for(actor: Actor, node_id: int) -> Node:
    """Return a node of a diagram that the reader may see; raises NotFound."""
    found = db.session.get(
        Node, node_id, options=[joinedload(Node.diagram).joinedload(Diagram.programme)]
    )
    if found is None or not can_see(actor, found.diagram.programme):
        raise NotFound("There is no such driver or change idea.")
    return found


def words_of(node_ids: Collection[int]) -> dict[int, str]:
    """Return what nodes say now, by their number: the newest state of each."""
    newest = (
        select(
            NodeState.node_id,
            NodeState.words,
            func.row_number()
            .over(
                partition_by=NodeState.node_id,
                order_by=(NodeState.on.desc(), NodeState.id.desc()),
            )
            .label("rank"),
        )
        .where(NodeState.node_id.in_(node_ids))
        .subquery()
    )
    rows = db.session.execute(select(newest.c.node_id, newest.c.words).where(newest.c.rank == 1))
    return dict(rows.all())


@dataclass(frozen=True, slots=True)
class NodeValue:
    """What a measure says of a node: the newest counted value of England."""

    node_id: int
    measure: Measure
    programme_id: int
    part: str
    value: ProgrammeValue | None
    """None: nothing is reported."""

    @property
    def name(self) -> str:
        """Return what is measured: "Share at stage 5 or above: Normothermia"."""
        return f"{self.measure.name}: {self.part}" if self.part else self.measure.name

    @property
    def words(self) -> str:
        """Return the value as people read it."""
        return "Not known" if self.value is None else number_words(self.value, is_exact=True)


def measures_of(diagram_id: int, on: date) -> dict[int, list[NodeValue]]:
    """Return what is measured of each node, with the newest value of England by a day, by the
    number of the node: two statements."""
    links = db.session.scalars(
        select(NodeMeasure)
        .join(Node, Node.id == NodeMeasure.node_id)
        .where(Node.diagram_id == diagram_id)
        .options(joinedload(NodeMeasure.measure))
        .order_by(NodeMeasure.id)
    ).all()
    values = newest_values({(one.programme_id, one.measure_id, one.part) for one in links}, on)
    found: dict[int, list[NodeValue]] = defaultdict(list)
    for one in links:
        value = values.get((one.programme_id, one.measure_id, one.part))
        found[one.node_id].append(
            NodeValue(one.node_id, one.measure, one.programme_id, one.part, value)
        )
    return found


ValueKey = tuple[int, int, str]
"""A programme, a measure, a part of its values."""


def newest_values(keys: Collection[ValueKey], on: date) -> dict[ValueKey, ProgrammeValue]:
    """Return the newest counted value by a day of each key: the nation's, or what was published of
    a network (a regional programme): one statement."""
    if not keys:
        return {}
    rows = db.session.scalars(
        select(ProgrammeValue)
        .where(
            ProgrammeValue.programme_id.in_({key[0] for key in keys}),
            ProgrammeValue.measure_id.in_({key[1] for key in keys}),
            ProgrammeValue.kind == ValueKind.ACTUAL,
            or_(ProgrammeValue.hin_id.is_(None), ProgrammeValue.code.is_not(None)),
        )
        .options(joinedload(ProgrammeValue.measure))
        .order_by(ProgrammeValue.id)
    ).all()
    found: dict[ValueKey, ProgrammeValue] = {}
    for row in sorted(standing(rows), key=_day):
        key = (row.programme_id, row.measure_id, row.part)
        if key in keys and _day(row) <= on:
            found[key] = row
    return found


def _day(row: ProgrammeValue) -> date:
    return row.as_at or row.quarter_on or date.min


def records_of(diagram_id: int, on: date, actor: Actor) -> dict[int, list[Innovation]]:
    """Return the records as which nodes spread on a day, by the number of the node: those that the
    reader may open."""
    rows = db.session.execute(
        select(NodeRecord.node_id, Innovation)
        .join(Node, Node.id == NodeRecord.node_id)
        .join(Innovation, Innovation.id == NodeRecord.innovation_id)
        .where(
            Node.diagram_id == diagram_id,
            NodeRecord.from_on <= on,
            or_(NodeRecord.to_on.is_(None), NodeRecord.to_on >= on),
            records_visible_to(actor),
        )
        .options(selectinload(Innovation.collaborators))  # cards ask whose it is
        .order_by(NodeRecord.id)
    )
    found: dict[int, list[Innovation]] = defaultdict(list)
    for node_id, innovation in rows:
        found[node_id].append(innovation)
    return found


def link_for(node_id: int, link_id: int) -> NodeRecord:
    """Return the link of a node to a record; raises NotFound for another's."""
    found = db.session.get(NodeRecord, link_id)
    if found is None or found.node_id != node_id:
        raise NotFound("There is no such link.")
    return found


def links_of(node_id: int, actor: Actor) -> Sequence[NodeRecord]:
    """Return every link of a node to records that the reader may open, past ones too."""
    return db.session.scalars(
        select(NodeRecord)
        .join(NodeRecord.innovation)
        .where(NodeRecord.node_id == node_id, records_visible_to(actor))
        .options(joinedload(NodeRecord.innovation))
        .order_by(NodeRecord.id)
    ).all()


def related_to(node_ids: Collection[int]) -> set[int]:
    """Return nodes with those that they were copied from and those that were copied from either:
    who tried one of them tried the same change."""
    rows = db.session.execute(
        select(Node.id, Node.copied_from_id).where(
            or_(Node.id.in_(node_ids), Node.copied_from_id.in_(node_ids))
        )
    )
    found = {number for row in rows for number in row if number is not None}
    copies = db.session.scalars(select(Node.id).where(Node.copied_from_id.in_(found)))
    return found | set(copies)


def nodes_to_choose(programme_ids: Collection[int], on: date) -> list[tuple[str, list[Any]]]:
    """Return what teams of some programmes may test: for each diagram its name, with the number and
    words of each driver and change idea of the day: two statements."""
    found = db.session.scalars(
        select(Diagram)
        .where(Diagram.programme_id.in_(programme_ids))
        .options(joinedload(Diagram.programme))
        .order_by(Diagram.id)
    ).all()
    states = states_of_each([one.id for one in found])
    return [
        (one.programme.name, [b for b in nodes(outline(states[one.id], on)) if b.parent])
        for one in found
    ]


def records_of_node(node_id: int, on: date, actor: Actor) -> Sequence[Innovation]:
    """Return the records as which one node spreads on a day: those that the reader may open."""
    return db.session.scalars(
        select(Innovation)
        .join(NodeRecord, NodeRecord.innovation_id == Innovation.id)
        .where(
            NodeRecord.node_id == node_id,
            NodeRecord.from_on <= on,
            or_(NodeRecord.to_on.is_(None), NodeRecord.to_on >= on),
            records_visible_to(actor),
        )
        .order_by(NodeRecord.id)
    ).all()


def public_programmes() -> Sequence[Programme]:
    """Return the public programmes that have a driver diagram, by name."""
    return db.session.scalars(
        select(Programme)
        .where(Programme.is_public.is_(True), Programme.id.in_(select(Diagram.programme_id)))
        .order_by(by_name(Programme.name), Programme.id)
    ).all()
