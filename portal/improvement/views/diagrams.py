"""A driver diagram on a day: its picture, its outline, what it tells, two days side by side."""

from datetime import date
from typing import Any

from flask import Response, render_template, url_for

from portal.accounts.session import current_actor
from portal.clock import today
from portal.figures.views.strangers import for_strangers
from portal.improvement import policy
from portal.improvement.charts import shares as charts
from portal.improvement.charts.cards import cards_of_nodes
from portal.improvement.forms.diagrams import BeginForm, CopyForm
from portal.improvement.models import Diagram
from portal.improvement.queries.diagrams import (
    days_changed,
    diagram_for,
    measures_of,
    records_of,
    states_of,
)
from portal.improvement.queries.spread import spread_of_nodes
from portal.improvement.rules.comparing import differences
from portal.improvement.rules.drawing import Drawing, drawings
from portal.improvement.rules.outline import nodes, outline
from portal.improvement.serialise.documents import DOCX_TYPE, document
from portal.improvement.serialise.outlines import HEADER, outline_rows
from portal.improvement.serialise.pictures import png
from portal.improvement.services.copying import copy_diagram
from portal.improvement.services.diagrams import begin
from portal.improvement.views import blueprint
from portal.improvement.views.steps import DIAGRAM, day_asked, show
from portal.programmes.queries import programme_for
from portal.web.access import public
from portal.web.downloads import Cell, list_file
from portal.web.limits import limiter
from portal.web.steps import BOTH, Answer, done


@blueprint.get(DIAGRAM)
@public
@for_strangers
def diagram(diagram_id: int) -> str:
    """Show a diagram as it stood on a day."""
    actor, on = current_actor(), day_asked("on")
    found = diagram_for(actor, diagram_id)
    states = states_of(found.id)
    aims = outline(states, on)
    branches = nodes(aims)
    records = records_of(found.id, on, actor)
    spread = spread_of_nodes(branches, records, on)
    return render_template(
        "improvement/diagram.html",
        diagram=found,
        on=on,
        is_today=on == today(),
        aims=aims,
        branches=branches,
        pictures=drawings(aims),
        days=days_changed(states),
        measures=measures_of(found.id, on),
        records=records,
        spread={one.node_id: [s for s in spread if s.node_id == one.node_id] for one in spread},
        stages=charts.stages(spread),
        spread_rows=spread,
        may_edit=policy.can_edit_diagram(actor, found.programme),
        may_copy=policy.can_copy(actor) and found.programme.lead_hin_id != actor.hin_id,
        reads=policy.can_read(actor),
        cards=cards_of_nodes([one.id for one in branches], actor) if policy.can_read(actor) else {},
        model=_model(found),
    )


def _model(found: Diagram) -> Diagram | None:
    """Return the diagram from which it was copied, where the reader may see it."""
    model = found.copied_from
    if model is None or not (model.programme.is_public or policy.can_read(current_actor())):
        return None
    return model


def _as_at(diagram_id: int) -> tuple[Diagram, date, dict[str, Any]]:
    actor, on = current_actor(), day_asked("on")
    found = diagram_for(actor, diagram_id)
    aims = outline(states_of(found.id), on)
    return found, on, {"aims": aims, "measures": measures_of(found.id, on)}


def _file_name(found: Diagram, on: date, kind: str) -> str:
    return f"driver-diagram-{found.programme.code.lower()}-{on}.{kind}"


@blueprint.get(f"{DIAGRAM}/picture-<int:number>.svg")
@public
def picture(diagram_id: int, number: int) -> Response:
    """Return a picture of the diagram as a file of its own."""
    found, on, drawing = _drawing(diagram_id, number)
    words = render_template("improvement/picture.svg.jinja", drawing=drawing, diagram=found, on=on)
    return _attached(words.encode(), "image/svg+xml", _file_name(found, on, f"{number}.svg"))


