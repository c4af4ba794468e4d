"""Challenges as rows of a download."""

from collections.abc import Iterable, Iterator

from portal.challenges.models import Challenge
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
