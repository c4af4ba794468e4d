"""All safety programmes at a glance, and what a quarter says of them."""

from flask import render_template, request

from portal.clock import today
from portal.figures.queries.kept import FigureCache
from portal.improvement import policy
from portal.improvement.charts import shares as charts
from portal.improvement.charts.cards import summary, verdicts
from portal.improvement.models import TeamKind
from portal.improvement.queries.diagrams import diagrams
from portal.improvement.queries.engagement import engaged_in, kinds
from portal.improvement.queries.programmes import glances, quarters_told, reported, safety_ids
from portal.improvement.queries.teams import cycles_of, stayed, taking_part, teams_on
from portal.improvement.rules.teams import decisions
from portal.improvement.views import blueprint
from portal.improvement.views.asked import quarter_asked
from portal.improvement.views.steps import reader
from portal.programmes.models import ProgrammeKind
from portal.reference.queries import hins
from portal.reference.rules import Quarter

CODES = ("STAGE_SHARE_3", "STAGE_SHARE_5", "SITES_TESTING", "ORGS_TESTING", "SAFETY_CHAMPIONS")
WARDS = (TeamKind.WARD, TeamKind.LD_WARD)


@blueprint.get("/improvement")
def index() -> str:
    """Show every safety programme in a line, of England and of a network, and regional diagrams."""
    actor, on = reader(), today()
    networks = {one.code: one for one in hins()}
    own = next((one for one in networks.values() if one.id == actor.hin_id), None)
    hin = networks.get(request.args.get("network", ""), own)
    kept = FigureCache()
    found, told = diagrams(actor), verdicts(actor, kept)
    rows = glances(found, teams_on(on), cycles_of(), on, hin.id if hin else None, kept)
    return render_template(
        "improvement/index.html",
        rows=rows,
        told={
            row.programme.id: summary(
                verdict for programme_id, verdict in told if programme_id in row.programme_ids
            )
            for row in rows
        },
        hin=hin,
        networks=list(networks.values()),
        regional=[one for one in found if one.programme.kind is ProgrammeKind.REGIONAL],
        quarter=Quarter.of(on),
        may_write=policy.can_write(actor),
        may_recruit=policy.can_recruit(actor),
    )


@blueprint.get("/improvement/quarter")
def quarter() -> str:
    """Show the charts of a quarter: stages by driver and setting, engagement, teams that test."""
    actor, day = reader(), today()
    ids = safety_ids(actor)
    asked = quarter_asked(day)
    on = min(asked.last, day)
    told = reported(asked, CODES, ids)
    rows = teams_on(on, programme_ids=ids)
    cycles = [
        one
        for one in cycles_of(programme_ids=ids)
        if one.decided_on is not None and asked.first <= one.decided_on <= on
    ]
    return render_template(
        "improvement/quarter.html",
        quarter=asked,
        quarters=quarters_told(ids, day),
        on=on,
        told=told,
        by_driver=charts.reported("stage 5 or above", told.get("STAGE_SHARE_5", ())),
        by_setting=charts.reported("stage 3 or above", told.get("STAGE_SHARE_3", ())),
        engaged=(found := [one for one in engaged_in(asked, kinds(ids)) if one.now is not None]),
        engagement=charts.engagement(found),
        wards=taking_part(rows, *WARDS),
        everybody=taking_part(rows),
        stayed=(left := stayed(rows)),
        participation=charts.participation(left),
        decided=decisions(cycles),
        cycles=cycles,
    )
