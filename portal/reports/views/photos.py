"""The photographs of a report: in work, and in the versions that show them."""

import base64

from flask import Response, render_template, url_for

from portal.accounts.session import current_actor
from portal.db import db
from portal.files import content_of
from portal.reports import policy
from portal.reports.forms.photos import PhotoForm
from portal.reports.models import Report, ReportPhoto
from portal.reports.queries.photos import is_kept, photo_for, photos_of, shown_in
from portal.reports.queries.reports import report_for
from portal.reports.services.photos import add_photo, remove_photo
from portal.reports.views import blueprint
from portal.reports.views.published import VERSION, release_of
from portal.reports.views.steps import REPORT
from portal.web.access import public, removes
from portal.web.downloads import picture_response
from portal.web.limits import limiter
from portal.web.steps import BOTH, Answer, done


def _address(report: Report) -> str:
    return url_for("reports.photos", report_id=report.id)


@blueprint.route(f"{REPORT}/photos", methods=BOTH)
@limiter.limit("30 per minute", methods=["POST"])
def photos(report_id: int) -> Answer:
    """Show the photographs of a report, with what to write to show one, and add one."""
    actor, form = current_actor(), PhotoForm()
    report = report_for(actor, report_id)
    if form.is_submitted_and_valid():
        with form.refusals():
            row = add_photo(
                report=report,
                file=form.file.sent,
                alt=form.alt.data,
                credit=form.credit.data,
                licence=form.licence.data,
                consent=form.consent.data,
                by=actor,
            )
            return done(f"It is kept. Write {{photo:{row.id}}} to show it.", _address(report))
    page = render_template(
        "reports/photos.html",
        form=form,
        report=report,
        photos=photos_of(report.id),
        may_add=policy.can_add_photos(actor, report),
        may_edit=policy.can_edit(actor, report),
        is_kept=is_kept,
        actor=actor,
    )
    return page, form.status


@blueprint.post(f"{REPORT}/photos/<int:photo_id>/remove")
@removes("reports.photos")
def remove_photo_of(report_id: int, photo_id: int) -> Answer:
    """Take a photograph away."""
    actor = current_actor()
    report = report_for(actor, report_id)
    remove_photo(report=report, row=photo_for(report.id, photo_id), by=actor)
    return done("It is taken away.", _address(report))


@blueprint.get(f"{REPORT}/photos/<int:photo_id>")
def photo(report_id: int, photo_id: int) -> Response:
    """Give a photograph of a report in work."""
    report = report_for(current_actor(), report_id)
    return picture_response(photo_for(report.id, photo_id))


@blueprint.get(f"{VERSION}/photos/<int:place>")
@public
def published_photo(slug: str, number: int, place: int) -> Response:
    """Give a photograph that a version shows, by its place among them."""
    return picture_response(shown_in(release_of(slug, number), place))


def photo_data(photo_id: int) -> str:
    """Return a photograph as an address that holds it: PDFs fetch nothing."""
    row = db.session.get_one(ReportPhoto, photo_id)
    words = base64.b64encode(content_of(row.stored, room=row.kept_in)).decode()
    return f"data:{row.media_type};base64,{words}"


blueprint.add_app_template_global(photo_data, "report_photo_data")
