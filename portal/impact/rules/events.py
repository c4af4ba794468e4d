"""The figures of milestones, agreements, awards and events, in words."""

from portal.figures.rules import OURS, REPORT, Figure
from portal.impact.models import EventKind

_ONCE = (
    " Each counts in the quarter of its day, once for its network and once for England; one of the"
    " networks together counts for England alone. What is known to the year only counts in none."
)

AWARDS = Figure(
    "awards_won",
    "Awards won",
    "Awards that networks entered as won." + _ONCE,
    f"{REPORT}, highlights; days and networks: {OURS}",
    "awards",
)
AGREEMENTS = Figure(
    "agreements_made",
    "Agreements made",
    "Agreements with others that networks entered." + _ONCE,
    OURS,
    "agreements",
)
MILESTONES = Figure(
    "impact_milestones",
    "Milestones of networks",
    "Milestones in the work of networks; those of single innovations are counted elsewhere."
    + _ONCE,
    OURS,
    "milestones",
)
HELD = Figure(
    "events_held",
    "Events held",
    "Events that networks entered with how many people took part." + _ONCE,
    OURS,
    "events",
)
PEOPLE = Figure(
    "people_reached",
    "People reached by events",
    "People who took part in the events of the quarter, added up: who came twice counts twice."
    + _ONCE,
    OURS,
    "people",
)

KINDS = {
    AWARDS: EventKind.AWARD,
    AGREEMENTS: EventKind.AGREEMENT,
    MILESTONES: EventKind.MILESTONE,
    HELD: EventKind.HELD,
}
"""Which figure counts which kind."""
DEFINITIONS = (*KINDS, PEOPLE)
"""In the order of pages."""
