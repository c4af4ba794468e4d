"""What the figures of the pipeline's own views mean: pages take their words from here.

The cross-tab's dimensions and figures are those that rooms contribute (`figures.dimensions`).
"""

from collections.abc import Mapping

from portal.figures.rules import OURS, Figure, Rhythm
from portal.figures.rules import REPORT as NETWORK_REPORT
from portal.pipeline.rules.records_query import Move

REPORT = f"{NETWORK_REPORT}, section 1.3"
DATED = "Dated rows of the record"
SUPPORT = "Engagements of Health Innovation Networks, dated"


def _figure(code: str, label: str, definition: str, source: str) -> Figure:
    return Figure(code, label, definition, source, "innovations", Rhythm.DAY)


_ALL = (
    _figure(
        "nation",
        "In the nation",
        "Innovations that were submitted and not archived by the end of the day, whoever may open "
        "them. The nation's totals by stage, and the quarters made of them, are the same for "
        "everybody who is signed in.",
        REPORT,
    ),
    _figure(
        "readable",
        "On the pipeline",
        "Of those, what you may open today. All figures but the nation's totals count only these; "
        "a figure of a past day too, so that nothing hidden since can be worked out.",
        OURS,
    ),
    _figure(
        "stage",
        "At a stage",
        "The step of development that the innovation had reached by the end of the day. What it is "
        "about, and which network looks at it first, is as it is today.",
        DATED,
    ),
    _figure(
        "proven",
        "Proven",
        "Verified by a network against the coded rules, not run out and not withdrawn on the day.",
        "Dated verifications by HIN staff",
    ),
    _figure(
        "added",
        "Added",
        "Submitted for the first time in the quarter of the day, up to its end.",
        REPORT,
    ),
    _figure(
        "stale",
        "No change for six months",
        "No stage, submission, archiving, sharing or entry on its timeline in the six months up to "
        "the end of the day.",
        OURS,
    ),
    _figure(
        Move.ENTERED.value,
        Move.ENTERED.label,
        "Not on the pipeline at the end of the first day, on it at the end of the second. The "
        "start, and what entered, less what was archived, is the end; what entered and was "
        "archived in between shows on neither day.",
        DATED,
    ),
    _figure(
        Move.ADVANCED.value,
        Move.ADVANCED.label,
        "On the pipeline at the end of both days, at a later stage on the second.",
        DATED,
    ),
    _figure(
        Move.STAYED.value,
        Move.STAYED.label,
        "On the pipeline at the end of both days, at the same stage.",
        DATED,
    ),
    _figure(
        Move.STEPPED_BACK.value,
        Move.STEPPED_BACK.label,
        "On the pipeline at the end of both days, at an earlier stage on the second.",
        DATED,
    ),
    _figure(
        Move.ARCHIVED.value,
        Move.ARCHIVED.label,
        "On the pipeline at the end of the first day, no longer at the end of the second.",
        DATED,
    ),
    _figure(
        "median",
        "Median days at a stage",
        "The middle one, or the mean of the two middle ones, of the stays at the stage that ended "
        "in the period because the innovation reached another. Time while it was archived counts.",
        DATED,
    ),
    _figure(
        "works",
        "Works with",
        "A network works with an innovation from when it comes to its desk until it finds it "
        "unsuitable or closes its work. Who works with what is told to staff of the networks and "
        "the national team, and to the innovation's own people.",
        SUPPORT,
    ),
    _figure(
        "beside",
        "In our triage, and with another network",
        "In our triage is what our network has not decided yet; with another network is what "
        "another one has picked up and not closed.",
        SUPPORT,
    ),
    _figure(
        "trade",
        "Proved in one region, in use in another",
        "Innovations that were proven on the day, by the region of the network that verified them "
        "and the regions of the organisations that used them. One counts in each pair it has.",
        "Dated verifications by HIN staff; dated rows of use",
    ),
    _figure(
        "places",
        "By integrated care system",
        "Where the innovation's people are based, by the systems of the day. What was recorded "
        "under a system that became part of another whole counts in the other; what was recorded "
        "under one that was divided is shown apart, because nobody knows which part it was.",
        "The innovation record; the boundaries' dates and successors",
    ),
)

FIGURES: Mapping[str, Figure] = {figure.code: figure for figure in _ALL}
"""By name, in the order of pages."""
