"""Every number of a report: which figure, what it was and when, who wrote it, and its rows."""

from typing import Any

from flask import render_template, request

from portal.accounts.models import Actor
from portal.accounts.session import current_actor
from portal.db import id_from
from portal.errors import NotFound
from portal.reports import policy
from portal.reports.models import Report, ReportRelease
from portal.reports.queries.checking import read
from portal.reports.queries.reports import may_read, releases_of, report_for
from portal.reports.views import blueprint
from portal.reports.views.steps import REPORT, refuse_unless
from portal.web.paging import Address, cut, page_number


@blueprint.get(f"{REPORT}/trace")
def trace(report_id: int) -> str:
    """List the numbers of a version that was published, or of the report as it stands."""
    actor = current_actor()
    report = report_for(actor, report_id)
    releases = [one for one in releases_of(report.id) if may_read(actor, one)]
    wanted = id_from(request.args.get("version", ""))
    release = next((one for one in releases if one.number == wanted), None)
    return render_template(
        "reports/trace.html",
        report=report,
        releases=releases,
        release=release,
        page=cut(_numbers(actor, report, release), page_number(request.args)),
        address=Address(request.path, request.args.to_dict()),
        sees_rows=policy.can_read_rows(actor, report.hin_id),
    )


@blueprint.get(f"{REPORT}/trace/v<int:version>/<int:number>")
def traced_rows(report_id: int, version: int, number: int) -> str:
    """Show the rows behind a number of a published version, as they were counted."""
    actor = current_actor()
    report = report_for(actor, report_id)
    may = policy.can_read_rows(actor, report.hin_id)
    refuse_unless(may, "The national team reads the rows, a network those of its own reports.")
    release = _release([o for o in releases_of(report.id) if may_read(actor, o)], version)
    figure = next((one for one in release.figures if one.number == number), None)
    if figure is None:
        raise NotFound("This version quotes no such number.")
    rows = figure.rows["rows"]
    return render_template(
        "reports/rows.html",
        report=report,
        release=release,
        figure=figure,
        columns=figure.rows["header"],
        page=cut(rows, page_number(request.args)),
        address=Address(request.path, request.args.to_dict()),
    )


def _numbers(actor: Actor, report: Report, release: ReportRelease | None) -> list[Any]:
    """Return the numbers of a version, or pairs of a section in work and a number it quotes."""
    if release:
        return list(release.figures)
    return [(of, one) for of in read(actor, report).sections for one in of.told.quoted]


def _release(releases: list[ReportRelease], version: int) -> ReportRelease:
    for one in releases:
        if one.number == version:
            return one
    raise NotFound("There is no such version of this report.")
