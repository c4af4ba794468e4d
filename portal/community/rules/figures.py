"""The figures of ideas: what each counts, in words, and where it comes from."""

from portal.figures.rules import OURS, Figure

IN_TIME, LATE, NO_DAY = "in time", "late", "no day"
LABELS = {IN_TIME: "In time", LATE: "Late", NO_DAY: "No day could be worked out"}

IDEAS_POSTED = Figure(
    "ideas_posted",
    "Ideas of staff",
    "Ideas that others could first read in the quarter. One that was taken back or removed later"
    " counts all the same; one that never passed the looking over does not. An idea counts for the"
    " network in whose area the organisation that asked for it lies; of the nation for it alone.",
    OURS,
    "ideas",
)
IDEAS_ANSWERED = Figure(
    "ideas_answered",
    "Ideas answered, in time and late",
    "Ideas whose authors were told in the quarter that they are taken up, not now and why, or exist"
    " already, by whether that was by their day. The share in time is the number in time of all.",
    OURS,
    "ideas",
)
IDEAS_TAKEN_UP = Figure(
    "ideas_taken_up",
    "Ideas taken up",
    "Those of the ideas answered in the quarter that were taken up, whether or not a record, a"
    " challenge or a proposal was made of them yet.",
    OURS,
    "ideas",
)
DEFINITIONS: tuple[Figure, ...] = (IDEAS_POSTED, IDEAS_ANSWERED, IDEAS_TAKEN_UP)
