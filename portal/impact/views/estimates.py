"""Estimates side by side, and which is in use."""

from flask import render_template, url_for

from portal.accounts.session import current_actor
from portal.errors import Forbidden
from portal.figures.views.strangers import for_strangers
from portal.impact import policy
from portal.impact.forms.estimates import EstimateForm, UseForm
from portal.impact.models import Estimate
from portal.impact.queries import estimates as queries
from portal.impact.rules import scaling
from portal.impact.services import estimates as services
from portal.impact.views import blueprint
from portal.impact.views.steps import show
from portal.web.access import public
from portal.web.steps import BOTH, Answer, done


@blueprint.get("/impact/estimates")
@public
@for_strangers
def estimates() -> str:
    """Show what models estimate, each with what it rests on."""
    actor = current_actor()
    return render_template(
        "impact/estimates.html",
        found=queries.estimates(actor),
        scaling=scaling,
        is_signed_in=actor.user_id is not None,
        may_edit=policy.can_set_up(actor),
    )


@blueprint.route("/impact/estimates/new", methods=BOTH)
def new_estimate() -> Answer:
    """Add an estimate."""
    _keeps()
    return _save(None)


@blueprint.route("/impact/estimates/<int:estimate_id>/edit", methods=BOTH)
def edit_estimate(estimate_id: int) -> Answer:
    """Change an estimate that was entered here."""
    _keeps()
    found = queries.estimate_for(current_actor(), estimate_id)
    if found.code is not None:
        raise Forbidden("What was published is not rewritten.")
    return _save(found)


def _save(estimate: Estimate | None) -> Answer:
    form = EstimateForm(estimate)
    form.programme_id.choices = queries.programmes_to_choose()
    if form.is_submitted_and_valid():
        with form.refusals():
            services.save_estimate(
                estimate=estimate,
                version=form.version.data or 0,
                by=current_actor(),
                **form.values,
            )
            return done("The estimate is kept.", url_for("impact.estimates"))
    heading = "Change an estimate" if estimate else "Add an estimate"
    return show(form, heading, "Save", back=_back())


@blueprint.route("/impact/estimates/<int:estimate_id>/use", methods=BOTH)
def use_estimate(estimate_id: int) -> Answer:
    """Say that this one is in use, and why."""
    _keeps()
    found = queries.estimate_for(current_actor(), estimate_id)
    form = UseForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            services.use(estimate=found, why=form.why.data, by=current_actor())
            return done("This estimate is in use.", url_for("impact.estimates"))
    before = f"{found.subject}: {scaling.words_of(found)}"
    return show(form, "Use this estimate", "Use it", back=_back(), before=before)


def _keeps() -> None:
    if not policy.can_set_up(current_actor()):
        raise Forbidden("The national team keeps estimates.")


def _back() -> tuple[str, str]:
    return url_for("impact.estimates"), "Back to estimates"
