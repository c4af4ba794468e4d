"""What the pages of improvement share: doors, and how a form is shown on a page of its own."""

from datetime import date
from functools import partial

from flask import request

from portal.accounts.models import Actor
from portal.accounts.session import current_actor
from portal.clock import today
from portal.errors import Forbidden
from portal.improvement import policy
from portal.improvement.models import Diagram
from portal.improvement.queries.diagrams import diagram_for
from portal.web import steps

DIAGRAM = "/improvement/diagrams/<int:diagram_id>"
NODE = "/improvement/drivers/<int:node_id>"
TEAM = "/improvement/teams/<int:team_id>"
show = partial(steps.show, section="Improvement", template="improvement/step.html")


def reader() -> Actor:
    """Return who asks, who must be of a network, an ICS or the national team; raises Forbidden."""
    actor = current_actor()
    if not policy.can_read(actor):
        raise Forbidden("Teams, engagement and lessons are for people of networks and ICSs.")
    return actor


def edited(diagram_id: int) -> Diagram:
    """Return a diagram that the reader may change; raises NotFound, Forbidden."""
    actor = current_actor()
    diagram = diagram_for(actor, diagram_id)
    if not policy.can_edit_diagram(actor, diagram.programme):
        raise Forbidden("The national team changes diagrams; a network those it leads.")
    return diagram


def day_asked(name: str, default: date | None = None) -> date:
    """Return the day that the address asks for, today where it names none that is one."""
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return default or today()
