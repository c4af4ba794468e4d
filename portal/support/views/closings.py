"""Close the support, answer the survey about it, and read what answers come to."""

from flask import flash, redirect, render_template, request, url_for

from portal.accounts.session import current_actor
from portal.clock import today
from portal.db import db
from portal.errors import Forbidden
from portal.figures.policy import can_see_figures
from portal.reference.rules import Quarter
from portal.support.forms import closings as forms
from portal.support.models import EngagementState, Survey
from portal.support.queries import surveys as queries
from portal.support.queries.unfinished import unfinished
from portal.support.rules.closings import MIN_ANSWERS, QUESTIONS
from portal.support.services import closing
from portal.support.views import blueprint
from portal.support.views.outcomes import BOTH
from portal.support.views.steps import RECORD, Answer, case_for, done, show
from portal.web.kept import texts_sent


@blueprint.route(f"{RECORD}/close", methods=BOTH)
def close(innovation_id: int) -> Answer:
    """End the support."""
    case = case_for(innovation_id, EngagementState.CLOSED)
    form = forms.CloseForm(data={"version": case.engagement.version})
    if form.validate_on_submit():
        with form.refusals():
            closing.close(
                engagement=case.engagement,
                version=form.version.data,
                reason=form.reason.data,
                summary=form.summary.data,
                next_step=form.next_step.data,
                entry_ids=form.entries.data or (),
                by=case.by,
            )
            return done(case.innovation, "The support is closed. The innovator has been told.")
    return show(
        form,
        case.innovation,
        "end",
        heading="Close the support",
        act="Close",
        unfinished=unfinished(case.engagement),
    )


@blueprint.route("/support/surveys/<int:survey_id>", methods=BOTH)
def survey(survey_id: int) -> Answer:
    """Ask the owner how the support was."""
    actor = current_actor()
    found = queries.survey_for(actor, survey_id)
    if found.is_answered:
        return _answered(found)
    form = forms.SurveyForm()
    if form.validate_on_submit():
        with form.refusals():
            closing.answer(
                survey=found,
                scores=form.scores,
                comment=form.comment.data or "",
                may_be_read=bool(form.may_be_read.data),
                by=actor,
            )
            db.session.commit()
            flash("Thank you. Your answers are kept without your name.", "success")
            return redirect(url_for("home.home"))
    engagement = found.closing.engagement
    page = render_template("support/survey.html", form=form, engagement=engagement)
    return page, form.status


def _answered(found: Survey) -> Answer:
    """Say that the first answers count, and give back what was entered in a second tab."""
    engagement = found.closing.engagement
    texts = texts_sent() if request.method == "POST" else []
    page = render_template("support/survey_answered.html", engagement=engagement, texts=texts)
    return page, 409 if texts else 200


@blueprint.get("/support/surveys")
def surveys() -> str:
    """Show what the answers of a quarter come to: the nation every HIN's, a HIN its own."""
    actor = current_actor()
    if not can_see_figures(actor):
        raise Forbidden("What surveys come to is for the networks and the national team.")
    quarter = _quarter()
    return render_template(
        "support/surveys.html",
        actor=actor,
        quarter=quarter,
        previous=quarter.previous,
        found=queries.answers(quarter, actor),
        comments=queries.comments(quarter, actor),
        questions=QUESTIONS,
        fewest=MIN_ANSWERS,
    )


def _quarter() -> Quarter:
    """Return the quarter of the address; today's for anything that is none."""
    now = Quarter.of(today())
    try:
        return min(now, Quarter.named(request.args.get("quarter", "")))
    except ValueError:
        return now
