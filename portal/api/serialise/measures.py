"""Measures over time and their charts as the API says them: what `Board` lets the reader see."""

from typing import Any

from flask import url_for

from portal.improvement.models import ImprovementMeasure
from portal.improvement.queries.measures_shown import Board, Place
from portal.improvement.rules.periods import named
from portal.improvement.rules.spc_chart import Chart, ChartPoint
from portal.improvement.rules.spc_words import point_words


def measure(of: ImprovementMeasure) -> dict[str, Any]:
    """Return a measure."""
    return {
        "id": of.id,
        "name": of.name,
        "url": url_for("improvement.measure", measure_id=of.id, _external=True),
        "programme": of.programme.code,
        "network": of.hin.code if of.hin else None,
        **{name: getattr(of, name).value for name in ("kind", "rhythm", "chart", "direction")},
        **{name: getattr(of, name) for name in ("numerator", "denominator", "exclusions")},
        **{name: getattr(of, name) for name in ("unit", "per", "is_patients")},
    }


def with_places(of: ImprovementMeasure, board: Board) -> dict[str, Any]:
    """Return a measure with the places that count it."""
    places = [{"code": one.code, "name": one.name} for one in board.places]
    return {**measure(of), "places": places, "elements": [one.id for one in of.elements]}


def values(of: ImprovementMeasure, board: Board, place: Place) -> dict[str, Any]:
    """Return the chart of a place."""
    chart = board.chart(place)
    return {
        "measure": of.id,
        "place": place.code,
        "is_exact": board.is_exact(place),
        "items": [_point(of, one, chart) for one in chart.points],
    }


def _point(of: ImprovementMeasure, point: ChartPoint, chart: Chart) -> dict[str, Any]:
    reading, line = point.reading, point.line
    is_hidden = reading.is_hidden
    return {
        "on": point.on,
        "period": named(of.rhythm, point.on),
        "numerator": None if is_hidden else reading.count,
        "denominator": None if is_hidden else reading.out_of,
        "value": point.value,
        "is_hidden": is_hidden,
        "centre": line.centre if line else None,
        "lower": line.lower if line else None,
        "upper": line.upper if line else None,
        "target": point.target,
        "words": point_words(point, chart),
    }
