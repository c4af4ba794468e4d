"""Challenges as rows of a download."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from portal.challenges.models import Call, CallTold, Challenge, ToldKind
from portal.challenges.rules import grouped
from portal.reference.models import Vocabulary
from portal.web.downloads import Cell

HEADER = (
    "Number",
    "Challenge",
    "State",
    "Organisation",
    "ICS",
    "Problem",
    "Who is affected",
    "People affected in a year",
    "Outcome wanted",
    "Must-haves and limits",
    "Care settings",
    "Conditions",
    "Areas",
    "Answer needed by",
    "Who may read it",
    "Opened",
    "Closed",
    "Outcome",
    "Demonstration data",
)


def rows(challenges: Iterable[Challenge]) -> Iterator[tuple[Cell, ...]]:
    """Yield one row a challenge, in the order of `HEADER`; contacts are never in it."""
    for challenge in challenges:
        terms = grouped(challenge.terms)
        yield (
            challenge.id,
            challenge.title,
            challenge.state.label,
            challenge.organisation.name,
            challenge.organisation.ics.name if challenge.organisation.ics else "",
            challenge.problem,
            challenge.who_affected,
            challenge.how_many,
            challenge.outcome_wanted,
            challenge.must_haves,
            "; ".join(terms[Vocabulary.CARE_SETTING]),
            "; ".join(terms[Vocabulary.CONDITION]),
            "; ".join(terms[Vocabulary.AREA]),
            challenge.needed_by,
            challenge.readers.label,
            challenge.opened_at,
            challenge.closed_at,
            challenge.outcome.label if challenge.outcome else "",
            challenge.is_demo,
        )


TOLD_HEADER = ("When", "What", "Number", "To whom")
EVERYBODY = "Everybody: on the public page"
SOMEBODY = "A person who acts for no organisation"


def told_rows(call: Call, told: Iterable[CallTold]) -> Iterator[tuple[datetime | str | int, ...]]:
    """Yield who was told what about a call, under `TOLD_HEADER`: organisations, never people. The
    number of a question is its place on the page."""
    places = {one.id: place for place, one in enumerate(call.questions, start=1)}
    for one in told:
        number = places.get(one.number or 0) if one.kind is ToldKind.ANSWERED else one.number
        whom = one.organisation.name if one.organisation else SOMEBODY
        yield one.at, one.kind.label, number or "", whom if one.user_id else EVERYBODY
