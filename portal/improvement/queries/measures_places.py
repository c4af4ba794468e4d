"""What places of a measure counted in the last year, for comparing them by size."""

from collections.abc import Sequence
from datetime import date, timedelta

from portal.improvement.queries.measures_shown import Board
from portal.improvement.rules.funnel import Place
from portal.text import folded_for_sorting

YEAR = timedelta(days=365)


def funnel_places(board: Board, level: str, day: date) -> tuple[Sequence[Place], date]:
    """Return what each network ("networks"), or each site and team ("parts"), counted in the year
    before a day, as the reader may see it, by name; and the first day of that year.

    A period that may not be shown counts for nothing: sums are made of what is shown alone.
    """
    since = day - YEAR
    found = []
    for place in board.places:
        if place.hin_id is None or place.is_part != (level == "parts"):
            continue
        told = [one for one in board.readings(place) if since < one.on <= day]
        known = [(one.count, one.out_of) for one in told if one.count is not None and one.out_of]
        if known:
            count = sum(count for count, _ in known)
            found.append(Place(place.name, count, sum(out_of or 0.0 for _, out_of in known)))
    return sorted(found, key=lambda one: folded_for_sorting(one.name)), since
