"""The figures of proof: what each counts, in words, and where its definition comes from."""

from portal.figures.rules import OURS, REPORT, Figure

VALIDATIONS = Figure(
    "validations",
    "Real-world validations by care setting",
    "Validations that ran on some day of the quarter (running, completed or stopped, "
    "with their start on or before its last day and no end before its first), by care "
    "setting.",
    f"{REPORT}, section 3.5",
    "validations",
)

VALIDATIONS_BY_SUPPORT = Figure(
    "validations_by_support",
    "Real-world validations by kind of support",
    "The same validations, by the kind of support that the network gave. One with several "
    "kinds counts once under each, so these may add up to more than there are.",
    f"{REPORT}, section 3.5; {OURS}",
    "validations",
)


DEFINITIONS: tuple[Figure, ...] = (VALIDATIONS, VALIDATIONS_BY_SUPPORT)
