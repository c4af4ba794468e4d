"""The figures of support: what each counts, in words, and where its definition comes from.

These are the only definitions: the page, the downloads, the frozen rows and the quarterly report
take their words from here and their numbers from `queries.figures`, which implements them.

A quarter is one of the NHS financial year. A contact belongs to the quarter of its day, a
decision to the quarter of its moment's day in England. A contact that was corrected or withdrawn
is not counted; what corrects it is, in the quarter of its own day.
"""

import enum
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from statistics import median

from portal.clock import day_of
from portal.reference.rules import Quarter, working_days_between
from portal.support.models import EngagementState

REPORT = "AHSN Network report, quarter 1 of 2021/22"
OURS = "this product's own rule"


class Measure(enum.StrEnum):
    """What is counted; the code is what frozen rows and downloads keep."""

    COMPANIES = "companies"
    INTERACTIONS = "interactions"
    HOURS = "hours"
    HOURS_BY_KIND = "hours_by_kind"
    HOURS_BY_SUPPORT = "hours_by_support"
    HOURS_BY_PERSON = "hours_by_person"
    ENGAGEMENTS = "engagements"
    PICK_UP = "pick_up"
    DECIDE = "decide"
    VALIDATIONS = "validations"
    VALIDATIONS_BY_SUPPORT = "validations_by_support"
    PARTNERSHIPS = "partnerships"
    LOAD = "load"
    CLOSED = "closed"
    SURVEYS = "surveys"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Definition:
    """What a measure counts."""

    measure: Measure
    name: str
    wording: str
    source: str
    unit: str = ""
    is_now_only: bool = False
    """It tells of this very day: a past quarter has it only if it was frozen."""


DEFINITIONS: Mapping[Measure, Definition] = {
    found.measure: found
    for found in (
        Definition(
            Measure.COMPANIES,
            "Companies supported",
            "Different innovator organisations with at least one contact in the quarter, by the "
            "support level held on the day of the contact. One that was helped at two levels "
            "counts once at each and once in all; one helped by two networks counts once for each "
            "and once for the nation. Before a level is set, a contact is triage: level 1.",
            f"{REPORT}, section 3.5",
            "organisations",
        ),
        Definition(
            Measure.INTERACTIONS,
            "Interactions",
            "Separate contacts in the quarter, by kind. An event with many companies is one.",
            f"{REPORT}, section 3.3; the exact rule is not published: {OURS}",
            "contacts",
        ),
        Definition(
            Measure.HOURS,
            "Hours by level",
            "Hours of the contacts in the quarter, by the level held on the day. The hours of an "
            "event are counted once, shared among the innovations in it.",
            OURS,
            "hours",
        ),
        Definition(
            Measure.HOURS_BY_KIND,
            "Hours by kind of contact",
            "The same hours, by how the network and the others came together.",
            OURS,
            "hours",
        ),
        Definition(
            Measure.HOURS_BY_SUPPORT,
            "Hours by kind of support",
            "The same hours, by the kind of support that was given. A contact that gave several "
            "kinds counts whole under each, so these may add up to more than the hours in all.",
            f"kinds named in {REPORT}; {OURS}",
            "hours",
        ),
        Definition(
            Measure.HOURS_BY_PERSON,
            "Hours by person",
            "The hours of the contacts in the quarter, by who logged them. A network sees its own "
            "people; for England there is only the whole.",
            OURS,
            "hours",
        ),
        Definition(
            Measure.ENGAGEMENTS,
            "New engagements",
            "Engagements opened in the quarter: a record came to a network, or a network joined or "
            "took one over that it had not worked with.",
            OURS,
            "engagements",
        ),
        Definition(
            Measure.PICK_UP,
            "Median working days to pick up",
            "Over all that were picked up in the quarter: working days in England from the day "
            "on which it came, or came back, to the day on which somebody picked it up.",
            OURS,
            "working days",
        ),
        Definition(
            Measure.DECIDE,
            "Median working days to decide",
            "Over all first outcomes in the quarter: working days in England from the day on "
            "which it was picked up, or what was asked for came in, to the day of the outcome.",
            OURS,
            "working days",
        ),
        Definition(
            Measure.VALIDATIONS,
            "Real-world validations by care setting",
            "Validations that ran on some day of the quarter (running, completed or stopped, "
            "with their start on or before its last day and no end before its first), by care "
            "setting.",
            f"{REPORT}, section 3.5",
            "validations",
        ),
        Definition(
            Measure.VALIDATIONS_BY_SUPPORT,
            "Real-world validations by kind of support",
            "The same validations, by the kind of support that the network gave. One with several "
            "kinds counts once under each, so these may add up to more than there are.",
            f"{REPORT}, section 3.5; {OURS}",
            "validations",
        ),
        Definition(
            Measure.PARTNERSHIPS,
            "Strategic partnerships formed",
            "Engagements that reached level 4 for the first time in the quarter. A network that "
            "takes one over agrees anew, and counts.",
            f"{REPORT}, section 3.3; {OURS}",
            "engagements",
        ),
        Definition(
            Measure.LOAD,
            "Load per person",
            "Open engagements by who leads them. A network sees its own people; for England there "
            "is only the whole. A frozen quarter keeps how many there were on the day of freezing.",
            OURS,
            "engagements",
            is_now_only=True,
        ),
        Definition(
            Measure.CLOSED,
            "Support closed",
            "Engagements that somebody closed in the quarter, once each; not those that ended "
            "because the record was archived.",
            OURS,
            "engagements",
        ),
        Definition(
            Measure.SURVEYS,
            "Surveys answered",
            "Answers in the quarter of innovators whose support was closed. The rows behind it "
            "name the network alone: who answered is not kept.",
            OURS,
            "answers",
        ),
        Definition(
            Measure.OVERDUE,
            "Overdue",
            "Open engagements whose next promised day has passed, as the desk shows them, by who "
            "leads them. What was exempted has no such day. A frozen quarter keeps how many there "
            "were on the day of freezing.",
            OURS,
            "engagements",
            is_now_only=True,
        ),
    )
}


