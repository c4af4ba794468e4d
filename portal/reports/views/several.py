"""Do one thing with several sections of a report at once: a quarter has 46 of them."""

from flask import url_for

from portal.accounts.models import Actor
from portal.accounts.session import current_actor
from portal.reports.forms.several import SectionAction, SeveralForm
from portal.reports.models import Report, ReportSection
from portal.reports.queries.editing import owners_of
from portal.reports.rules.outlines import numbered
from portal.reports.services.several import approve_several, assign_several, leave_out_several
from portal.reports.views import blueprint
from portal.reports.views.steps import REPORT, edited, named, show
from portal.web.steps import BOTH, Answer, done

BEFORE = "Tick sections below, and say what is done with all of them."


@blueprint.route(f"{REPORT}/several", methods=BOTH)
def several(report_id: int) -> Answer:
    """Say who writes several sections, approve them, or leave them out."""
    report, form = edited(report_id), SeveralForm()
    places = numbered([(one.code, one.parent) for one in report.sections])
    form.offer(owners_of(report), [(places[one.code], one) for one in report.sections])
    address = url_for("reports.work", report_id=report.id)
    if form.is_submitted_and_valid():
        with form.refusals():
            chosen = form.chosen(report.sections)
            _do(form, chosen, report, current_actor())
            return done(f"Sections for which it is done: {len(chosen)}.", address)
    back = (address, report.title)
    return show(form, "Several sections at once", "Do it", back=back, before=BEFORE)


def _do(form: SeveralForm, chosen: list[ReportSection], report: Report, by: Actor) -> None:
    if form.doing.data is SectionAction.ASSIGN:
        owner = named(owners_of(report), form.owner.data)
        assign_several(sections=chosen, owner=owner, due_on=form.due_on.data, by=by)
    elif form.doing.data is SectionAction.APPROVE:
        approve_several(sections=chosen, by=by)
    else:
        leave_out_several(sections=chosen, why=form.why.data, by=by)
