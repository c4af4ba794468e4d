"""Change a driver diagram: add, reword, move and end what stands in it. Nothing is overwritten."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.accounts.models import Actor
from portal.audit import services as audit
from portal.clock import now, today
from portal.db import db, lock
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.improvement.models import Diagram, Node, NodeKind, NodeState, Origin
from portal.improvement.policy import can_edit_diagram
from portal.improvement.queries.diagrams import diagram_of, states_of
from portal.improvement.rules import outline as rules
from portal.improvement.rules.outline import Branch, Spot
from portal.programmes.models import Programme


@dataclass(frozen=True, slots=True)
class NodeText:
    """What somebody writes into a node."""

    kind: NodeKind
    words: str
    target: str = ""


def begin(*, programme: Programme, words: str, by: Actor) -> Diagram:
    """Begin the diagram of a programme with its aim.

    Raises Forbidden for whom the programme is not theirs, Conflict when it has a diagram.
    """
    _refuse_unless_own(by, programme)
    if diagram_of(programme.id) is not None:
        raise Conflict("The programme has a diagram already.")
    diagram = Diagram(programme=programme, is_edited=True, by_id=by.user_id)
    node = Node(diagram=diagram)
    db.session.add_all([diagram, node])
    db.session.flush()
    _say(node, by, parent_id=None, place=0.0, kind=NodeKind.AIM, words=words)
    audit.note(programme, "diagram_begun", "began the driver diagram", by=by)
    return diagram


def add(
    *, diagram: Diagram, version: int, near_id: int, inside: bool, said: NodeText, by: Actor
) -> Node:
    """Add a driver or change idea right below another one, or at the end of what it contains.

    Raises Forbidden, Outdated when somebody changed the diagram meanwhile, NotFound for a node that
    it does not have today, Invalid where such a one may not stand.
    """
    branches = _taken(diagram, version, by)
    near = _branch(branches, near_id)
    if said.kind is NodeKind.AIM:
        raise Invalid("A diagram has one aim: select driver or change idea", field="kind")
    if len(branches) >= rules.MAX_NODES:
        raise Invalid(f"A diagram has at most {rules.MAX_NODES} drivers and ideas", field="node")
    spot = rules.spot_inside(near) if inside else rules.spot_below(near)
    rules.check_below(said.kind, spot.parent)
    node = Node(diagram=diagram)
    db.session.add(node)
    db.session.flush()
    place = _place(spot, by)
    _say(
        *(node, by),
        parent_id=spot.parent.id,
        place=place,
        kind=said.kind,
        words=said.words,
        target=said.target,
    )
    _note(diagram, by, f"added “{said.words}”")
    return node


def reword(*, diagram: Diagram, version: int, node_id: int, said: NodeText, by: Actor) -> None:
    """Say it in other words from today on: what was said before stays with its days and its source.

    Raises as `add` does.
    """
    branch = _branch(_taken(diagram, version, by), node_id)
    if (said.kind is NodeKind.AIM) != (branch.parent is None):
        raise Invalid("The aim stays the aim, and nothing else becomes one", field="kind")
    if branch.parent is not None:
        rules.check_below(said.kind, branch.parent)
    if said.kind is NodeKind.IDEA and _holds_driver(branch):
        raise Invalid("A driver stands below it: it cannot be a change idea", field="kind")
    _say_again(branch, by, kind=said.kind, words=said.words, target=said.target, **_entered_here())
    _note(diagram, by, f"put “{branch.row.words}” as “{said.words}”")


def _holds_driver(branch: Branch) -> bool:
    return any(child.row.kind is NodeKind.DRIVER for child in branch.children)


def _entered_here() -> dict[str, Any]:
    return {"origin": Origin.ENTERED, "confidence": None, "source": "", "note": ""}


def move(*, diagram: Diagram, version: int, node_id: int, way: str, by: Actor) -> None:
    """Move a node with what stands below it, from today on: "up", "down", "in", "out".

    Raises as `add` does, Invalid where it cannot be moved so.
    """
    branch = _branch(_taken(diagram, version, by), node_id)
    spot = rules.spot_moved(branch, way)
    _say_again(branch, by, parent_id=spot.parent.id, place=_place(spot, by, without=branch))
    _note(diagram, by, f"moved “{branch.row.words}” {way}")


def end(*, diagram: Diagram, version: int, node_id: int, on: date, why: str, by: Actor) -> None:
    """Let a node, and what stands below it, be no part of the diagram from a day on.

    Raises as `add` does, Invalid for the aim, without a reason, and for a day before its first.
    """
    branch = _branch(_taken(diagram, version, by), node_id)
    if branch.parent is None:
        raise Invalid("A diagram keeps its aim: change its words instead", field="node")
    if not why:
        raise Invalid("Enter why it is no part of the diagram", field="why")
    first = min(row.on for row in states_of(diagram.id) if row.node_id == node_id)
    if on < first:
        raise Invalid("The day must be after the day on which it was added", field="on")
    _say_again(branch, by, on=on, is_ended=True, why=why)
    _note(diagram, by, f"ended “{branch.row.words}”: {why}")


def undo_end(*, diagram: Diagram, version: int, node_id: int, by: Actor) -> None:
    """Take the end of a node back: it stands again as it did, from the day on which it was to end.

    Raises Forbidden, Outdated, NotFound for a node that does not end, Invalid where what it stood
    below is no part of the diagram today.
    """
    branches = _taken(diagram, version, by)
    states = states_of(diagram.id)
    end = rules.end_of(states, node_id)
    if end is None:
        raise NotFound("Nothing ends it.")
    row = rules.before_end(states, end)
    if row.parent_id not in {one.id for one in branches}:
        raise Invalid("What it stood below has ended: take that end back first")
    node = db.session.get_one(Node, node_id)
    _say(node, by, **{name: getattr(row, name) for name in KEPT}, on=end.on)
    _note(diagram, by, f"took the end of “{row.words}” back")


def _refuse_unless_own(by: Actor, programme: Programme) -> None:
    if not can_edit_diagram(by, programme):
        raise Forbidden("The national team changes diagrams; a network those it leads.")


def _taken(diagram: Diagram, version: int, by: Actor) -> list[Branch]:
    """Hold the diagram, note that it changes, and return its nodes of today."""
    _refuse_unless_own(by, diagram.programme)
    lock(diagram, seen=version)
    diagram.changed_at, diagram.is_edited = now(), True
    return rules.nodes(rules.outline(states_of(diagram.id), today()))


def _branch(branches: list[Branch], node_id: int) -> Branch:
    found = next((one for one in branches if one.id == node_id), None)
    if found is None:
        raise NotFound("The diagram has no such driver or change idea today.")
    return found


def _place(spot: Spot, by: Actor, *, without: Branch | None = None) -> float:
    """Return the place of a spot; where no number is left between its neighbours, they are given
    new places first."""
    if (place := spot.place) is not None:
        return place
    children = [one for one in spot.parent.children if one is not without]
    for number, child in enumerate(children):
        _say_again(child, by, place=float(number if number < spot.index else number + 1))
    return float(spot.index)


KEPT = (
    *("parent_id", "place", "kind", "words", "target", "origin", "confidence", "source", "note"),
)


def _say_again(branch: Branch, by: Actor, **changed: Any) -> None:
    node = db.session.get_one(Node, branch.id)
    _say(node, by, **{name: getattr(branch.row, name) for name in KEPT} | changed)


def _say(node: Node, by: Actor, **said: Any) -> None:
    told = {"on": today(), "origin": Origin.ENTERED, "confidence": None, **said}
    db.session.add(NodeState(node_id=node.id, at=now(), by_id=by.user_id, **told))
    db.session.flush()


def _note(diagram: Diagram, by: Actor, words: str) -> None:
    audit.note(diagram.programme, "diagram_changed", words, by=by)
