"""What was published: pages for everybody, every version at its address, and its files."""

from flask import Response, render_template

from portal.accounts.session import current_actor
from portal.errors import NotFound
from portal.reports import policy
from portal.reports.charts import package, picture
from portal.reports.models import ReportRelease
from portal.reports.queries.reports import releases_at
from portal.reports.rules.document import charts, drawn
from portal.reports.serialise.documents import DOCX_TYPE, document
from portal.reports.serialise.figures import HEADER, figure_rows
from portal.reports.serialise.pdf import PDF_TYPE, NoPdf, pdf
from portal.reports.views import blueprint
from portal.web.access import public
from portal.web.downloads import Cell, list_file, zip_response
from portal.web.limits import limiter

Missing = tuple[str, int]
VERSION = "/reports/<slug>/v<int:number>"


@blueprint.get("/reports/<slug>")
@public
def published(slug: str) -> str:
    """Show the newest version of a published report."""
    return _page(slug, None)


@blueprint.get(VERSION)
@public
def version(slug: str, number: int) -> str:
    """Show one version of a published report, as it was."""
    return _page(slug, number)


def _page(slug: str, number: int | None) -> str:
    releases = releases_at(slug)
    release = releases[-1] if number is None else release_of(slug, number)
    return render_template(
        "reports/document.html",
        content=release.content,
        drawn=drawn(release.content),
        has_charts=bool(charts(release.content)),
        release=release,
        releases=releases,
        report=release.report,
        sees_trace=policy.can_see(current_actor(), release.report),
    )


def release_of(slug: str, number: int) -> ReportRelease:
    """Return one version at a public address; raises NotFound."""
    for one in releases_at(slug):
        if one.number == number:
            return one
    raise NotFound("There is no such version of this report.")


@blueprint.get(f"{VERSION}/report.docx")
@public
def docx(slug: str, number: int) -> Response:
    """Give a version as a Word document."""
    release = release_of(slug, number)
    response = Response(document(release), mimetype=DOCX_TYPE)
    name = f"report-{release.report.slug}-v{release.number}.docx"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@blueprint.get(f"{VERSION}/report.pdf")
@public
@limiter.limit("20 per minute")
def pdf_file(slug: str, number: int) -> Response | Missing:
    """Give a version as a PDF; where this installation makes none, say so."""
    release = release_of(slug, number)
    try:
        made = pdf(release)
    except NoPdf:
        return render_template("reports/no_pdf.html", release=release), 404
    response = Response(made, mimetype=PDF_TYPE)
    name = f"report-{release.report.slug}-v{release.number}.pdf"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@blueprint.get(f"{VERSION}/charts.zip")
@public
def charts_file(slug: str, number: int) -> Response:
    """Give the numbers of every chart of a version as a data package."""
    release = release_of(slug, number)
    name = f"report-{release.report.slug}-v{release.number}-charts.zip"
    return zip_response(name, package(release))


@blueprint.get(f"{VERSION}/figures.<any(csv, xlsx):kind>")
@public
def figures_file(slug: str, number: int, kind: str) -> Response:
    """Give every number of a version, with what it counts, as CSV or XLSX."""
    release = release_of(slug, number)
    name = f"report-{release.report.slug}-v{release.number}-figures"
    about: dict[str, Cell] = {
        "Report": release.title,
        "Version": release.number,
        "SHA-256": release.digest,
    }
    return list_file(name, kind, HEADER, figure_rows(release), about)


blueprint.add_app_template_global(picture, "report_chart")
