"""The pictures of the reports: which figures they show, and the sentence that each one says."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from portal.pipeline.queries.flow import Flow, QuarterCount
from portal.pipeline.queries.places import Place
from portal.pipeline.queries.stages import StagesResult
from portal.pipeline.rules.days import short
from portal.reference.models import Hin, Region, Term
from portal.reference.rules.tiles import tiles_of
from portal.web.charts import (
    SYSTEM_TILE,
    Bars,
    Diverging,
    HeatMap,
    Spark,
    Stacks,
    TileMap,
    bars,
    diverging,
    heat_map,
    spark,
    stacks,
    tile_map,
)
from portal.web.format import nhs_date, plural

PLACES = {
    "Y62": (0, 0),
    "Y63": (1, 0),
    "Y60": (1, 1),
    "Y61": (2, 1),
    "Y58": (0, 2),
    "Y59": (1, 2),
    "Y56": (2, 2),
}
"""Where each NHS region stands on the map of equal tiles: column and row, roughly as on a map."""


def stages_picture(standing: StagesResult) -> Bars:
    """Return the bars of the national totals by stage; filled is what the reader may open."""
    most = max(standing.stages, key=lambda count: count.total, default=None)
    finding = "No innovations were on the pipeline"
    if most is not None and most.total:
        finding = (
            f"“{most.stage.label}” is the fullest stage: {most.total:,} of "
            f"{plural(standing.total, 'innovation')}"
        )
    return bars(finding, [(c.stage.label, c.total, c.readable) for c in standing.stages])


def flow_picture(flow: Flow) -> Diverging:
    """Return what left and what came to each stage; who stayed moves nothing."""
    sides = [(stage.label, *sides_of(flow, stage)) for stage in flow.stages]
    came = sum(came for _, _, came in sides)
    finding = f"{plural(came, 'arrival')} at a stage in the period"
    return diverging(finding, "Left", "Came", sides)


def sides_of(flow: Flow, stage: Term) -> tuple[int, int]:
    """Return how many left a stage in the period (archived too) and how many came to it."""
    key = stage.id or 0
    stayed = flow.moves.get((key, key), 0)
    return flow.at_start(key) - stayed, flow.at_end(key) - stayed


def phases_of(stages: Sequence[Term]) -> list[tuple[str, list[Term]]]:
    """Return the phases (Discover, Develop, Deploy) with their stages, in order."""
    return [(name, list(found)) for name, found in groupby(stages, lambda stage: stage.group)]


def quarters_picture(stages: Sequence[Term], counts: Sequence[QuarterCount]) -> Stacks:
    """Return the nation's innovations by phase at the end of each quarter."""
    phases = phases_of(stages)
    rows = [
        (short(count.quarter), [sum(count.by_stage.get(s.id, 0) for s in of) for _, of in phases])
        for count in counts
    ]
    before, after = sum(rows[0][1]), sum(rows[-1][1])
    finding = (
        f"From {plural(before, 'innovation')} at the end of {short(counts[0].quarter)} to "
        f"{after:,} on {nhs_date(counts[-1].on)}"
    )
    return stacks(finding, [name for name, _ in phases], rows)


def short_name(hin: Hin) -> str:
    """Return a HIN's short name for the edge of a table: its code without the prefix."""
    return hin.code.removeprefix("HI-")


def shared_picture(
    hins: Sequence[Hin], shared: Mapping[tuple[int, int], int], names: Mapping[int, str]
) -> HeatMap:
    """Return the matrix of HINs, called as on the day; the diagonal, all that a HIN works with, is
    not shaded."""
    places = {hin.id: number for number, hin in enumerate(hins)}
    values = {(places[a], places[b]): count for (a, b), count in shared.items()}
    pairs = {(a, b): n for (a, b), n in shared.items() if a < b}
    finding = "No two networks work with the same innovation"
    if pairs:
        (one, other), most = max(pairs.items(), key=lambda item: (item[1], item[0]))
        finding = f"{names[one]} and {names[other]} share most: {plural(most, 'innovation')}"
    labels = [short_name(hin) for hin in hins]
    diagonal = frozenset((number, number) for number in range(len(hins)))
    return heat_map(finding, labels, labels, values, diagonal)


def imports_picture(regions: Sequence[Region], trade: Mapping[tuple[str, str], int]) -> TileMap:
    """Return the map of how many pairings of a solution and another region each region took up."""
    taken = {
        region.code: sum(n for (home, away), n in trade.items() if away == region.code != home)
        for region in regions
    }
    most = max(regions, key=lambda region: taken[region.code])
    finding = "No region uses what was proved in another"
    if taken[most.code]:
        finding = f"{most.name} uses most that was proved elsewhere: {taken[most.code]:,}"
    return tile_map(finding, [(r.name, *PLACES[r.code], taken[r.code]) for r in regions])


def places_picture(places: Sequence[Place]) -> TileMap:
    """Return the map of the innovations of each integrated care system."""
    most = max(places, key=lambda place: place.total)
    finding = "No system has innovations that you may open"
    if most.total:
        finding = f"{most.name} has most: {plural(int(most.total), 'innovation')}"
    tiles = tiles_of(place.code for place in places)
    found = [(place.name, *tiles[place.code], int(place.total)) for place in places]
    return tile_map(finding, found, SYSTEM_TILE)


def growth_spark(counts: Sequence[QuarterCount]) -> Spark | None:
    """Return the line of the nation's innovations over the quarters."""
    totals = [sum(count.by_stage.values()) for count in counts]
    first, last = short(counts[0].quarter), short(counts[-1].quarter)
    return spark(f"From {totals[0]:,} in {first} to {totals[-1]:,} in {last}", totals)
