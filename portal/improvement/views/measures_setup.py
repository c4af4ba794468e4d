"""Define a measure, its places, its goals, and the marks on its charts."""

from typing import Any

from flask import request, url_for

from portal.accounts.session import current_actor
from portal.db import db, id_from
from portal.errors import Forbidden
from portal.improvement import policy
from portal.improvement.forms import measures as forms
from portal.improvement.models import ImprovementMeasure, MeasureSeries, Node
from portal.improvement.queries import measures as found
from portal.improvement.queries.diagrams import node_for
from portal.improvement.queries.measures_shown import Place, board_of
from portal.improvement.services import measures as services
from portal.improvement.services.joining import join
from portal.improvement.views import blueprint
from portal.improvement.views.measures import ONE
from portal.improvement.views.measures_entry import place_of_writer, series_at
from portal.improvement.views.steps import show
from portal.programmes.models import Measure
from portal.programmes.policy import can_write_for
from portal.programmes.queries import all_visible
from portal.programmes.queries.measuring import measures as national_measures
from portal.reference.queries.sites import site_by_code
from portal.web.forms import PortalForm
from portal.web.steps import BOTH, Answer, done


def _show(
    form: PortalForm, heading: str, act: str, measure: ImprovementMeasure | None = None
) -> Answer:
    """Show a form on a page of its own, which leads back to the measure where there is one."""
    if measure is None:
        return show(form, heading, act, back=(url_for("improvement.measures"), "Back to measures"))
    back = (url_for("improvement.measure", measure_id=measure.id), "Back to the measure")
    return show(form, heading, act, back=back, about=measure.name)


def _done(of: ImprovementMeasure, words: str, place: str | None = None) -> Answer:
    address = url_for("improvement.measure", measure_id=of.id, place=place)
    return done(words, address)


def _edited(measure_id: int) -> ImprovementMeasure:
    """Return a measure that the reader may change; raises NotFound, Forbidden."""
    actor = current_actor()
    of = found.measure_for(actor, measure_id)
    if not policy.can_edit_measure(actor, of):
        raise Forbidden("A measure is changed by who defined it.")
    return of


def _followed(form: forms.MeasureForm) -> Measure | None:
    chosen = form.follows.data
    return db.session.get(Measure, chosen) if chosen else None


@blueprint.route("/improvement/measures/new", methods=BOTH)
def new_measure() -> Answer:
    """Define a measure: a network's own, or one for all by the national team."""
    actor = current_actor()
    if not policy.can_add_measure(actor):
        raise Forbidden("People of networks and of the national team define measures.")
    known = all_visible(actor)
    node = _driver_asked()
    form = forms.MeasureForm(data=forms.NEW | _of_programme(node))
    form.offer(known, national_measures())
    if form.is_submitted_and_valid():
        with form.refusals():
            of = services.add_measure(
                programme=next(one for one in known if one.id == form.programme.data),
                follows=_followed(form),
                by=actor,
                **form.values,
            )
            if node is not None:
                join(node=node, measure=of, by=actor)
            return _done(of, "The measure is defined. Enter what was counted.")
    return _show(form, "Define a measure", "Save")


def _driver_asked() -> Node | None:
    """Return the driver or change idea of which the new measure is to tell, where the address names
    one; raises NotFound."""
    asked = id_from(request.args.get("driver", ""))
    return node_for(current_actor(), asked) if asked else None


def _of_programme(node: Node | None) -> dict[str, Any]:
    return {"programme": node.diagram.programme_id} if node else {}


