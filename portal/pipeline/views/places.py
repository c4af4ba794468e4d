"""Where innovations come from: a map of equal tiles, its table and its file."""

from collections.abc import Sequence
from urllib.parse import urlencode

from flask import render_template, request
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.clock import today
from portal.pipeline import charts
from portal.pipeline.queries.places import by_place, first_day
from portal.pipeline.serialise.crosstab import CELL_PATH
from portal.pipeline.serialise.records_query import day_of
from portal.pipeline.views import blueprint
from portal.web.downloads import csv_response


@blueprint.get("/pipeline/places")
def places() -> str:
    """Show the innovations by the integrated care system where their people are."""
    on = day_of(request.args, "on", today())
    here, elsewhere = by_place(current_actor(), on)

    def link(codes: Sequence[str], *cell: str) -> str:
        day = [] if on == today() else [("on", on.isoformat())]
        asked = [*day, *(("ics", code) for code in codes), *(("cell", one) for one in cell)]
        return f"{CELL_PATH}?{urlencode(asked)}"

    return render_template(
        "pipeline/places.html",
        here=here,
        elsewhere=elsewhere,
        picture=charts.places_picture(here) if here else None,
        first=None if here else first_day(),
        on=on,
        today=today(),
        link=link,
    )


@blueprint.get("/pipeline/places.csv")
def places_csv() -> Response:
    """Download the innovations by integrated care system."""
    on = day_of(request.args, "on", today())
    here, elsewhere = by_place(current_actor(), on)
    rows = [(one.name, one.total, one.proven) for one in (*here, *elsewhere)]
    header = ("Integrated care system", "Innovations that you may open", "Proven")
    return csv_response(f"pipeline-by-system-{on}.csv", header, rows)
