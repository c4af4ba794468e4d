"""The outline of a diagram, changed by keyboard alone: one form, one chosen node, buttons."""

from flask import redirect, render_template, request, url_for

from portal.accounts.session import current_actor
from portal.clock import today
from portal.db import id_from
from portal.errors import NotFound
from portal.improvement.forms.diagrams import (
    ADDS,
    MOVES,
    OPENS,
    EndForm,
    NodeForm,
    OutlineForm,
)
from portal.improvement.models import Diagram
from portal.improvement.queries.diagrams import node_for, states_of
from portal.improvement.rules.outline import Branch, ended_now, nodes, outline
from portal.improvement.services import diagrams as services
from portal.improvement.views import blueprint
from portal.improvement.views.steps import DIAGRAM, NODE, edited, show
from portal.web.steps import BOTH, Answer, done


@blueprint.route(f"{DIAGRAM}/edit", methods=BOTH)
def edit_diagram(diagram_id: int) -> Answer:
    """Change what stands in a diagram."""
    diagram = edited(diagram_id)
    states = states_of(diagram.id)
    aims = outline(states, today())
    branches = nodes(aims)
    form = OutlineForm(diagram, branches)
    if form.is_submitted_and_valid():
        if form.act.data in OPENS:
            endpoint = {"reword": "improvement.reword_node", "end": "improvement.end_node"}
            return redirect(url_for(endpoint[form.act.data], node_id=form.node.data))
        with form.refusals():
            chosen, words = _do(diagram, form)
            return done(words, _address(diagram, chosen))
    page = render_template(
        "improvement/edit.html",
        diagram=diagram,
        form=form,
        aims=aims,
        count=len(branches),
        adds=ADDS,
        moves=MOVES,
        opens=OPENS,
        ended=ended_now(states),
        chosen=_chosen(form, branches),
    )
    return page, form.status


def _address(diagram: Diagram, node_id: int) -> str:
    return url_for("improvement.edit_diagram", diagram_id=diagram.id, at=node_id)


def _chosen(form: OutlineForm, branches: list[Branch]) -> int | None:
    """Return the node that the page has chosen: as sent, as the address says, else the aim."""
    there = [one.id for one in branches]
    wanted = form.node.data or id_from(request.args.get("at", ""))
    return wanted if wanted in there else next(iter(there), None)


def _do(diagram: Diagram, form: OutlineForm) -> tuple[int, str]:
    """Do what the button says; returns the node to be chosen next, and what was done."""
    act, node_id = form.act.data, form.node.data
    version, by = form.version.data or 0, current_actor()
    if act in MOVES:
        services.move(diagram=diagram, version=version, node_id=node_id, way=act, by=by)
        return node_id, "It is moved, with what stands below it."
    node = services.add(
        diagram=diagram,
        version=version,
        near_id=node_id,
        inside=act == "inside",
        said=form.said,
        by=by,
    )
    return node.id, f"“{form.said.words}” is added."


def _of_today(node_id: int) -> tuple[Diagram, Branch]:
    """Return a node of a diagram that the reader may change, as it stands today."""
    diagram = edited(node_for(current_actor(), node_id).diagram_id)
    found = nodes(outline(states_of(diagram.id), today()))
    branch = next((one for one in found if one.id == node_id), None)
    if branch is None:
        raise NotFound("It is no part of the diagram today.")
    return diagram, branch


@blueprint.route(f"{NODE}/words", methods=BOTH)
def reword_node(node_id: int) -> Answer:
    """Put a node in other words from today on."""
    diagram, branch = _of_today(node_id)
    form = NodeForm(diagram, branch)
    if form.is_submitted_and_valid():
        with form.refusals():
            services.reword(
                diagram=diagram,
                version=form.version.data or 0,
                node_id=node_id,
                said=form.said,
                by=current_actor(),
            )
            return done("It is put so from today on.", _address(diagram, node_id))
    back = (_address(diagram, node_id), "Back to the outline")
    return show(form, "Change its words", "Save", back=back, before=branch.row.words)


@blueprint.route(f"{NODE}/end", methods=BOTH)
def end_node(node_id: int) -> Answer:
    """Let a node, and what stands below it, be no part of the diagram from a day on."""
    diagram, branch = _of_today(node_id)
    form = EndForm(obj=diagram)
    if form.is_submitted_and_valid():
        with form.refusals():
            services.end(
                diagram=diagram,
                version=form.version.data or 0,
                node_id=node_id,
                on=form.on.data,
                why=form.why.data,
                by=current_actor(),
            )
            near = branch.parent.id if branch.parent else node_id
            return done(
                "It ends on that day. Below the outline the end can be taken back.",
                _address(diagram, near),
            )
    back = (_address(diagram, node_id), "Back to the outline")
    return show(form, "End it", "End it", back=back, before=branch.row.words)


@blueprint.post(f"{NODE}/end/undo")
def undo_end(node_id: int) -> Answer:
    """Take the end of a driver or change idea back."""
    node = node_for(current_actor(), node_id)
    diagram = edited(node.diagram_id)
    services.undo_end(diagram=diagram, version=diagram.version, node_id=node_id, by=current_actor())
    return done("It is part of the diagram again.", url_for("improvement.node", node_id=node_id))
