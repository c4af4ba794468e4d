"""The PDF of a version: given where it is made, and until then how far that is."""

from flask import Response, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response as Plain

from portal.db import db
from portal.files import opened
from portal.reports.queries.pdfs import job_of, pdf_of
from portal.reports.rules.releases import PDFS
from portal.reports.serialise.pdf import PDF_TYPE
from portal.reports.services.pdfs import ask_for_pdf, is_made_here
from portal.reports.views import blueprint
from portal.reports.views.published import VERSION, release_of
from portal.web.access import public
from portal.web.downloads import streamed
from portal.web.limits import limiter

REFRESH_SECONDS = 3
"""How soon the page looks again while a PDF is made."""


@blueprint.get(f"{VERSION}/report.pdf")
@public
@limiter.limit("60 per minute")
def pdf_file(slug: str, number: int) -> Plain:
    """Give the PDF of a version; where it is not there yet, lead to how far it is."""
    release = release_of(slug, number)
    made = pdf_of(release)
    if made is None:
        return redirect(url_for("reports.pdf_state", slug=slug, number=number))
    name = f"report-{release.report.slug}-v{release.number}.pdf"
    return streamed(name, PDF_TYPE, opened(made.stored, room=PDFS), made.size)


@blueprint.get(f"{VERSION}/pdf")
@public
def pdf_state(slug: str, number: int) -> Response:
    """Say whether the PDF of a version is ready, and how far its making is."""
    release = release_of(slug, number)
    made, job = pdf_of(release), job_of(release)
    is_busy = made is None and job is not None and job.state.is_under_way
    page = render_template(
        "reports/pdf_state.html",
        release=release,
        made=made,
        job=job,
        is_busy=is_busy,
        is_made_here=is_made_here(),
    )
    response = make_response(page)
    if is_busy:
        response.headers["Refresh"] = str(REFRESH_SECONDS)
    return response


@blueprint.post(f"{VERSION}/pdf")
@public
@limiter.limit("20 per hour")
def make_pdf(slug: str, number: int) -> Plain:
    """Have the PDF of a version made that has none: of one published before there were jobs."""
    ask_for_pdf(release=release_of(slug, number))
    db.session.commit()
    return redirect(url_for("reports.pdf_state", slug=slug, number=number))
