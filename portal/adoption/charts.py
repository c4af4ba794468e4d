"""The pictures of spread: which figures they show, and the sentence that each one says."""

from collections.abc import Sequence

from portal.adoption.queries.picture import BANDS, AreaRow, QuarterRow
from portal.reference.rules.tiles import tiles_of
from portal.web.charts import (
    SYSTEM_TILE,
    Bars,
    Spark,
    Stacks,
    TileMap,
    bars,
    spark,
    stacks,
    tile_map,
)


def bands_picture(england: AreaRow, areas: Sequence[AreaRow]) -> Stacks:
    """Return a bar for each area, and one for all of them first."""
    rows = [england, *areas]
    finding = f"In use at {england.at_5.words} sites that could use it"
    return stacks(finding, [name for name, _ in BANDS], [(r.name, r.bands) for r in rows])


def systems_picture(systems: Sequence[AreaRow]) -> TileMap:
    """Return the map of how many sites of each integrated care system use it."""
    known = [row for row in systems if row.code]
    most = max(known, key=lambda row: row.at_5.numerator, default=None)
    finding = "No system has a site that uses it"
    if most is not None and most.at_5.numerator:
        finding = f"{most.name} has most sites that use it: {most.at_5.words}"
    tiles = tiles_of(row.code for row in known)
    found = [(row.name, *tiles[row.code], row.at_5.numerator) for row in known]
    return tile_map(finding, found, SYSTEM_TILE)


def money_picture(rows: Sequence[tuple[str, int]], total: int) -> Bars:
    """Return the bars of the sites in use by how their money stands."""
    finding = f"{total:,} sites have it in use, in part or everywhere"
    return bars(finding, [(label, count, count) for label, count in rows])


def quarters_spark(rows: Sequence[QuarterRow]) -> Spark | None:
    """Return the line of the sites that use it over the quarters."""
    first, last = rows[0], rows[-1]
    words = f"From {first.at_5.words} in {first.label} to {last.at_5.words} in {last.label}"
    return spark(words, [row.at_5.numerator for row in rows])
