"""The figures that improvement contributes (`portal/rooms.py`)."""

from portal.figures.rules import FigureSet
from portal.improvement.queries import figure_counts
from portal.improvement.rules.figures import DEFINITIONS

FIGURES = FigureSet(
    heading="Improvement",
    figures=DEFINITIONS,
    count=figure_counts.count,
    rows=figure_counts.rows_behind,
    labels=figure_counts.labels,
    first_day=figure_counts.first_day,
)
