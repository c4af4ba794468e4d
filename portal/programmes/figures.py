"""The figures that programmes contribute (`portal/rooms.py`)."""

from portal.figures.rules import FigureSet
from portal.programmes.queries import figure_counts
from portal.programmes.rules.figures import DEFINITIONS

FIGURES = FigureSet(
    heading="Programmes",
    figures=DEFINITIONS,
    count=figure_counts.count,
    rows=figure_counts.rows_behind,
    labels=figure_counts.labels,
    first_day=figure_counts.first_day,
    gaps=figure_counts.gaps,
)
