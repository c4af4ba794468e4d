"""Pictures of figures: pure geometry here, drawn as SVG by `macros/charts.html`.

Widths are percentages and heights pixels, so that a picture fills the width it gets and its words
keep their size, on a phone and on paper. Every picture has a `finding`, the sentence that it shows,
and stands beside a table of the same figures: it adds no link and no fact that is not there too.
"""

from portal.web.charts.bars import Bars, Diverging, bars, diverging
from portal.web.charts.grid import SYSTEM_TILE, HeatMap, TileMap, heat_map, level_of, tile_map
from portal.web.charts.overtime import At, OverTime, SizedPoint, funnel, over_time
from portal.web.charts.spark import Spark, spark
from portal.web.charts.stacks import Stacks, stacks

__all__ = [
    "SYSTEM_TILE",
    "At",
    "Bars",
    "Diverging",
    "HeatMap",
    "OverTime",
    "SizedPoint",
    "Spark",
    "Stacks",
    "TileMap",
    "bars",
    "diverging",
    "funnel",
    "heat_map",
    "level_of",
    "over_time",
    "spark",
    "stacks",
    "tile_map",
]
