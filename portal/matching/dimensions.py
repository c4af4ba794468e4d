"""What of matching a cross-tab's cell may count (`portal/rooms.py`)."""

from typing import Any

from sqlalchemy import Select, distinct, func, select

from portal.accounts.models import Actor
from portal.challenges.models import Challenge, ChallengeState
from portal.challenges.queries import visible_to
from portal.figures.dimensions import CellFigure, CountQuery, DimensionSet
from portal.figures.rules import Figure, Rhythm
from portal.innovations.models import Innovation
from portal.innovations.queries import own
from portal.matching.models import Readership, Suggestion
from portal.matching.policy import can_read_matches, readership

CHALLENGES = Figure(
    "challenges",
    "Challenges matched",
    "Different open challenges for which one of these innovations stands among the reader's "
    "suggestions. Suggestions are today's: a past day has none.",
    "The newest suggestions of the matching engine",
    unit="challenges",
    rhythm=Rhythm.TODAY,
    one="challenge matched",
    many="challenges matched",
)


def _challenges(query: CountQuery) -> Select[Any]:
    matched = suggested(query.actor).subquery()
    found = select(*query.shown, func.count(distinct(matched.c.challenge_id)).label("count"))
    return found.join_from(query.cells, matched, matched.c.innovation_id == query.cells.c.id)


def suggested(actor: Actor) -> Select[int, int]:
    """Return pairs of innovation and open challenge that the reader's suggestions hold.

    ICS, HIN and national staff have lists of their own; an innovator's people learn what their
    own records may fit and nothing of others'; nobody else has suggestions.
    """
    found = (
        select(Suggestion.innovation_id, Suggestion.challenge_id)
        .join(Challenge, Challenge.id == Suggestion.challenge_id)
        .where(Challenge.state == ChallengeState.OPEN, visible_to(actor))
    )
    if can_read_matches(actor):
        return found.where(Suggestion.readership == readership(actor))
    ours = select(Innovation.id).where(own(actor))
    return found.where(
        Suggestion.readership == Readership.INNOVATOR, Suggestion.innovation_id.in_(ours)
    )


DIMENSIONS = DimensionSet(figures=[CellFigure(CHALLENGES, _challenges)])
