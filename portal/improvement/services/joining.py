"""Let a measure over time tell of a driver or change idea."""

from portal.accounts.models import Actor
from portal.audit import services as audit
from portal.db import add_new, db
from portal.errors import Conflict, Forbidden
from portal.improvement.models import ImprovementMeasure, Node, NodeChart
from portal.improvement.policy import can_join


def join(*, node: Node, measure: ImprovementMeasure, by: Actor) -> NodeChart:
    """Let a measure tell of a node. Raises Forbidden for whom neither the measure nor the diagram
    is theirs, Conflict when it does already."""
    _refuse_unless_own(by, node, measure)
    row = NodeChart(node_id=node.id, measure_id=measure.id, by_id=by.user_id)
    if not add_new(row):
        raise Conflict("This measure tells of it already.")
    words = f"let the measure “{measure.name}” tell of a driver"
    audit.note(node.diagram.programme, "chart_linked", words, by=by)
    return row


def part(*, link: NodeChart, by: Actor) -> None:
    """Let a measure tell of a node no longer. Raises Forbidden."""
    _refuse_unless_own(by, link.node, link.measure)
    words = f"let the measure “{link.measure.name}” tell of a driver no longer"
    audit.note(link.node.diagram.programme, "chart_unlinked", words, by=by)
    db.session.delete(link)
    db.session.flush()


def _refuse_unless_own(by: Actor, node: Node, measure: ImprovementMeasure) -> None:
    if not can_join(by, node, measure):
        raise Forbidden("Who defined the measure or changes the diagram says of what it tells.")