@blueprint.get(f"{DIAGRAM}/picture-<int:number>.png")
@public
@limiter.limit("60 per minute")
def picture_png(diagram_id: int, number: int) -> Response:
    """Return a picture of the diagram as PNG."""
    found, on, drawing = _drawing(diagram_id, number)
    body = png(drawing, found.programme.name, on)
    return _attached(body, "image/png", _file_name(found, on, f"{number}.png"))


def _drawing(diagram_id: int, number: int) -> tuple[Diagram, date, Drawing | None]:
    """Return one of the pictures of a diagram, the first where there is none of that number; None
    of a diagram that is empty on the day."""
    found, on, told = _as_at(diagram_id)
    made = drawings(told["aims"])
    at = number - 1 if 1 <= number <= len(made) else 0
    return found, on, made[at] if made else None


def _attached(body: bytes, media_type: str, name: str) -> Response:
    response = Response(body, mimetype=media_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@blueprint.get(f"{DIAGRAM}/outline.docx")
@public
def docx(diagram_id: int) -> Response:
    """Return the diagram as a document: its outline, with targets, measures and sources."""
    found, on, told = _as_at(diagram_id)
    body = document(found.programme.name, on, told["aims"], told["measures"])
    return _attached(body, DOCX_TYPE, _file_name(found, on, "docx"))


@blueprint.get(f"{DIAGRAM}/outline.<any(csv, xlsx):kind>")
@public
def outline_file(diagram_id: int, kind: str) -> Response:
    """Return the diagram as a list."""
    found, on, told = _as_at(diagram_id)
    rows = outline_rows(told["aims"], told["measures"])
    name = _file_name(found, on, kind).removesuffix(f".{kind}")
    about: dict[str, Cell] = {"Programme": found.programme.name, "As at": on}
    return list_file(name, kind, HEADER, rows, about)


@blueprint.get(f"{DIAGRAM}/compare")
@public
@for_strangers
def compare(diagram_id: int) -> str:
    """Show what changed between two days."""
    found = diagram_for(current_actor(), diagram_id)
    states = states_of(found.id)
    days = days_changed(states)
    first = day_asked("from", days[-1] if days else today())
    second = day_asked("to")
    return render_template(
        "improvement/compare.html",
        diagram=found,
        days=days,
        first=first,
        second=second,
        rows=differences(states, min(first, second), max(first, second)),
    )


@blueprint.route(f"{DIAGRAM}/copy", methods=BOTH)
def copy(diagram_id: int) -> Answer:
    """Copy the diagram to a regional programme of one's own network."""
    actor = current_actor()
    found = diagram_for(actor, diagram_id)
    policy.refuse_unless(policy.can_copy(actor), "People of a network copy a diagram.")
    form = CopyForm(data={"name": f"{found.programme.name} in our region"})
    if form.is_submitted_and_valid():
        with form.refusals():
            made = copy_diagram(diagram=found, name=form.name.data, by=actor)
            return done("The programme is started, with a copy of the diagram.", _address(made))
    back = (url_for("improvement.diagram", diagram_id=found.id), "Back to the diagram")
    return show(form, "Copy the diagram to a regional programme", "Copy", back=back)


def _address(found: Diagram) -> str:
    return url_for("improvement.edit_diagram", diagram_id=found.id)


@blueprint.route("/improvement/programmes/<int:programme_id>/diagram", methods=BOTH)
def begin_diagram(programme_id: int) -> Answer:
    """Begin the diagram of a programme with its aim."""
    actor = current_actor()
    programme, form = programme_for(actor, programme_id), BeginForm()
    may = policy.can_edit_diagram(actor, programme)
    policy.refuse_unless(may, "The national team changes diagrams; a network those it leads.")
    if form.is_submitted_and_valid():
        with form.refusals():
            made = begin(programme=programme, words=form.words.data, by=actor)
            return done("The diagram has its aim. Add what drives it.", _address(made))
    address = url_for("improvement.programme", programme_id=programme.id)
    return show(form, "Begin the driver diagram", "Save", back=(address, "Back to the programme"))
