"""Real-world validations of a record: each on its page, from plan to result."""

from dataclasses import dataclass

from flask import render_template
from werkzeug.wrappers import Response

from portal.accounts.models import Actor
from portal.accounts.session import current_actor
from portal.errors import Conflict, Forbidden, NotFound
from portal.innovations.models import Innovation
from portal.innovations.queries import innovation_for
from portal.proof.forms import validations as forms
from portal.proof.models import Validation, ValidationState
from portal.proof.policy import can_edit_validation, can_read_validation, can_record
from portal.proof.queries import validation_for
from portal.proof.rules import validations as rules
from portal.proof.rules.validations import STEPS, can_follow
from portal.proof.services import validations
from portal.proof.views import blueprint
from portal.support import policy, queries
from portal.support.views.outcomes import BOTH
from portal.support.views.steps import RECORD, Answer, done, show
from portal.web.downloads import file_response
from portal.web.forms import VersionedForm

PAGE = f"{RECORD}/validations/<int:validation_id>"
SHOW = "proof.validation"


@dataclass(frozen=True, slots=True)
class ValidationView:
    """A validation, its record, who reads it, and whether they may change it."""

    innovation: Innovation
    validation: Validation
    by: Actor
    may_edit: bool


@blueprint.route(f"{RECORD}/validations/add", methods=BOTH)
def add_validation(innovation_id: int) -> Answer:
    """Plan a real-world validation."""
    actor = current_actor()
    innovation = innovation_for(actor, innovation_id)
    if not can_record(actor, queries.engagements(innovation_id)):
        raise Forbidden("Only a network that works with this innovation records validations.")
    form = forms.PlanForm()
    if form.validate_on_submit():
        with form.refusals():
            row = validations.add_validation(innovation=innovation, by=actor, **form.values)
            return done(innovation, "The validation is planned.", SHOW, validation_id=row.id)
    return show(form, innovation, "step", heading="Plan a real-world validation", act="Save")


@blueprint.get(PAGE)
def validation(innovation_id: int, validation_id: int) -> str:
    """Show a validation from its plan to its result."""
    read = _read(innovation_id, validation_id)
    return render_template(
        "proof/validation.html",
        innovation=read.innovation,
        validation=read.validation,
        next=STEPS[read.validation.state] if read.may_edit else (),
        may_edit=read.may_edit,
        is_staff=policy.can_read(read.by, read.innovation),
        rules=rules,
    )


@blueprint.get(f"{PAGE}/report")
def validation_report(innovation_id: int, validation_id: int) -> Response:
    """Give the report's file, always to be saved."""
    report = _read(innovation_id, validation_id).validation.report
    if report is None:
        raise NotFound("This validation has no report as a file.")
    return file_response(report)


@blueprint.route(f"{PAGE}/edit", methods=BOTH)
def edit_validation(innovation_id: int, validation_id: int) -> Answer:
    """Change what is planned."""
    read = _change(innovation_id, validation_id)
    form = forms.PlanForm(read.validation)
    if form.validate_on_submit():
        with form.refusals():
            validations.edit_plan(
                validation=read.validation, version=form.version.data, by=read.by, **form.values
            )
            return _done(read, "The validation is changed.")
    return _page(form, read, "Change the plan", "Save")


@blueprint.route(f"{PAGE}/start", methods=BOTH)
def start_validation(innovation_id: int, validation_id: int) -> Answer:
    """Say that it began."""
    read = _change(innovation_id, validation_id, ValidationState.RUNNING)
    form = forms.StartForm(read.validation)
    if form.validate_on_submit():
        with form.refusals():
            version, on = form.version.data, form.from_on.data
            validations.start(validation=read.validation, version=version, on=on, by=read.by)
            return _done(read, "The validation is running. The innovator has been told.")
    return _page(form, read, "Start the validation", "Start")


@blueprint.route(f"{PAGE}/complete", methods=BOTH)
def complete_validation(innovation_id: int, validation_id: int) -> Answer:
    """Record the result, or put it right."""
    read = _change(innovation_id, validation_id, ValidationState.COMPLETED)
    form = forms.ResultForm(read.validation)
    if form.validate_on_submit():
        with form.refusals():
            validations.complete(
                validation=read.validation,
                version=form.version.data,
                on=form.to_on.data,
                file=form.file.sent,
                by=read.by,
                **form.values,
            )
            return _done(read, "The result is recorded. The innovator has been told.")
    return _page(form, read, "Record the result", "Save the result")


@blueprint.route(f"{PAGE}/stop", methods=BOTH)
def stop_validation(innovation_id: int, validation_id: int) -> Answer:
    """Stop it, saying why."""
    read = _change(innovation_id, validation_id, ValidationState.STOPPED)
    form = forms.StopForm(read.validation)
    if form.validate_on_submit():
        with form.refusals():
            validations.stop(
                validation=read.validation,
                version=form.version.data,
                on=form.to_on.data,
                why=form.why.data,
                by=read.by,
            )
            return _done(read, "The validation is stopped. The innovator has been told.")
    return _page(form, read, "Stop the validation", "Stop the validation")


def _read(innovation_id: int, validation_id: int) -> ValidationView:
    actor = current_actor()
    innovation = innovation_for(actor, innovation_id)
    row = validation_for(innovation_id, validation_id)
    if not can_read_validation(actor, innovation, row):
        raise Forbidden("Validations are shown to the innovation's people and to staff.")
    engagements = queries.engagements(innovation_id)
    return ValidationView(innovation, row, actor, can_edit_validation(actor, row, engagements))


def _change(
    innovation_id: int, validation_id: int, state: ValidationState | None = None
) -> ValidationView:
    read = _read(innovation_id, validation_id)
    if not read.may_edit:
        raise Forbidden("Only the network that recorded this validation changes it.")
    if state is not None and not can_follow(state, read.validation.state):
        words = read.validation.state.label.lower()
        raise Conflict(f"This validation is {words}.")
    return read


def _page(form: VersionedForm, read: ValidationView, heading: str, act: str) -> Answer:
    page = render_template(
        "proof/validation_step.html",
        form=form,
        innovation=read.innovation,
        validation=read.validation,
        heading=heading,
        act=act,
    )
    return page, form.status


def _done(read: ValidationView, words: str) -> Response:
    return done(read.innovation, words, SHOW, validation_id=read.validation.id)
