"""How far something has spread over the places that could use it."""

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.adoption import charts, policy
from portal.adoption.queries.picture import BANDS, page
from portal.adoption.rules.spread import MOVE_LABELS
from portal.adoption.views import blueprint
from portal.adoption.views.steps import LIST, case_for
from portal.clock import today
from portal.innovations.rules.adoption import STATES
from portal.reference.models import SiteKind
from portal.web.downloads import Cell, csv_response


@blueprint.get(LIST)
def spread(list_id: int) -> str:
    """Show a list's sites by stage, over areas, quarters, kinds and money, as at any day."""
    case = case_for(list_id)
    asked = case.asked
    found = page(case.spread, case.narrowing, asked.on, asked.since, case.icss, case.labels)
    sites = url_for("adoption.sites", list_id=list_id)

    def link(**changes: object) -> str:
        return f"{sites}?{asked.query(**changes)}"

    return render_template(
        "adoption/spread.html",
        case=case,
        eligible=case.eligible,
        asked=asked,
        found=found,
        link=link,
        bands=BANDS,
        states=STATES,
        move_labels=MOVE_LABELS,
        kinds=[kind for kind in SiteKind if kind in {one.kind for one in case.spread.places}],
        hins=sorted(case.spread.areas.hins.values(), key=lambda hin: hin.name),
        picture=charts.bands_picture(found.england, found.areas),
        map=charts.systems_picture(found.systems) if found.systems else None,
        money=charts.money_picture([(m.label, m.after) for m in found.money], found.in_service),
        spark_=charts.quarters_spark(found.quarters),
        can_curate=policy.can_curate(case.actor),
        today=today(),
    )


@blueprint.get(f"{LIST}/spread.csv")
def spread_csv(list_id: int) -> Response:
    """Download the numbers of the networks, every state in a column of its own."""
    case = case_for(list_id)
    asked = case.asked
    found = page(case.spread, case.narrowing, asked.on, asked.since, case.icss, case.labels)
    header = [
        *("Area", "Code", "Could use it"),
        *(case.labels[state] for state in STATES),
        *("At stage 3 or above", "At stage 5 or above", "Said this quarter"),
    ]
    rows: list[list[Cell]] = [
        [
            *(row.name, row.code, row.total),
            *(row.counts[state] for state in STATES),
            *(row.at_3.numerator, row.at_5.numerator, row.answered.numerator),
        ]
        for row in (found.england, *found.areas)
    ]
    return csv_response(f"spread-{list_id}-{asked.on}.csv", header, rows)
