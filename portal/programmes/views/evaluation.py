"""What an evaluation programme looks into: priorities, interventions, syntheses of evidence."""

from flask import Response, render_template, request
from sqlalchemy import Select

from portal.accounts.session import current_actor
from portal.db import db
from portal.errors import Forbidden
from portal.figures.views.strangers import for_strangers
from portal.innovations.queries import innovation_for
from portal.programmes import policy, queries
from portal.programmes.forms import evaluation as forms
from portal.programmes.models import Intervention, Programme, Synthesis, SynthesisState
from portal.programmes.queries import evaluation as found
from portal.programmes.serialise.together import interventions_listing
from portal.programmes.services import evaluation as services
from portal.programmes.views import blueprint
from portal.programmes.views.steps import ONE, done, edited, show, written
from portal.web.access import public
from portal.web.filters import Filter, Filters, Option
from portal.web.steps import BOTH, Answer

EVALUATION = f"{ONE}/evaluation"
PAGE = "programmes.evaluation"


def _filters(programme: Programme) -> Filters:
    priorities = [Option(str(one.id), one.name) for one in found.priorities_of(programme.id)]
    states = [Option(one.value, one.label) for one in SynthesisState]
    return Filters(
        request.path,
        request.args,
        [Filter("priority", "Priority", priorities), Filter("synthesis", "Synthesis", states)],
        words="q",
    )


def _listed(programme: Programme, filters: Filters) -> Select[Intervention]:
    return found.interventions(
        programme.id,
        words=filters.text,
        priority_ids=[int(one) for one in filters["priority"]],
        states=[SynthesisState(one) for one in filters["synthesis"]],
    )


@blueprint.get(EVALUATION)
@public
@for_strangers
def evaluation(programme_id: int) -> str:
    """Show interventions by priority, what the evidence says, and what sources published."""
    actor = current_actor()
    programme = queries.programme_for(actor, programme_id)
    filters = _filters(programme)
    listing = interventions_listing(programme)
    interventions, syntheses = found.numbers_of(programme.id)
    return render_template(
        "programmes/evaluation.html",
        programme=programme,
        found=listing.on_page(db.session, _listed(programme, filters), filters),
        priorities=found.by_priority(programme.id),
        published=found.published(programme.id),
        interventions=interventions,
        syntheses=syntheses,
        may_edit=policy.can_edit(actor),
        may_add=policy.can_write(actor),
        may_change=lambda one: policy.can_change_of(actor, one.hin_id),
    )


@blueprint.get(f"{EVALUATION}/download.csv", defaults={"kind": "csv"})
@blueprint.get(f"{EVALUATION}/download.xlsx", defaults={"kind": "xlsx"})
@public
def download_interventions(programme_id: int, kind: str) -> Response:
    """Return the list as a file."""
    programme = queries.programme_for(current_actor(), programme_id)
    filters = _filters(programme)
    listing = interventions_listing(programme)
    return listing.file(kind, db.session, _listed(programme, filters), filters)


@blueprint.route(f"{EVALUATION}/priorities/new", methods=BOTH)
def add_priority(programme_id: int) -> Answer:
    """Add a priority to which interventions are mapped."""
    programme, form = edited(programme_id), forms.PriorityForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            services.add_priority(
                programme=programme,
                name=form.name.data,
                words=form.words.data or "",
                by=current_actor(),
            )
            return done(programme, "The priority is added.", PAGE)
    return show(form, programme, "Add a priority", "Add")


def _intervention(programme: Programme, row: Intervention | None) -> Answer:
    form = forms.InterventionForm(data=forms.held_by(row))
    form.offer(list(found.priorities_of(programme.id)))
    if form.is_submitted_and_valid():
        with form.refusals():
            number = form.innovation.data
            services.save_intervention(
                programme=programme,
                intervention=row,
                version=form.version.data or 0,
                name=form.name.data,
                words=form.words.data or "",
                priorities=found.priorities_for(programme.id, form.chosen),
                innovation_id=innovation_for(current_actor(), number).id if number else None,
                source=form.source.data or "",
                by=current_actor(),
            )
            return done(programme, "The intervention is saved.", PAGE)
    return show(form, programme, "Change an intervention" if row else "Add an intervention", "Save")


@blueprint.route(f"{EVALUATION}/interventions/new", methods=BOTH)
def add_intervention(programme_id: int) -> Answer:
    """Add an intervention that was found."""
    return _intervention(written(programme_id), None)


def _own(programme: Programme, intervention_id: int) -> Intervention:
    row = found.intervention_for(programme.id, intervention_id)
    if not policy.can_change_of(current_actor(), row.hin_id):
        raise Forbidden("A network changes what it found; the national team changes everything.")
    return row


@blueprint.route(f"{EVALUATION}/interventions/<int:intervention_id>", methods=BOTH)
def edit_intervention(programme_id: int, intervention_id: int) -> Answer:
    """Change an intervention."""
    programme = written(programme_id)
    return _intervention(programme, _own(programme, intervention_id))


def _synthesis(programme: Programme, of: Intervention, row: Synthesis | None) -> Answer:
    form = forms.SynthesisForm(data=forms.said_by(row))
    if form.is_submitted_and_valid():
        with form.refusals():
            services.save_synthesis(
                intervention=of,
                synthesis=row,
                version=form.version.data or 0,
                title=form.title.data,
                state=form.state.data,
                result=form.result.data,
                done_on=form.done_on.data,
                words=form.words.data or "",
                link=form.link.data or "",
                by=current_actor(),
            )
            return done(programme, "The synthesis is saved.", PAGE)
    heading = "How the synthesis stands" if row else "Add a synthesis"
    return show(form, programme, heading, "Save", before=f"Intervention: {of.name}")


@blueprint.route(f"{EVALUATION}/interventions/<int:intervention_id>/syntheses/new", methods=BOTH)
def add_synthesis(programme_id: int, intervention_id: int) -> Answer:
    """Add a synthesis of evidence on an intervention."""
    programme = written(programme_id)
    return _synthesis(programme, _own(programme, intervention_id), None)


@blueprint.route(f"{EVALUATION}/syntheses/<int:synthesis_id>", methods=BOTH)
def edit_synthesis(programme_id: int, synthesis_id: int) -> Answer:
    """Say how a synthesis stands, and what it found."""
    programme = written(programme_id)
    row = found.synthesis_for(programme.id, synthesis_id)
    return _synthesis(programme, _own(programme, row.intervention_id), row)
