"""The figures of support: what each counts, in words, and where its definition comes from.

These are the only definitions: pages, downloads, frozen rows and reports take their words from
here and their numbers from `queries.figures`, which implements them.

A quarter is one of the NHS financial year. An interaction belongs to the quarter of its day, a
decision to the quarter of its moment's day in England. An interaction that was corrected or
withdrawn is not counted; what corrects it is, in the quarter of its own day.

What is entered or corrected after the quarter of its day was frozen is late: it counts in the
quarter in which it was done, a correction as the difference (`rules.interactions`). So frozen
quarters and the live ones after them add up, and nothing counts nowhere or twice. Shown live, a
frozen quarter has its interactions by day, as they stand now.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from statistics import median

from portal.clock import day_of
from portal.figures.rules import OURS, REPORT, WHOLE, Figure, Rhythm, Value
from portal.reference.rules import Quarter, working_days_between
from portal.support.models import EngagementState

COMPANIES = Figure(
    "companies",
    "Companies supported",
    "Different companies (innovator organisations of the kind company) with at least one "
    "interaction "
    "in the quarter, by the support level held on the day of the interaction. One that was helped "
    "at "
    "two levels counts once at each and once in all; one helped by two networks counts once for "
    "each and once for the nation. Before a level is set, an interaction is triage: level 1. "
    "Organisations of other kinds are a figure of their own.",
    f"{REPORT}, section 3.5",
    "companies",
    is_crossed=True,
)

OTHER_ORGANISATIONS = Figure(
    "other_organisations",
    "Other organisations supported",
    "Different innovator organisations other than companies (trusts, integrated care systems, "
    "universities, charities and others) with at least one interaction in the quarter, by kind.",
    OURS,
    "organisations",
)

ORGANISATIONS = Figure(
    "organisations",
    "Organisations supported, of any kind",
    "Different innovator organisations of any kind, companies among them, with at least one "
    "interaction in the quarter, by the support level held on the day of the interaction.",
    OURS,
    "organisations",
)

INTERACTIONS = Figure(
    "interactions",
    "Interactions",
    "Separate interactions in the quarter, by kind. An event with many companies is one.",
    f"{REPORT}, section 3.3; the exact rule is not published: {OURS}",
    "interactions",
)

HOURS = Figure(
    "hours",
    "Hours by level",
    "Hours of the interactions in the quarter, by the level held on the day. The hours of an "
    "event are counted once, shared among the innovations in it.",
    OURS,
    "hours",
    is_crossed=True,
)

HOURS_BY_KIND = Figure(
    "hours_by_kind",
    "Hours by kind of interaction",
    "The same hours, by how the network and the others came together.",
    OURS,
    "hours",
)

HOURS_BY_SUPPORT = Figure(
    "hours_by_support",
    "Hours by kind of support",
    "The same hours, by the kind of support that was given. An interaction that gave several "
    "kinds counts whole under each, so these may add up to more than the hours in all.",
    f"kinds named in {REPORT}; {OURS}",
    "hours",
)

HOURS_BY_PERSON = Figure(
    "hours_by_person",
    "Hours by person",
    "The hours of the interactions in the quarter, by who logged them. A network sees its own "
    "people; for England there is only the whole.",
    OURS,
    "hours",
    is_personal=True,
)

ENGAGEMENTS = Figure(
    "engagements",
    "New engagements",
    "Engagements opened in the quarter: a record came to a network, or a network joined or "
    "took one over that it had not worked with.",
    OURS,
    "engagements",
)

PICK_UP = Figure(
    "pick_up",
    "Median working days to pick up",
    "Over all that were picked up in the quarter: working days in England from the day "
    "on which it came, or came back, to the day on which somebody picked it up.",
    OURS,
    "working days",
    is_median=True,
)

DECIDE = Figure(
    "decide",
    "Median working days to decide",
    "Over all first outcomes in the quarter: working days in England from the day on "
    "which it was picked up, or what was asked for came in, to the day of the outcome.",
    OURS,
    "working days",
    is_median=True,
)

PARTNERSHIPS = Figure(
    "partnerships",
    "Strategic partnerships formed",
    "Engagements that reached level 4 for the first time in the quarter. A network that "
    "takes one over agrees anew, and counts.",
    f"{REPORT}, section 3.3; {OURS}",
    "engagements",
)

LOAD = Figure(
    "load",
    "Load per person",
    "Open engagements by who leads them. A network sees its own people; for England there "
    "is only the whole. A frozen quarter keeps how many there were on the day of freezing.",
    OURS,
    "engagements",
    rhythm=Rhythm.TODAY,
    is_personal=True,
)

CLOSED = Figure(
    "closed",
    "Support closed",
    "Engagements that somebody closed in the quarter, once each; not those that ended "
    "because the record was archived.",
    OURS,
    "engagements",
)

SURVEYS = Figure(
    "surveys",
    "Surveys answered",
    "Answers in the quarter of innovators whose support was closed. The rows behind it "
    "name the network alone: who answered is not kept.",
    OURS,
    "answers",
)

SIGNPOSTED = Figure(
    "signposted",
    "Innovations signposted",
    "Different innovations that were pointed to somebody of the support directory in the quarter, "
    "by whom. One that was pointed to two counts once under each and once in all; one that two "
    "networks pointed somewhere counts once for each and once for the nation.",
    OURS,
    "innovations",
)

OVERDUE = Figure(
    "overdue",
    "Overdue",
    "Open engagements whose due date has passed, as the desk shows them, by who "
    "leads them. What was exempted has no such day. A frozen quarter keeps how many there "
    "were on the day of freezing.",
    OURS,
    "engagements",
    rhythm=Rhythm.TODAY,
    is_personal=True,
)


DEFINITIONS: tuple[Figure, ...] = (
    COMPANIES,
    OTHER_ORGANISATIONS,
    ORGANISATIONS,
    INTERACTIONS,
    HOURS,
    HOURS_BY_KIND,
    HOURS_BY_SUPPORT,
    HOURS_BY_PERSON,
    ENGAGEMENTS,
    PICK_UP,
    DECIDE,
    PARTNERSHIPS,
    LOAD,
    CLOSED,
    SURVEYS,
    SIGNPOSTED,
    OVERDUE,
)
"""In the order of pages."""


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
    steps: Iterable[Step], figure: Figure, quarter: Quarter, holidays: Set[date]
) -> list[Wait]:
    """Return the waits that ended in the quarter: new to picked up, or picked up to decided.

    `steps` are every step of the engagements, in the order in which each took them.
    """
    begins, ends = PAIRS[figure.code]
    return [
        _wait(before, after, holidays)
        for before, after in pairwise(steps)
        if before.engagement_id == after.engagement_id
        and before.state is begins
        and after.state in ends
        and after.is_by_person
        and quarter.begins_at <= after.at < quarter.ends_at
    ]


PAIRS: Mapping[str, tuple[EngagementState, frozenset[EngagementState]]] = {
    PICK_UP.code: (EngagementState.NEW, frozenset({EngagementState.ASSESSING})),
    DECIDE.code: (
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


def medians(figure: Figure, ended: Sequence[Wait]) -> list[Value]:
    """Return the median of each HIN and of the nation; nothing where nobody waited."""
    hins = sorted({wait.hin_id for wait in ended})
    values = [
        Value(figure.code, hin, WHOLE, median(w.days for w in ended if w.hin_id == hin))
        for hin in hins
    ]
    if ended:
        values.append(Value(figure.code, None, WHOLE, median(wait.days for wait in ended)))
    return values
