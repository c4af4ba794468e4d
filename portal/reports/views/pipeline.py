"""The pipeline by stage of development."""

from itertools import groupby

from flask import render_template
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.reference.queries import today
from portal.reports.queries.stages import stages as stages_of
from portal.reports.views import blueprint
from portal.web.downloads import csv_response


@blueprint.get("/pipeline")
def pipeline() -> str:
    """Show how many innovations stand at each stage of development."""
    found = stages_of(current_actor())
    groups = [(name, list(of)) for name, of in groupby(found, lambda s: s.stage.group)]
    return render_template(
        "reports/pipeline.html",
        groups=groups,
        total=sum(stage.total for stage in found),
        most=max((stage.total for stage in found), default=0),
    )


@blueprint.get("/pipeline.csv")
def pipeline_csv() -> Response:
    """Download the pipeline by stage."""
    found = stages_of(current_actor())
    rows = [(s.stage.group, s.stage.label, s.total, s.readable) for s in found]
    header = ("Phase", "Stage", "Innovations", "Of these you may open")
    return csv_response(f"pipeline-{today()}.csv", header, rows)
