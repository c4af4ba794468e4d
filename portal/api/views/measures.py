"""Measures over time: their definitions, their charts, and what was counted."""

from typing import Any

from portal.accounts.models.tokens import TokenScope
from portal.accounts.session import current_actor
from portal.api.forms.arguments import NewReadings, Paged, PlaceArguments
from portal.api.serialise import measures as serialise
from portal.api.serialise.measure_schemas import Entered, MeasureRead, Measures, MeasureValues
from portal.api.views.lists import Args, next_of, part_of
from portal.api.views.start import operation
from portal.db import db
from portal.improvement.models import ImprovementMeasure
from portal.improvement.queries.measures import measure_for, readable_measures
from portal.improvement.queries.measures_shown import board_of
from portal.improvement.rules.entering import Entry
from portal.improvement.rules.periods import first_day
from portal.improvement.services.measures import series_of_place
from portal.improvement.services.measures_readings import enter, standing_at

ONE = "/measures/<int:measure_id>"
TAG = "Measures over time"


@operation("/measures", Measures, asks=Paged, tag=TAG)
def measure_list(args: Args) -> dict[str, Any]:
    """List measures over time

    Elements of bundles are among them. For network, ICS and national staff.
    """
    part = part_of(readable_measures(current_actor()), ImprovementMeasure.id, args)
    return {"items": [serialise.measure(one) for one in part.items], "next": next_of(part)}


@operation(ONE, MeasureRead, tag=TAG)
def read_measure(measure_id: int) -> dict[str, Any]:
    """Read one measure, with the places that count it"""
    actor = current_actor()
    of = measure_for(actor, measure_id)
    return serialise.with_places(of, board_of(of, actor))


@operation(f"{ONE}/values", MeasureValues, asks=PlaceArguments, tag=TAG)
def measure_values(args: Args, measure_id: int) -> dict[str, Any]:
    """Read the chart of a place

    Values, lines and why a point is marked, as its page shows them to you: counts of few patients
    are hidden and others rounded, and lines are worked out from what is shown.
    """
    actor = current_actor()
    of = measure_for(actor, measure_id)
    board = board_of(of, actor)
    return serialise.values(of, board, board.place(args["place"]))


@operation(
    f"{ONE}/readings",
    Entered,
    sends=NewReadings,
    method="POST",
    scope=TokenScope.MEASURES,
    tag=TAG,
)
def send_readings(sent: Args, measure_id: int) -> dict[str, Any]:
    """Enter what was counted

    In your own area, as its page has it: counts alone, nothing about one patient. What stands
    already as it is sent is left alone, so that the same may be sent again; a correction needs why.
    """
    actor = current_actor()
    of = measure_for(actor, measure_id)
    place = board_of(of, actor).place_to_write(sent["place"])
    series = series_of_place(measure=of, place=place, by=actor)
    told = {first_day(of.rhythm, one["on"]): one for one in sent["readings"]}
    standing = standing_at(series.id, list(told))
    entries = [
        Entry(day, one["numerator"], one["denominator"], row.id if row else None)
        for day, one in told.items()
        for row in [standing.get(day)]
    ]
    changed = enter(
        measure=of, series=series, entries=entries, by=actor, why=sent["why"], source=sent["source"]
    )
    db.session.commit()
    return {"measure": of.id, "place": place.code, "changed": changed}
