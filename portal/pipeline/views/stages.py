"""The pipeline by stage, as at any day; its flow between two days; its growth over quarters."""

from dataclasses import replace

from flask import render_template, request
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.clock import today
from portal.pipeline import charts
from portal.pipeline.queries.flow import flow as flow_between
from portal.pipeline.queries.flow import over_quarters
from portal.pipeline.queries.stages import by_group, stage_terms, standing
from portal.pipeline.rules.days import quarters_until, short
from portal.pipeline.rules.records_query import Grouping, Move, RecordsQuery
from portal.pipeline.serialise.records_query import day_of, grouping_of, period_of, records_url
from portal.pipeline.views import blueprint
from portal.reference.rules import Quarter
from portal.web.downloads import Cell, csv_response

SHOWN_QUARTERS = 8


@blueprint.get("/pipeline")
def pipeline() -> str:
    """Show how many innovations stood at each stage at the end of a day, and in each group."""
    actor, on = current_actor(), day_of(request.args, "on", today())
    grouping = grouping_of(request.args)
    found = standing(actor, on)
    asked = RecordsQuery(on=on)
    return render_template(
        "pipeline/pipeline.html",
        standing=found,
        groups=by_group(actor, grouping, on),
        grouping=grouping,
        groupings=[(one.value, one.label) for one in Grouping],
        picture=charts.stages_picture(found),
        on=on,
        today=today(),
        quarter=short(Quarter.of(on)),
        on_asked=None if on == today() else on,
        link=lambda **changes: records_url(replace(asked, **changes)),
    )


@blueprint.get("/pipeline.csv")
def pipeline_csv() -> Response:
    """Download the stages of a day."""
    on = day_of(request.args, "on", today())
    found = standing(current_actor(), on)
    rows = [(s.stage.group, s.stage.label, s.total, s.readable) for s in found.stages]
    header = ("Phase", "Stage", "Innovations", "Of these you may open")
    return csv_response(f"pipeline-{on}.csv", header, rows)


@blueprint.get("/pipeline/groups.csv")
def groups_csv() -> Response:
    """Download the breakdown of a day."""
    on, grouping = day_of(request.args, "on", today()), grouping_of(request.args)
    stages = stage_terms()
    rows: list[tuple[Cell, ...]] = [
        (row.label, *(row.counts.get(stage.code, 0) for stage in stages), row.total)
        for row in by_group(current_actor(), grouping, on)
    ]
    header = (grouping.label, *(stage.label for stage in stages), "All stages")
    return csv_response(f"pipeline-by-{grouping}-{on}.csv", header, rows)


@blueprint.get("/pipeline/flow")
def flow() -> str:
    """Show what entered, advanced, stepped back and was archived between two days."""
    since, on = period_of(request.args)
    found = flow_between(current_actor(), since, on)
    asked = RecordsQuery(on=on, since=since)
    return render_template(
        "pipeline/flow.html",
        flow=found,
        moves=found.by_move(),
        Move=Move,
        picture=charts.flow_picture(found),
        sides=charts.sides_of,
        since=since,
        since_asked=request.args.get("since"),
        on=on,
        today=today(),
        on_asked=None if on == today() else on,
        link=lambda **changes: records_url(replace(asked, **changes)),
    )


@blueprint.get("/pipeline/flow.csv")
def flow_csv() -> Response:
    """Download the flow of a period by stage."""
    since, on = period_of(request.args)
    found = flow_between(current_actor(), since, on)
    header = ("Stage", f"At the end of {since}", "Left", "Came", f"At the end of {on}")
    rows = [
        (
            stage.label,
            found.at_start(stage.id or 0),
            *charts.sides_of(found, stage),
            found.at_end(stage.id or 0),
            round(found.medians[stage.id].days, 1) if stage.id in found.medians else None,
        )
        for stage in found.stages
    ]
    return csv_response(f"flow-{since}-{on}.csv", (*header, "Median days at it"), rows)


@blueprint.get("/pipeline/quarters")
def quarters() -> str:
    """Show the nation's innovations by phase at the end of the last eight quarters."""
    stages, counts = stage_terms(), over_quarters(quarters_until(today(), SHOWN_QUARTERS), today())
    return render_template(
        "pipeline/quarters.html",
        phases=charts.phases_of(stages),
        counts=counts,
        picture=charts.quarters_picture(stages, counts),
    )


@blueprint.get("/pipeline/quarters.csv")
def quarters_csv() -> Response:
    """Download the nation's innovations by stage at the end of the last eight quarters."""
    stages, counts = stage_terms(), over_quarters(quarters_until(today(), SHOWN_QUARTERS), today())
    header = ("Quarter", "As at", *(stage.label for stage in stages))
    rows: list[tuple[Cell, ...]] = [
        (short(c.quarter), c.on, *(c.by_stage.get(s.id, 0) for s in stages)) for c in counts
    ]
    return csv_response(f"pipeline-by-quarter-{today()}.csv", header, rows)
