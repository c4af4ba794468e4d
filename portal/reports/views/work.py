"""A report in work: its sections, what the checks find, signing off, publishing."""

from flask import render_template, request, url_for

from portal.accounts.session import current_actor
from portal.clock import now, today
from portal.reports import policy
from portal.reports.forms.writing import ExplainForm, MethodForm, PublishForm, SignOffForm
from portal.reports.models import ReleaseKind, Report
from portal.reports.queries.checking import checked, finding_for, read
from portal.reports.queries.reports import releases_of, remarks_of, report_for
from portal.reports.rules.document import Figures, drawn
from portal.reports.rules.releases import is_public
from portal.reports.services import publishing
from portal.reports.services.writing import explain as explain_finding
from portal.reports.views import blueprint
from portal.reports.views.steps import REPORT, edited, refuse_unless, show
from portal.web.steps import BOTH, Answer, done, refused


def _address(report: Report) -> str:
    return url_for("reports.work", report_id=report.id)


@blueprint.get(REPORT)
def work(report_id: int) -> str:
    """Show how far a report is: its sections with owners and days, and what the checks find."""
    actor = current_actor()
    report = report_for(actor, report_id)
    found = read(actor, report)
    return render_template(
        "reports/work.html",
        report=report,
        sections=found.sections,
        findings=checked(actor, found),
        remarks=remarks_of(report.id),
        releases=(releases := releases_of(report.id)),
        coming=next((one for one in releases if not is_public(one, now())), None),
        today=today(),
        form=SignOffForm(obj=report),
        may_edit=policy.can_edit(actor, report),
        may_sign_off=policy.can_sign_off(actor, report),
        actor=actor,
    )


@blueprint.get(f"{REPORT}/read")
def preview(report_id: int) -> str:
    """Show a report in work as it would be printed today."""
    actor = current_actor()
    report = report_for(actor, report_id)
    found = read(actor, report)
    content = publishing.content_of(found, Figures(found.quoted), 0)
    return render_template(
        "reports/document.html", content=content, drawn=drawn(content), report=report
    )


@blueprint.route(f"{REPORT}/explain", methods=BOTH)
def explain(report_id: int) -> Answer:
    """Explain something that the checks found."""
    actor, report, form = current_actor(), edited(report_id), ExplainForm()
    finding = finding_for(actor, report, request.args.get("finding", ""))
    if form.is_submitted_and_valid():
        with form.refusals():
            explain_finding(report=report, found=finding, words=form.words.data, by=actor)
            return done("The explanation is kept, and printed.", _address(report))
    back = (_address(report), report.title)
    return show(form, "Explain what was found", "Save", back=back, before=finding.words)


@blueprint.post(f"{REPORT}/sign-off")
def sign_off(report_id: int) -> Answer:
    """Sign a report off as it stands."""
    report, form = report_for(current_actor(), report_id), SignOffForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            version = form.version.data or 0
            publishing.sign_off(report=report, version=version, by=current_actor())
            return done("The report is signed off.", _address(report))
    return refused(form, _address(report))


@blueprint.post(f"{REPORT}/take-back")
def take_back(report_id: int) -> Answer:
    """Take the version back that is coming."""
    report = report_for(current_actor(), report_id)
    publishing.take_back(report=report, by=current_actor())
    return done("It is taken back: nobody reads it.", _address(report))


@blueprint.route(f"{REPORT}/methodology", methods=BOTH)
def methodology(report_id: int) -> Answer:
    """Say how the numbers of a report are counted."""
    actor, report = current_actor(), edited(report_id)
    form = MethodForm(obj=report)
    if form.is_submitted_and_valid():
        with form.refusals():
            version, words = form.version.data or 0, form.methodology.data
            publishing.describe(report=report, version=version, methodology=words, by=actor)
            return done("The methodology is kept, and printed.", _address(report))
    return show(form, "Methodology", "Save", back=(_address(report), report.title))


@blueprint.route(f"{REPORT}/publish", methods=BOTH)
def publish(report_id: int) -> Answer:
    """Publish a report that was signed off."""
    actor, report = current_actor(), report_for(current_actor(), report_id)
    may = policy.can_sign_off(actor, report)
    refuse_unless(may, "The lead of the national team, or of the network, publishes it.")
    form = PublishForm(obj=report)
    form.kind.choices = [one for one in ReleaseKind if _fits(one, bool(releases_of(report.id)))]
    if form.is_submitted_and_valid():
        with form.refusals():
            publishing.publish(
                report=report,
                version=form.version.data or 0,
                kind=form.kind.data,
                note=form.note.data,
                next_on=form.next_on.data,
                on=form.on.data,
                final_on=form.final_on.data,
                by=actor,
            )
            said = "It is published, with its numbers as they are."
            if form.on.data is not None and form.on.data > today():
                said = "It is kept as it is, and published on that day."
            return done(said, url_for("reports.published", slug=report.slug))
    back = (_address(report), report.title)
    return show(form, "Publish the report", "Publish", back=back, before=_before(report))


def _fits(kind: ReleaseKind, has_former: bool) -> bool:
    return (kind is ReleaseKind.FIRST) != has_former


def _before(report: Report) -> str:
    if report.signed_off_at is None:
        return "It is not signed off as it stands: sign it off first."
    return "Everybody reads what is published. Its numbers and the rows behind them are kept."