PERSONAL = frozenset({Measure.HOURS_BY_PERSON, Measure.LOAD, Measure.OVERDUE})
"""Measures whose groups are people: only their own HIN sees more than the whole."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number: of a measure, of one HIN or the nation (None), of a group or in all ("")."""

    measure: Measure
    hin_id: int | None
    group: str
    value: float


@dataclass(frozen=True, slots=True)
class Step:
    """A state that an engagement reached, as far as the time between two of them matters."""

    engagement_id: int
    hin_id: int
    state: EngagementState
    at: datetime
    is_by_person: bool


@dataclass(frozen=True, slots=True)
class Wait:
    """How long an engagement waited for its next step, in working days."""

    engagement_id: int
    hin_id: int
    from_at: datetime
    to_at: datetime
    days: int


def waits(
    steps: Iterable[Step], measure: Measure, quarter: Quarter, holidays: Set[date]
) -> list[Wait]:
    """Return the waits that ended in the quarter: new to picked up, or picked up to decided.

    `steps` are every step of the engagements, in the order in which each took them.
    """
    begins, ends = PAIRS[measure]
    return [
        _wait(before, after, holidays)
        for before, after in pairwise(steps)
        if before.engagement_id == after.engagement_id
        and before.state is begins
        and after.state in ends
        and after.is_by_person
        and quarter.begins_at <= after.at < quarter.ends_at
    ]


PAIRS: Mapping[Measure, tuple[EngagementState, frozenset[EngagementState]]] = {
    Measure.PICK_UP: (EngagementState.NEW, frozenset({EngagementState.ASSESSING})),
    Measure.DECIDE: (
        EngagementState.ASSESSING,
        frozenset(
            {
                EngagementState.ENGAGING,
                EngagementState.WAITING,
                EngagementState.CHANGES,
                EngagementState.UNSUITABLE,
            }
        ),
    ),
}
"""From which state to which a wait lasts."""


def _wait(before: Step, after: Step, holidays: Set[date]) -> Wait:
    start, end = (day_of(step.at) for step in (before, after))
    days = working_days_between(start, end, holidays)
    return Wait(after.engagement_id, after.hin_id, before.at, after.at, days)


def medians(measure: Measure, found: Sequence[Wait]) -> list[Figure]:
    """Return the median of each HIN and of the nation; nothing where nobody waited."""
    hins = sorted({wait.hin_id for wait in found})
    figures = [
        Figure(measure, hin, "", median(w.days for w in found if w.hin_id == hin)) for hin in hins
    ]
    if found:
        figures.append(Figure(measure, None, "", median(wait.days for wait in found)))
    return figures


def in_all(figures: Iterable[Figure]) -> list[Figure]:
    """Return the nation's figures beside those of the HINs, where adding up is right."""
    sums: dict[tuple[Measure, str], float] = {}
    found = list(figures)
    for figure in found:
        key = (figure.measure, figure.group)
        sums[key] = sums.get(key, 0) + figure.value
    return found + [Figure(measure, None, group, v) for (measure, group), v in sums.items()]
