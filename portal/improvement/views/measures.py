"""Charts of measures over time: the list, one place, every network, and places by size."""

from typing import Any

from flask import Response, render_template, request

from portal.accounts.session import current_actor
from portal.clock import today
from portal.db import id_from
from portal.improvement import policy
from portal.improvement.charts import measures as charts
from portal.improvement.charts.cards import card, cards_of
from portal.improvement.models import ImprovementMeasure
from portal.improvement.queries import measures as found
from portal.improvement.queries.joining import remarks, told_of
from portal.improvement.queries.measures_bundles import Bundle, bundle_of
from portal.improvement.queries.measures_places import funnel_places
from portal.improvement.queries.measures_shown import Board, Place, board_of
from portal.improvement.queries.programmes import parts_of_all
from portal.improvement.rules.entering import has_denominator
from portal.improvement.rules.funnel import funnel
from portal.improvement.rules.periods import named
from portal.improvement.rules.spc_chart import Chart
from portal.improvement.rules.spc_words import (
    advice,
    computed,
    finding,
    point_words,
    value_words,
)
from portal.improvement.serialise import measures as as_rows
from portal.improvement.services.measures import can_withdraw
from portal.improvement.views import blueprint
from portal.programmes.policy import can_write_for
from portal.web.downloads import list_file

ONE = "/improvement/measures/<int:measure_id>"


@blueprint.get("/improvement/measures")
def measures() -> str:
    """List the measures, each with its last point where the reader works, else in England."""
    actor = current_actor()
    programme_id = id_from(request.args.get("programme", ""))
    ids = parts_of_all().get(programme_id) if programme_id else None
    rows = found.measures_of(actor, ids)
    return render_template(
        "improvement/measures/index.html",
        cards=cards_of(rows, actor),
        programmes=found.programmes_with_measures(actor),
        programme_id=programme_id,
        may_add=policy.can_add_measure(actor),
    )


@blueprint.get(ONE)
def measure(measure_id: int) -> str:
    """Show the chart of a place, with its table, its words and how it is computed."""
    actor = current_actor()
    of = found.measure_for(actor, measure_id)
    board = board_of(of, actor)
    place = board.place(request.args.get("place", ""))
    one = card(board, place)
    notes = remarks(of, board.marks_at(place), place.hin_id)
    return render_template(
        "improvement/measures/show.html",
        measure=of,
        board=board,
        place=place,
        card=one,
        chart=one.chart,
        picture=charts.picture(of, f"{of.name}, {place.name}", one.chart, notes),
        sentence=finding(f"{of.name}, {place.name}", one.chart),
        letters=charts.lettered(one.chart, notes),
        has_denominator=has_denominator(of),
        is_exact=board.is_exact(place),
        history=_history(board, place),
        told_of=told_of(actor, of.id),
        may_part=lambda told: policy.can_join(actor, told.link.node, of),
        may_enter=policy.can_enter(actor, of) and can_write_for(actor, place.hin_id),
        may_edit=policy.can_edit_measure(actor, of),
        may_mark=policy.can_edit_measure(actor, of) or can_write_for(actor, place.hin_id),
        may_withdraw=lambda mark: can_withdraw(actor, of, mark),
        bundle=_bundle(of, place),
        **_words(of, one.chart),
    )


def _words(of: ImprovementMeasure, chart: Chart) -> dict[str, Any]:
    """Return what a page of a chart says with."""
    return {
        "named": lambda day: named(of.rhythm, day),
        "value": lambda number: value_words(number, chart.settings),
        "why": lambda point: point_words(point, chart),
        "gap": lambda point: as_rows.gap_words(point, chart.settings.is_rate),
        "shape": lambda point: charts.shape_of(point, chart.settings.direction),
        "computed": computed(chart),
        "advice": advice(chart),
    }


def _history(board: Board, place: Place) -> Any:
    """Return the corrected rows of a place to whoever sees them as they are."""
    if place.series_id is None or not board.is_exact(place):
        return []
    return found.history_of(place.series_id)


def _bundle(of: ImprovementMeasure, place: Place) -> Bundle | None:
    return bundle_of(of, place, current_actor()) if of.elements else None


@blueprint.get(f"{ONE}/download.csv", defaults={"kind": "csv"})
@blueprint.get(f"{ONE}/download.xlsx", defaults={"kind": "xlsx"})
def download_measure_chart(measure_id: int, kind: str) -> Response:
    """Return the chart of a place as a file, as its page shows it."""
    actor = current_actor()
    of = found.measure_for(actor, measure_id)
    board = board_of(of, actor)
    place = board.place(request.args.get("place", ""))
    rows = as_rows.rows(of, place.name, board.chart(place))
    about = {"List": f"{of.name}, {of.programme.name}", "Place": place.name}
    return list_file(f"measure-{of.id}-{place.code}".lower(), kind, as_rows.HEADER, rows, about)


@blueprint.get(f"{ONE}/networks")
def measure_networks(measure_id: int) -> str:
    """Show the chart of each network beside the others, by name and on one scale."""
    actor = current_actor()
    of = found.measure_for(actor, measure_id)
    board = board_of(of, actor)
    cards = [card(board, place) for place in board.places if not place.is_part]
    among = [height for one in cards for height in charts.heights(one.chart)]
    pictures = [(one, charts.small(of, one.place.name, one.chart, among)) for one in cards]
    return render_template("improvement/measures/networks.html", measure=of, pictures=pictures)


@blueprint.get(f"{ONE}/funnel")
def measure_funnel(measure_id: int) -> str:
    """Compare places of different size over the last year, without an order of merit."""
    actor = current_actor()
    of = found.measure_for(actor, measure_id)
    board = board_of(of, actor)
    level = "parts" if request.args.get("of") == "parts" else "networks"
    places, since = funnel_places(board, level, today())
    made = funnel(places, is_share=of.chart.is_share) if of.chart.has_denominator else None
    factor = 100.0 if of.chart.is_share else float(of.per)
    apart = sum(bool(made.stands(place)) for place in made.places) if made else 0
    words = f"{of.name}: {apart or 'no'} of {len(places)} places outside the limits"
    return render_template(
        "improvement/measures/funnel.html",
        measure=of,
        level=level,
        since=since,
        made=made,
        factor=factor,
        picture=charts.funnel_of(words, made, factor, of.direction) if made else None,
        value=lambda number: value_words(number, board.settings(board.place("england"))),
    )
