"""Where the parts of a report come from: of a version that was published, and as it stands."""

from flask import render_template

from portal.accounts.session import current_actor
from portal.figures.views.strangers import for_strangers
from portal.reports.models import Report
from portal.reports.queries.checking import read
from portal.reports.queries.reports import report_for
from portal.reports.rules.document import Content, Figures
from portal.reports.rules.origins import origins, summary
from portal.reports.services.publishing import content_of
from portal.reports.views import blueprint
from portal.reports.views.published import VERSION, release_of
from portal.reports.views.steps import REPORT
from portal.web.access import public


@blueprint.get(f"{VERSION}/parts")
@public
@for_strangers
def parts(slug: str, number: int) -> str:
    """Show from what each part of a published version is filled."""
    release = release_of(slug, number)
    return _page(release.report, release.content, number)


@blueprint.get(f"{REPORT}/parts")
def parts_in_work(report_id: int) -> str:
    """Show from what each part of a report is filled, as it stands."""
    actor = current_actor()
    found = read(actor, report_for(actor, report_id))
    return _page(found.report, content_of(found, Figures(found.quoted), 0), 0)


def _page(report: Report, content: Content, version: int) -> str:
    found = list(origins(content))
    return render_template(
        "reports/parts.html", report=report, parts=found, sums=summary(found), version=version
    )
