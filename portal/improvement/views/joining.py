"""Say of which drivers and change ideas a measure over time tells."""

from flask import url_for

from portal.accounts.session import current_actor
from portal.errors import Forbidden
from portal.improvement import policy
from portal.improvement.forms.measures import ChartForm
from portal.improvement.models import Node
from portal.improvement.queries.diagrams import node_for
from portal.improvement.queries.joining import chart_link, measures_to_choose
from portal.improvement.queries.measures import measure_for
from portal.improvement.services import joining as services
from portal.improvement.views import blueprint
from portal.improvement.views.steps import NODE, show
from portal.web.access import removes
from portal.web.steps import BOTH, Answer, done


def joined_by_staff(node_id: int) -> Node:
    """Return a node that somebody who defines measures may see; raises NotFound, Forbidden."""
    actor = current_actor()
    node = node_for(actor, node_id)
    if not policy.can_add_measure(actor):
        raise Forbidden("People of networks and of the national team say of what measures tell.")
    return node


@blueprint.route(f"{NODE}/charts/new", methods=BOTH)
def join_chart(node_id: int) -> Answer:
    """Let a measure over time tell of a driver or change idea."""
    actor, node = current_actor(), joined_by_staff(node_id)
    form = ChartForm()
    form.offer(measures_to_choose(actor, node))
    address = url_for("improvement.node", node_id=node_id)
    if form.is_submitted_and_valid():
        with form.refusals():
            services.join(node=node, measure=measure_for(actor, form.measure.data), by=actor)
            return done("Its chart stands here from now on.", address)
    links = [
        (
            url_for("improvement.new_measure", driver=node_id),
            "Define a measure that is not there yet",
        )
    ]
    back = (address, "Back")
    return show(form, "Show a measure over time", "Show it here", back=back, links=links)


@blueprint.post(f"{NODE}/charts/<int:measure_id>/remove")
@removes("improvement.measure")
def part_chart(node_id: int, measure_id: int) -> Answer:
    """Let a measure tell of a driver or change idea no longer."""
    joined_by_staff(node_id)
    services.part(link=chart_link(node_id, measure_id), by=current_actor())
    address = url_for("improvement.measure", measure_id=measure_id)
    return done("It tells of it no longer.", address)
