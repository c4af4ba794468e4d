"""One driver or change idea: where it is from, how far it has spread, and who has tried it."""

from flask import render_template, url_for
from sqlalchemy import select

from portal.accounts.session import current_actor
from portal.clock import today
from portal.db import by_name, db
from portal.errors import Forbidden
from portal.figures.views.strangers import for_strangers
from portal.improvement import policy
from portal.improvement.charts import shares as charts
from portal.improvement.charts.cards import cards_of_nodes
from portal.improvement.forms.diagrams import RecordForm
from portal.improvement.models import Node
from portal.improvement.queries.diagrams import (
    link_for,
    links_of,
    measures_of,
    node_for,
    records_of,
    related_to,
    states_of,
)
from portal.improvement.queries.lessons import newest_lessons
from portal.improvement.queries.spread import spread_of_nodes
from portal.improvement.queries.teams import cycles_of, teams_on
from portal.improvement.rules.outline import Branch, end_of, nodes, outline
from portal.improvement.rules.teams import cycle_step
from portal.improvement.services.copying import link_record, unlink_record
from portal.improvement.views import blueprint
from portal.improvement.views.steps import NODE, show
from portal.innovations.models import Innovation, RecordStatus
from portal.innovations.queries import innovation_for, visible_to
from portal.web.access import public, removes
from portal.web.steps import BOTH, Answer, done

LESSONS = 10


@blueprint.get(NODE)
@public
@for_strangers
def node(node_id: int) -> str:
    """Show a driver or change idea; who tried it is for staff and ICSs."""
    actor, on = current_actor(), today()
    found = node_for(actor, node_id)
    states = states_of(found.diagram_id)
    branch = next((one for one in nodes(outline(states, on)) if one.id == node_id), None)
    mine = [row for row in states if row.node_id == node_id]
    records = records_of(found.diagram_id, on, actor)
    shown = [branch] if branch else []
    spread = spread_of_nodes(shown, records, on)
    reads = policy.can_read(actor)
    return render_template(
        "improvement/node.html",
        node=found,
        diagram=found.diagram,
        branch=branch,
        row=branch.row if branch else next(row for row in reversed(mine) if not row.is_ended),
        history=mine,
        end=end_of(states, node_id),
        measures=measures_of(found.diagram_id, on).get(node_id, ()),
        records=records.get(node_id, ()),
        links=links_of(node_id, actor),
        stages=charts.stages(spread),
        spread_rows=spread,
        reads=reads,
        cards=cards_of_nodes([node_id], actor).get(node_id, ()) if reads else (),
        may_join=branch is not None and policy.can_add_measure(actor),
        may_edit=policy.can_edit_diagram(actor, found.diagram.programme),
        step=cycle_step,
        on=on,
        **(_tried(found, branch) if reads else {}),
    )


def _tried(found: Node, branch: Branch | None) -> dict[str, object]:
    """Return who has tried it, its model or its copies elsewhere, or what stands below it."""
    below = [one.id for one in branch.walk()] if branch else [found.id]
    ids = related_to(below)
    cycles = cycles_of(node_ids=ids)
    return {
        "teams": teams_on(today(), node_ids=ids),
        "cycles": cycles,
        "lessons": newest_lessons(LESSONS, node_ids=ids),
    }


@blueprint.route(f"{NODE}/records/new", methods=BOTH)
def link(node_id: int) -> Answer:
    """Let a driver or change idea spread as a record."""
    actor, found = current_actor(), _edited(node_id)
    form = RecordForm()
    rows = select(Innovation).where(visible_to(actor), Innovation.status == RecordStatus.SUBMITTED)
    form.offer(db.session.scalars(rows.order_by(by_name(Innovation.name), Innovation.id)).all())
    address = url_for("improvement.node", node_id=node_id)
    if form.is_submitted_and_valid():
        with form.refusals():
            record = innovation_for(actor, form.innovation.data)
            link_record(node=found, innovation=record, by=actor)
            return done("It spreads as this record from today on.", address)
    return show(form, "Let it spread as a record", "Save", back=(address, "Back"))


@blueprint.post(f"{NODE}/records/<int:link_id>/remove")
@removes("improvement.node")
def unlink(node_id: int, link_id: int) -> Answer:
    """Let it spread as that record no longer."""
    _edited(node_id)
    unlink_record(link=link_for(node_id, link_id), by=current_actor())
    return done(
        "It spreads as that record no longer.", url_for("improvement.node", node_id=node_id)
    )


def _edited(node_id: int) -> Node:
    actor = current_actor()
    found = node_for(actor, node_id)
    if not policy.can_edit_diagram(actor, found.diagram.programme):
        raise Forbidden("The national team changes diagrams; a network those it leads.")
    return found
