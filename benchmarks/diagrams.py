"""Time the pages of a driver diagram of 200 nodes: the outline, a change of it, and the picture.

    python -m benchmarks.diagrams [nodes]

The diagram is made up in a portal of its own, 8 primary drivers with the others below them. Printed
is what `benchmarks.adoption` prints of a page. For a change (POST), each of which moves a node, the
page that follows is opened as well, as a browser does.
"""

import sys

from flask.testing import FlaskClient
from sqlalchemy import select

from benchmarks.adoption import portal, signed_in, timed
from portal.accounts.models import Membership, OrganisationKind, Role
from portal.accounts.session.actors import actor_of
from portal.clock import today
from portal.db import db
from portal.improvement.models import Diagram, Node, NodeKind, NodeState, Origin
from portal.improvement.queries.diagrams import states_of
from portal.improvement.rules.outline import nodes, outline
from portal.improvement.services.diagrams import begin
from portal.programmes.models import Programme, ProgrammeKind

NODES, PRIMARY, TIMES = 200, 8, 20


def main(count: int = NODES) -> None:
    """Print a line for each page."""
    with portal() as app:
        with app.app_context():
            national = signed_in(app, OrganisationKind.NATIONAL, Role.NATIONAL, None)
            diagram_id, last = _make(count)
        here = f"/improvement/diagrams/{diagram_id}"
        print(f"A diagram of {count:,} nodes")
        print("| Page | p50 ms | p95 ms | slowest ms | p95 of work ms | statements |")
        print("|---|---:|---:|---:|---:|---:|")
        timed(app, national, "outline to change", [f"{here}/edit?at={last}"] * TIMES)
        moving = _Moving(national, here, last)
        timed(app, moving, "a move and the outline", [f"{here}/edit"] * TIMES)  # type: ignore[arg-type]
        timed(app, national, "diagram", [here] * TIMES)
        timed(app, national, "first picture", [f"{here}/picture-1.svg"] * TIMES)


class _Moving:
    """A browser that moves a node up or down, by turns, and opens the outline that follows."""

    def __init__(self, browser: FlaskClient, here: str, node_id: int) -> None:
        self.browser, self.here, self.node_id = browser, here, node_id
        self.moves = 0

    def get(self, path: str) -> object:
        """Move the node and open the outline."""
        diagram = db.session.get_one(Diagram, int(self.here.rsplit("/", 1)[1]))
        act = "up" if self.moves % 2 == 0 else "down"
        self.moves += 1
        sent = {"node": self.node_id, "act": act, "version": diagram.version}
        answer = self.browser.post(path, data=sent)
        if answer.status_code != 302:
            raise RuntimeError(f"{act} was refused: {answer.status_code}")
        return self.browser.get(answer.location)


def _make(count: int) -> tuple[int, int]:
    """Make the diagram up; returns its number and that of its last primary driver."""
    seat = db.session.scalars(select(Membership)).one()
    by = actor_of(seat.user, seat)
    programme = Programme(
        code="SAFER", name="Safer wards", kind=ProgrammeKind.SAFETY_PROGRAMME, is_public=True
    )
    db.session.add(programme)
    db.session.flush()
    diagram = begin(programme=programme, words="Half as many falls", by=by)
    aim_id = nodes(outline(states_of(diagram.id), today()))[0].id
    above = [_node(diagram, aim_id, number) for number in range(PRIMARY)]
    for number in range(count - 1 - PRIMARY):
        above.append(_node(diagram, above[number // 3], number + PRIMARY))
    db.session.commit()
    return diagram.id, above[PRIMARY - 1]


def _node(diagram: Diagram, parent_id: int, number: int) -> int:
    node = Node(diagram=diagram)
    db.session.add(node)
    db.session.flush()
    words = f"Node {number:03}: staff see the risk and answer it in time"
    db.session.add(
        NodeState(
            node_id=node.id,
            on=today(),
            kind=NodeKind.DRIVER,
            parent_id=parent_id,
            place=float(number),
            words=words,
            origin=Origin.ENTERED,
        )
    )
    db.session.flush()
    return node.id


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else NODES)
