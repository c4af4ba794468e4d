"""The map of areas: what it shows, and the sentence that it says."""

from collections.abc import Callable, Sequence

from portal.exchange.queries.areas_listed import ListedArea
from portal.reference.rules.tiles import tiles_of
from portal.web.charts import SYSTEM_TILE, TileMap, tile_map
from portal.web.format import listing

MAX_NAMED = 3
"""So many systems with the same number are named in the sentence of the map."""


def areas_picture(areas: Sequence[ListedArea], page_of: Callable[[str], str]) -> TileMap:
    """Return the map of how many open challenges each system states that anybody may read; each
    tile leads to the page of its system."""
    most = max((one.challenges for one in areas), default=0)
    with_most = [one.ics.name for one in areas if one.challenges == most]
    finding = "No system has an open challenge that anybody may read"
    if most:
        names = listing(with_most) if len(with_most) <= MAX_NAMED else f"{len(with_most)} systems"
        finding = f"Most open challenges: {names}, {most:,}{' each' * (len(with_most) > 1)}"
    tiles = tiles_of(one.ics.code for one in areas)
    found = [(one.ics.name, *tiles[one.ics.code], one.challenges) for one in areas]
    return tile_map(finding, found, SYSTEM_TILE, [page_of(one.ics.code) for one in areas])
