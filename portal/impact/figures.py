"""The figures that impact contributes (`portal/rooms.py`)."""

from portal.figures.rules import FigureSet
from portal.impact.queries import events, figure_counts
from portal.impact.rules.events import DEFINITIONS as EVENTS
from portal.impact.rules.figures import DEFINITIONS

FIGURES = FigureSet(
    heading="Yearly company return",
    figures=DEFINITIONS,
    count=figure_counts.count,
    rows=figure_counts.rows_behind,
    labels=figure_counts.labels,
    first_day=figure_counts.first_day,
    gaps=figure_counts.gaps,
)
"""Estimates are no figures: what was modelled is never counted."""

EVENT_FIGURES = FigureSet(
    heading="Milestones, agreements, awards and events",
    figures=EVENTS,
    count=events.count,
    rows=events.rows_behind,
    labels=dict,
    first_day=events.first_day,
)
