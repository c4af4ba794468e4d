"""The list of those who read a version of a report before it is published."""

from flask import render_template, url_for

from portal.accounts.models import Actor
from portal.accounts.queries import user_by_email
from portal.accounts.session import current_actor
from portal.clock import today
from portal.reports import policy
from portal.reports.forms.writing import EarlyForm
from portal.reports.models import Report
from portal.reports.queries.early import next_number, reader_for, readers_of
from portal.reports.queries.reports import report_for
from portal.reports.rules.releases import may_read_early
from portal.reports.services.early import ONLY, end_reader, name_reader
from portal.reports.views import blueprint
from portal.reports.views.steps import REPORT, refuse_unless
from portal.web.limits import limiter
from portal.web.steps import BOTH, Answer, done


def _kept_by(actor: Actor, report_id: int) -> Report:
    report = report_for(actor, report_id)
    refuse_unless(policy.can_sign_off(actor, report), ONLY)
    return report


@blueprint.route(f"{REPORT}/early", methods=BOTH)
@limiter.limit("30 per hour", methods=["POST"])
def early(report_id: int) -> Answer:
    """Show who may read it before publication, and put a person on the list."""
    actor, form = current_actor(), EarlyForm()
    report = _kept_by(actor, report_id)
    if form.is_submitted_and_valid():
        with form.refusals():
            name_reader(
                report=report,
                user=user_by_email(form.email.data or ""),
                capacity=form.capacity.data,
                until_on=form.until_on.data,
                by=actor,
            )
            return done("They may read it before it is published.", _address(report))
    page = render_template(
        "reports/early.html",
        form=form,
        report=report,
        number=next_number(report),
        readers=readers_of(report.id),
        reads=lambda one: may_read_early(one, today()),
    )
    return page, form.status


@blueprint.post(f"{REPORT}/early/<int:reader_id>/end")
def end_early(report_id: int, reader_id: int) -> Answer:
    """Take a person off the list."""
    actor = current_actor()
    report = _kept_by(actor, report_id)
    end_reader(report=report, row=reader_for(report, reader_id), by=actor)
    return done("They are off the list.", _address(report))


def _address(report: Report) -> str:
    return url_for("reports.early", report_id=report.id)
