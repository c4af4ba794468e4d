"""Load the portal's own files of diagrams and stakeholders: what is new is added.

The files hold public facts, each with its origin. What they say otherwise later is added as a new
state of the node; a diagram that somebody changed in the portal is left alone.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select

from portal.clock import now
from portal.db import db
from portal.improvement.models import (
    Confidence,
    Diagram,
    Node,
    NodeKind,
    NodeMeasure,
    NodeState,
    Origin,
    StakeholderKind,
    StakeholderTotal,
)
from portal.programmes.models import Measure, Programme
from portal.programmes.services.loading import rows_of
from portal.reference.services import Report

DATA = Path(__file__).parents[1] / "data"
Row = Mapping[str, str]
SAME = ("words", "target", "source", "note")


def load(report: Report, folder: Path = DATA) -> None:
    """Bring the tables in line with the files of `folder` and count it in `report`; flushes, the
    caller commits. Takes the programmes for granted."""
    programmes = dict(db.session.execute(select(Programme.code, Programme.id)).all())
    measures = dict(db.session.execute(select(Measure.code, Measure.id)).all())
    rows = rows_of(folder / "drivers.csv")
    nodes = _load_nodes(report, rows, programmes)
    _load_measures(report, folder / "driver_measures.csv", nodes, programmes, measures)
    _load_kinds(report, folder / "stakeholder_kinds.csv", programmes, measures)
    db.session.flush()


def _count(report: Report, name: str) -> None:
    report.added[name] = report.added.get(name, 0) + 1


def _load_nodes(
    report: Report, rows: Iterable[Row], programmes: Mapping[str, int]
) -> dict[str, Node]:
    """Add diagrams and nodes; returns the nodes by their code."""
    diagrams = {one.programme_id: one for one in db.session.scalars(select(Diagram))}
    nodes = {one.code: one for one in db.session.scalars(select(Node)) if one.code}
    newest = _newest()
    places: dict[int | None, int] = {}
    for row in rows:
        diagram = _diagram(diagrams, programmes[row["programme"]])
        node = nodes.get(row["code"])
        if node is None:
            node = nodes[row["code"]] = _node(diagram, row, nodes)
            _count(report, "drivers")
        parent_id = nodes[row["parent"]].id if row["parent"] else None
        places[parent_id] = places.get(parent_id, -1) + 1
        if not diagram.is_edited:
            said = _said(row, parent_id, float(places[parent_id]))
            _tell(node, said, newest.get(node.id))
            _end(node, row, said, newest.get(node.id))
    db.session.flush()
    return nodes


def _newest() -> dict[int, NodeState]:
    rows = db.session.scalars(select(NodeState).order_by(NodeState.id))
    return {row.node_id: row for row in rows if not row.is_ended}


def _diagram(diagrams: dict[int, Diagram], programme_id: int) -> Diagram:
    if programme_id not in diagrams:
        diagrams[programme_id] = Diagram(programme_id=programme_id)
        db.session.add(diagrams[programme_id])
        db.session.flush()
    return diagrams[programme_id]


def _node(diagram: Diagram, row: Row, nodes: Mapping[str, Node]) -> Node:
    model = nodes[row["copy_of"]] if row["copy_of"] else None
    node = Node(diagram=diagram, code=row["code"], copied_from_id=model.id if model else None)
    db.session.add(node)
    db.session.flush()
    if model is not None:
        diagram.copied_from_id = model.diagram_id
    return node


def _said(row: Row, parent_id: int | None, place: float) -> dict[str, Any]:
    return {
        **{name: row[name] for name in SAME},
        "on": date.fromisoformat(row["from_on"]),
        "parent_id": parent_id,
        "place": place,
        "kind": NodeKind(row["kind"]),
        "origin": Origin(row["origin"]),
        "confidence": Confidence(row["confidence"]),
    }


def _tell(node: Node, said: Mapping[str, Any], before: NodeState | None) -> None:
    """Add a state unless the newest one says the same."""
    if before is None or any(getattr(before, name) != value for name, value in said.items()):
        db.session.add(NodeState(node_id=node.id, at=now(), **said))


def _end(node: Node, row: Row, said: Mapping[str, Any], before: NodeState | None) -> None:
    """Add the end of a node that has one, when the node is new."""
    if row["to_on"] and before is None:
        ended = {**said, "on": date.fromisoformat(row["to_on"]), "is_ended": True}
        db.session.flush()
        db.session.add(NodeState(node_id=node.id, at=now(), why=row["to_why"], **ended))


def _load_measures(
    report: Report,
    path: Path,
    nodes: Mapping[str, Node],
    programmes: Mapping[str, int],
    measures: Mapping[str, int],
) -> None:
    there = {
        (one.node_id, one.programme_id, one.measure_id, one.part)
        for one in db.session.scalars(select(NodeMeasure))
    }
    for row in rows_of(path):
        key = (
            nodes[row["driver"]].id,
            programmes[row["programme"]],
            measures[row["measure"]],
            row["part"],
        )
        if key not in there:
            node_id, programme_id, measure_id, part = key
            db.session.add(
                NodeMeasure(
                    node_id=node_id, programme_id=programme_id, measure_id=measure_id, part=part
                )
            )
            _count(report, "driver_measures")


def _load_kinds(
    report: Report, path: Path, programmes: Mapping[str, int], measures: Mapping[str, int]
) -> None:
    there = {one.code: one for one in db.session.scalars(select(StakeholderKind))}
    for row in rows_of(path):
        values = {
            **{name: row[name] for name in ("name", "level", "part", "confidence", "source")},
            "note": row["note"],
            "programme_id": programmes[row["programme"]],
            "measure_id": measures[row["measure"]],
        }
        kind = there.get(row["code"])
        if kind is None:
            kind = StakeholderKind(code=row["code"], **values)
            db.session.add(kind)
            _count(report, "stakeholder_kinds")
            _add_total(kind, row)
        for name, value in values.items():
            setattr(kind, name, value)


def _add_total(kind: StakeholderKind, row: Row) -> None:
    if row["total"]:
        db.session.flush()
        db.session.add(
            StakeholderTotal(
                kind_id=kind.id,
                from_on=date.fromisoformat(row["total_from"]),
                total=int(row["total"]),
                source=row["source"],
            )
        )
