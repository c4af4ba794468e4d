"""The figures of adoption: what each counts, and from where. Pure."""

from portal.figures.rules import OURS, REPORT, Figure

PAIRS = "pairs of site and product"
STAGES = Figure(
    "ADOPTION_STAGES",
    "Sites by stage of adoption",
    "Pairs of a site of the directory and an innovation, by where they stood at the end of the "
    "quarter (or today). Of a pair the newest row counts that nothing corrects; an innovator's own "
    "claim does not count. Pairs of which nobody recorded anything are not among them.",
    REPORT,
    unit=PAIRS,
    one="pair of site and product",
    many=PAIRS,
)
INTRODUCED = Figure(
    "ADOPTION_INTRODUCED",
    "Sites to which an innovation was introduced",
    "Pairs at stage 1 or above at the end of the quarter that were at none before it.",
    OURS,
    unit=PAIRS,
    one="pair introduced",
    many="pairs introduced",
)
ADOPTING = Figure(
    "ADOPTION_IN_USE",
    "Sites that use an innovation",
    "Pairs at stage 5 or above at the end of the quarter (or today).",
    REPORT,
    unit=PAIRS,
    one="pair in use",
    many="pairs in use",
)
MOVES = Figure(
    "ADOPTION_MOVES",
    "Moves of sites",
    "Pairs that came to stage 1 or above, moved up, fell, or stopped or declined between the end "
    "of the quarter before and the end of this one (or today).",
    OURS,
    unit=PAIRS,
    one="move",
    many="moves",
)
MONEY = Figure(
    "ADOPTION_MONEY",
    "Money of the sites in use",
    "Pairs at stage 4 or above at the end of the quarter (or today), by the newest state of their "
    "money; where nothing was said it is not stated, so that the parts add up.",
    REPORT,
    unit=PAIRS,
    one="pair in use in part or everywhere",
    many="pairs in use in part or everywhere",
)
DEFINITIONS = (STAGES, INTRODUCED, ADOPTING, MOVES, MONEY)
