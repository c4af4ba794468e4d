"""What was published: pages for everybody, every version at its address, and its files."""

from itertools import pairwise

from flask import Response, render_template

from portal.accounts.session import current_actor
from portal.clock import now
from portal.db import writing
from portal.errors import NotFound
from portal.figures.views.strangers import for_strangers
from portal.reports import policy
from portal.reports.charts import map_of, package, picture
from portal.reports.models import ReportRelease
from portal.reports.queries.early import capacities, early_reader
from portal.reports.queries.reports import releases_at
from portal.reports.rules.document import charts, drawn
from portal.reports.rules.releases import Changed, changed_numbers, is_public
from portal.reports.serialise.documents import DOCX_TYPE, document
from portal.reports.serialise.figures import HEADER, figure_rows
from portal.reports.services.early import note_reading
from portal.reports.views import blueprint
from portal.web.access import public
from portal.web.downloads import Cell, list_file, zip_response

VERSION = "/reports/<slug>/v<int:number>"


@blueprint.get("/reports/<slug>")
@public
@for_strangers
def published(slug: str) -> str:
    """Show the newest version of a published report."""
    return _page(slug, None)


@blueprint.get(VERSION)
@public
@for_strangers
def version(slug: str, number: int) -> str:
    """Show one version of a published report, as it was."""
    return _page(slug, number)


def _page(slug: str, number: int | None) -> str:
    actor = current_actor()
    release = release_of(slug, number)
    releases = releases_at(actor, slug)
    return render_template(
        "reports/document.html",
        content=release.content,
        drawn=drawn(release.content),
        has_charts=bool(charts(release.content)),
        release=release,
        releases=releases,
        changed=_changed(releases),
        is_public=is_public(release, now()),
        read_early=capacities(release.report_id, release.number),
        report=release.report,
        sees_trace=policy.can_see(actor, release.report),
    )


def _changed(releases: list[ReportRelease]) -> dict[int, list[Changed]]:
    """Return the numbers that each version but the first prints otherwise than the one before."""
    return {
        after.number: list(changed_numbers(before.content, after.content))
        for before, after in pairwise(releases)
    }


def release_of(slug: str, number: int | None) -> ReportRelease:
    """Return one version at a public address, the newest for None; raises NotFound.

    Who reads it before it is published is logged first.
    """
    actor = current_actor()
    found = releases_at(actor, slug)
    release = next((o for o in found if o.number == number), None) if number else found[-1]
    if release is None:
        raise NotFound("There is no such version of this report.")
    if not is_public(release, now()) and (row := early_reader(actor, release)) is not None:
        with writing():
            note_reading(release=release, row=row, by=actor)
    return release


@blueprint.get(f"{VERSION}/report.docx")
@public
def docx(slug: str, number: int) -> Response:
    """Give a version as a Word document."""
    release = release_of(slug, number)
    response = Response(document(release), mimetype=DOCX_TYPE)
    name = f"report-{release.report.slug}-v{release.number}.docx"
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
blueprint.add_app_template_global(map_of, "report_map")
