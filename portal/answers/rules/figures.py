"""The figures of calls and answers: what each counts, in words, and where it comes from."""

from portal.figures.rules import OURS, Figure

IN_TIME, LATE, NO_DAY = "in time", "late", "no day"
LABELS = {IN_TIME: "In time", LATE: "Late", NO_DAY: "No day could be worked out"}

CALLS_OPEN = Figure(
    "calls_open",
    "Calls open for answers",
    "Published calls that took answers on some day of the quarter: opened on or before its last day"
    " and not closed before its first. A call counts for the network that states it or leads in the"
    " ICS that does; one of the nation counts for the nation alone.",
    OURS,
    "calls",
)
CALLS_CLOSED = Figure(
    "calls_closed",
    "Calls closed",
    "Published calls whose last day for answers lies in the quarter and is not to come.",
    OURS,
    "calls",
)
ANSWERS_GIVEN = Figure(
    "answers_given",
    "Answers to challenges",
    "Answers that arrived in the quarter, for the first time, at those who state the challenge: in"
    " a call, or passed on by a network. One that was withdrawn later counts all the same.",
    OURS,
    "answers",
)
ANSWERS_DECIDED = Figure(
    "answers_decided",
    "Answers decided, in time and late",
    "Answers to which the innovator got an answer of their own in the quarter, an invitation or a"
    " reason, by whether that was by its day. The share in time is the number in time of all.",
    OURS,
    "answers",
)
DEFINITIONS: tuple[Figure, ...] = (CALLS_OPEN, CALLS_CLOSED, ANSWERS_GIVEN, ANSWERS_DECIDED)
