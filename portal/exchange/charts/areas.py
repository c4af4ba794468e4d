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
    numbers = [one.challenges for one in areas]
    nothing = "No system has an open challenge that anybody may read"
    return _picture(areas, numbers, ("Most open challenges", nothing), page_of)


def systems_picture(areas: Sequence[ListedArea], page_of: Callable[[str], str]) -> TileMap:
    """Return the map of how many published innovations are in use in each system today."""
    nothing = "No published innovation is in use in any system"
    numbers = [one.in_use for one in areas]
    return _picture(areas, numbers, ("Most published innovations in use", nothing), page_of)


def _picture(
    areas: Sequence[ListedArea],
    numbers: Sequence[int],
    words: tuple[str, str],
    page_of: Callable[[str], str],
) -> TileMap:
    """Return a map; `words` are those of its sentence, and what it says where all are 0."""
    most = max(numbers, default=0)
    with_most = [a.ics.name for a, number in zip(areas, numbers, strict=True) if number == most]
    finding = words[1]
    if most:
        names = listing(with_most) if len(with_most) <= MAX_NAMED else f"{len(with_most)} systems"
        finding = f"{words[0]}: {names}, {most:,}{' each' * (len(with_most) > 1)}"
    tiles = tiles_of(one.ics.code for one in areas)
    pairs = zip(areas, numbers, strict=True)
    found = [(one.ics.name, *tiles[one.ics.code], number) for one, number in pairs]
    return tile_map(finding, found, SYSTEM_TILE, [page_of(one.ics.code) for one in areas])
