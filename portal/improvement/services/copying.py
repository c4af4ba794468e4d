"""Copy a diagram to a regional programme, and let drivers and change ideas spread as records."""

from datetime import date

from portal.accounts.models import Actor
from portal.audit import services as audit
from portal.clock import now, today
from portal.db import add_new, db
from portal.errors import Conflict, Forbidden, Invalid
from portal.improvement.models import Diagram, Node, NodeChart, NodeMeasure, NodeRecord, NodeState
from portal.improvement.policy import can_copy, can_edit_diagram
from portal.improvement.queries.diagrams import states_of
from portal.improvement.rules.outline import Branch, outline
from portal.innovations.models import Innovation
from portal.programmes.services.programmes import start_regional


def copy_diagram(*, diagram: Diagram, name: str, by: Actor) -> Diagram:
    """Start a regional programme of the actor's own network, part of the diagram's, with a copy of
    the diagram as it stands today: its words keep their source, and each node knows its model.

    Raises Forbidden but for people of a network, Invalid for a diagram without anything.
    """
    if not can_copy(by):
        raise Forbidden("People of a network copy a diagram to a programme of their own.")
    aims = outline(states_of(diagram.id), today())
    if not aims:
        raise Invalid("The diagram has nothing to copy")
    programme = start_regional(name=name, parent=diagram.programme, by=by)
    copy = Diagram(programme=programme, copied_from_id=diagram.id, is_edited=True, by_id=by.user_id)
    db.session.add(copy)
    db.session.flush()
    new = _copied(aims[0], copy, None, by)
    _copy_links(diagram, new, by)
    audit.note(programme, "diagram_copied", f"copied from “{diagram.programme.name}”", by=by)
    return copy


def _copied(branch: Branch, copy: Diagram, parent: Node | None, by: Actor) -> dict[int, Node]:
    """Copy a node and what stands below it; returns the copies by the number of their model."""
    node = Node(diagram=copy, copied_from_id=branch.id)
    db.session.add(node)
    db.session.flush()
    row = branch.row
    db.session.add(
        NodeState(
            node_id=node.id,
            on=today(),
            parent_id=parent.id if parent else None,
            place=row.place,
            kind=row.kind,
            words=row.words,
            target=row.target,
            origin=row.origin,
            confidence=row.confidence,
            source=row.source,
            note=row.note,
            at=now(),
            by_id=by.user_id,
        )
    )
    found = {branch.id: node}
    for child in branch.children:
        found |= _copied(child, copy, node, by)
    return found


def _copy_links(diagram: Diagram, new: dict[int, Node], by: Actor) -> None:
    """Let the copies be told by the same measures, and spread as the same records."""
    for measure in db.session.query(NodeMeasure).filter(NodeMeasure.node_id.in_(new)):
        db.session.add(
            NodeMeasure(
                node_id=new[measure.node_id].id,
                programme_id=measure.programme_id,
                measure_id=measure.measure_id,
                part=measure.part,
            )
        )
    for chart in db.session.query(NodeChart).filter(NodeChart.node_id.in_(new)):
        if chart.measure.hin_id in {None, by.hin_id}:
            node_id = new[chart.node_id].id
            db.session.add(
                NodeChart(node_id=node_id, measure_id=chart.measure_id, by_id=by.user_id)
            )
    for link in db.session.query(NodeRecord).filter(
        NodeRecord.node_id.in_(new), NodeRecord.to_on.is_(None)
    ):
        db.session.add(
            NodeRecord(
                node_id=new[link.node_id].id,
                innovation_id=link.innovation_id,
                from_on=today(),
                by_id=by.user_id,
            )
        )
    db.session.flush()


def link_record(
    *, node: Node, innovation: Innovation, by: Actor, from_on: date | None = None
) -> NodeRecord:
    """Let a driver or change idea spread as a record from a day on, today unless told.

    Raises Forbidden for whom the diagram is not theirs, Conflict when it does already.
    """
    _refuse_unless_own(by, node)
    there = db.session.query(NodeRecord).filter_by(
        node_id=node.id, innovation_id=innovation.id, to_on=None
    )
    row = NodeRecord(
        node_id=node.id,
        innovation_id=innovation.id,
        from_on=from_on or today(),
        by_id=by.user_id,
    )
    if there.first() is not None or not add_new(row):
        raise Conflict("It spreads as this record already.")
    words = f"let a change idea spread as “{innovation.name}”"
    audit.note(node.diagram.programme, "record_linked", words, by=by)
    return row


def unlink_record(*, link: NodeRecord, by: Actor) -> None:
    """Let it spread as that record no longer, after today. Raises Forbidden, Conflict."""
    _refuse_unless_own(by, link.node)
    if link.to_on is not None:
        raise Conflict("It does not spread as this record any more.")
    link.to_on = today()
    db.session.flush()
    words = f"let a change idea spread as “{link.innovation.name}” no longer"
    audit.note(link.node.diagram.programme, "record_unlinked", words, by=by)


def _refuse_unless_own(by: Actor, node: Node) -> None:
    if not can_edit_diagram(by, node.diagram.programme):
        raise Forbidden("The national team changes diagrams; a network those it leads.")
