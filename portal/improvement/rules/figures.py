"""The figures of improvement: what each counts, in words. Pure."""

from portal.figures.rules import OURS, REPORT, Figure

TEAMS = Figure(
    "IMPROVEMENT_TEAMS",
    "Teams that test changes, by kind",
    "Wards, homes, practices and other teams that were recruited and have not finished or"
    " withdrawn by the last day of the quarter (or today). A team that pauses counts. Testing is"
    " no adoption.",
    f"{REPORT}, section 4.4; {OURS}",
    "teams",
    one="team",
    many="teams",
)
PLACES = Figure(
    "IMPROVEMENT_PLACES",
    "Trusts, homes and practices with a team that tests changes",
    "Different places to which such a team belongs: teams of one trust count once. Teams of which"
    " nobody said the place do not count.",
    f"{REPORT}, section 4.4; {OURS}",
    "places",
    one="place",
    many="places",
)
CYCLES = Figure(
    "IMPROVEMENT_CYCLES",
    "Cycles of plan, do, study, act that were decided on",
    "Cycles on which a team decided in the quarter, by what it decided.",
    OURS,
    "cycles",
    one="cycle",
    many="cycles",
)
SURVEYED = Figure(
    "IMPROVEMENT_SURVEYED",
    "Places that answered a survey, by what was asked",
    "Different places at which somebody answered a survey of a network in the quarter, by the"
    " survey's template. A place that answered two surveys of one template counts once. How many"
    " people answered is no figure: numbers of few would follow from it.",
    OURS,
    "places",
    one="place",
    many="places",
)
DEFINITIONS = (TEAMS, PLACES, CYCLES, SURVEYED)
