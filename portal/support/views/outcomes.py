"""The pages on which a HIN decides: one outcome, one form, one page each."""

from flask import redirect, url_for

from portal.clock import today
from portal.support import forms
from portal.support.models import EngagementState
from portal.support.queries.levels import suggestion
from portal.support.queries.proposals import engaging_beside
from portal.support.queries.unfinished import unfinished
from portal.support.services import engagements, outcomes
from portal.support.views import blueprint
from portal.support.views.steps import RECORD, Answer, case_for, done, show

PAGES = {
    EngagementState.ENGAGING: "support.engage",
    EngagementState.WAITING: "support.wait",
    EngagementState.CHANGES: "support.request_changes",
    EngagementState.UNSUITABLE: "support.find_unsuitable",
    EngagementState.CLOSED: "support.close",
}
BOTH = ("GET", "POST")


@blueprint.route(f"{RECORD}/decide", methods=BOTH)
def decide(innovation_id: int) -> Answer:
    """Ask which outcome it is, and go to its page."""
    case = case_for(innovation_id)
    form = forms.OutcomeForm(case.engagement.state)
    if form.validate_on_submit():
        return redirect(url_for(PAGES[form.outcome.data], innovation_id=innovation_id))
    return show(form, case.innovation, "decide")


@blueprint.route(f"{RECORD}/engage", methods=BOTH)
def engage(innovation_id: int) -> Answer:
    """Engage at a level with a lead person."""
    case = case_for(innovation_id, EngagementState.ENGAGING)
    beside = engaging_beside(innovation_id, case.by.hin_id)
    found = suggestion(case.innovation, today())
    form = forms.EngageForm(case.engagement, case.by.user_id, beside)
    if form.validate_on_submit():
        with form.refusals():
            outcomes.engage(
                engagement=case.engagement,
                version=form.version.data,
                level=form.level.data,
                why=form.why.data or "" if "why" in form else "",
                lead_id=form.lead.data,
                message=form.message.data,
                known=form.hin_ids,
                by=case.by,
            )
            return done(case.innovation, "You are engaging. The innovator has been told.")
    if form.is_outdated:  # whoever came meanwhile is shown now, and must be confirmed
        beside = engaging_beside(innovation_id, case.by.hin_id)
        form.show_beside(beside)
    return show(form, case.innovation, "engage", suggestion=found, beside=beside)


@blueprint.route(f"{RECORD}/wait", methods=BOTH)
def wait(innovation_id: int) -> Answer:
    """Wait for something until a day."""
    case = case_for(innovation_id, EngagementState.WAITING)
    form = forms.WaitForm(data={"version": case.engagement.version})
    if form.validate_on_submit():
        with form.refusals():
            outcomes.wait(
                engagement=case.engagement,
                version=form.version.data,
                waiting_for=form.waiting_for.data,
                until=form.until.data,
                message=form.message.data or "",
                by=case.by,
            )
            return done(case.innovation, "It waits. The innovator has been told.")
    return show(form, case.innovation, "step", heading="Wait", act="Put it off")


@blueprint.route(f"{RECORD}/changes", methods=BOTH)
def request_changes(innovation_id: int) -> Answer:
    """Ask for changes, section by section."""
    case = case_for(innovation_id, EngagementState.CHANGES)
    form = forms.ChangesForm(data={"version": case.engagement.version})
    if form.validate_on_submit():
        with form.refusals():
            outcomes.request_changes(
                engagement=case.engagement,
                version=form.version.data,
                wanted=form.wanted,
                message=form.message.data or "",
                by=case.by,
            )
            return done(case.innovation, "You asked for changes. The innovator has been told.")
    return show(form, case.innovation, "changes")


@blueprint.route(f"{RECORD}/unsuitable", methods=BOTH)
def find_unsuitable(innovation_id: int) -> Answer:
    """Say no, why, and where to go instead."""
    case = case_for(innovation_id, EngagementState.UNSUITABLE)
    form = forms.UnsuitableForm(data={"version": case.engagement.version})
    if form.validate_on_submit():
        with form.refusals():
            outcomes.find_unsuitable(
                engagement=case.engagement,
                version=form.version.data,
                reason=form.reason.data,
                elsewhere=form.elsewhere.data or "",
                entry_ids=form.entries.data or (),
                by=case.by,
            )
            return done(case.innovation, "It is marked unsuitable. The innovator has been told.")
    return show(
        form,
        case.innovation,
        "end",
        heading="Unsuitable",
        act="Mark as unsuitable",
        unfinished=unfinished(case.engagement),
    )


@blueprint.route(f"{RECORD}/level", methods=BOTH)
def change_level(innovation_id: int) -> Answer:
    """Change the support level, saying why."""
    case = case_for(innovation_id)
    form = forms.LevelForm(case.engagement)
    if form.validate_on_submit():
        with form.refusals():
            engagements.change_level(
                engagement=case.engagement,
                version=form.version.data,
                level=form.level.data,
                why=form.why.data,
                by=case.by,
            )
            return done(case.innovation, "The level is changed. The innovator has been told.")
    found = suggestion(case.innovation, today())
    return show(form, case.innovation, "level", suggestion=found)
