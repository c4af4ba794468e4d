"""The figures that the Exchange contributes (`portal/rooms.py`)."""

from portal.exchange.models import ContentKind
from portal.exchange.queries import figures
from portal.exchange.rules.figures import DEFINITIONS
from portal.exchange.rules.kinds import KINDS
from portal.figures.rules import FigureSet

FIGURES = FigureSet(
    heading="The Exchange",
    figures=DEFINITIONS,
    count=figures.count,
    rows=figures.rows_behind,
    labels=lambda: {kind.value: KINDS[kind].many for kind in ContentKind},
    first_day=figures.first_day,
)
