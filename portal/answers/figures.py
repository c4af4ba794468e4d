"""The figures that calls and answers contribute (`portal/rooms.py`)."""

from portal.answers.queries import numbers
from portal.answers.rules.figures import DEFINITIONS, LABELS
from portal.figures.rules import FigureSet

FIGURES = FigureSet(
    heading="Calls and answers",
    figures=DEFINITIONS,
    count=numbers.count,
    rows=numbers.rows_behind,
    labels=lambda: LABELS,
    first_day=numbers.first_day,
)
