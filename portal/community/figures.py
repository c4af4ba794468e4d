"""The figures that ideas contribute (`portal/rooms.py`)."""

from portal.community.queries import numbers
from portal.community.rules.figures import DEFINITIONS, LABELS
from portal.figures.rules import FigureSet

FIGURES = FigureSet(
    heading="Ideas of staff",
    figures=DEFINITIONS,
    count=numbers.count,
    rows=numbers.rows_behind,
    labels=lambda: LABELS,
    first_day=numbers.first_day,
)