@blueprint.route(f"{ONE}/elements/new", methods=BOTH)
def new_element(measure_id: int) -> Answer:
    """Add an element to a bundle, counted for the same patients."""
    of = _edited(measure_id)
    shown = forms.NEW | {
        "kind": of.kind,
        "rhythm": of.rhythm,
        "chart": of.chart,
        "is_patients": of.is_patients,
    }
    form = forms.EditMeasureForm(data=shown)
    form.offer([], national_measures())
    if form.is_submitted_and_valid():
        with form.refusals():
            services.add_measure(
                programme=of.programme,
                bundle=of,
                follows=_followed(form),
                by=current_actor(),
                **form.values,
            )
            return _done(of, "The element is added.")
    return _show(form, "Add an element of the bundle", "Save", measure=of)


@blueprint.route(f"{ONE}/edit", methods=BOTH)
def edit_measure(measure_id: int) -> Answer:
    """Change what is said of a measure."""
    of = _edited(measure_id)
    form = forms.EditMeasureForm(obj=of, data={"follows": of.follows_id or 0})
    form.offer([], national_measures())
    if form.is_submitted_and_valid():
        with form.refusals():
            services.save_measure(
                measure=of,
                version=form.version.data,
                follows=_followed(form),
                by=current_actor(),
                **form.values,
            )
            return _done(of, "The measure is changed.")
    return _show(form, "Change the measure", "Save", measure=of)


@blueprint.route(f"{ONE}/targets/new", methods=BOTH)
def new_target(measure_id: int) -> Answer:
    """Set a goal from a day on."""
    of = _edited(measure_id)
    form = forms.TargetForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            services.set_target(
                measure=of,
                value=float(form.value.data),
                from_on=form.from_on.data,
                by_on=form.by_on.data,
                why=form.why.data or "",
                by=current_actor(),
            )
            return _done(of, "The goal is set. Goals of earlier days stay on the chart.")
    return _show(form, "Set a goal", "Set the goal", measure=of)


@blueprint.route(f"{ONE}/places/new", methods=BOTH)
def new_place(measure_id: int) -> Answer:
    """Add a site or team of the reader's network that counts."""
    actor = current_actor()
    of = found.measure_for(actor, measure_id)
    if not policy.can_enter(actor, of) or not actor.is_hin:
        raise Forbidden("A network names the places in its own area.")
    form = forms.PlaceForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            row = services.open_series(
                measure=of,
                hin_id=actor.hin_id,
                site=site_by_code(form.site.data) if form.site.data else None,
                team=form.team.data or "",
                by=actor,
            )
            return _done(of, "The place is added. Enter what it counted.", f"place-{row.id}")
    return _show(form, "Add a place that counts", "Add it", measure=of)


@blueprint.route(f"{ONE}/marks/new", methods=BOTH)
def new_mark(measure_id: int) -> Answer:
    """Mark a day: a step change, the end of a baseline, or a change that was tested."""
    actor = current_actor()
    of = found.measure_for(actor, measure_id)
    place = place_of_writer(board_of(of, actor))
    if not policy.can_edit_measure(actor, of) and not can_write_for(actor, place.hin_id):
        raise Forbidden("A network marks the charts of its own area.")
    form = forms.MarkForm(data={"everywhere": "here"})
    if form.is_submitted_and_valid():
        with form.refusals():
            services.mark(
                measure=of,
                kind=form.kind.data,
                on=form.on.data,
                words=form.words.data,
                series=_marked_place(form, of, place),
                by=actor,
            )
            return _done(of, "The day is marked.", place.code)
    return _show(form, f"Mark a day on the chart of {place.name}", "Mark it", measure=of)


def _marked_place(
    form: forms.MarkForm, of: ImprovementMeasure, place: Place
) -> MeasureSeries | None:
    return None if form.everywhere.data == "all" else series_at(of, place)


@blueprint.post(f"{ONE}/marks/<int:mark_id>/withdraw")
def withdraw_mark(measure_id: int, mark_id: int) -> Answer:
    """Take a mark back."""
    actor = current_actor()
    of = found.measure_for(actor, measure_id)
    services.withdraw(measure=of, of=found.mark_for(of.id, mark_id), by=actor)
    return _done(of, "The mark is taken back.")
