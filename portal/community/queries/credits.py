"""From which idea a challenge, a record or a proposal was made, for its page."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, joinedload, selectinload

from portal.challenges.models import Challenge
from portal.community.models import Campaign, Idea, IdeaAuthor, IdeaState
from portal.db import db
from portal.figures.queries.kept import FigureCache
from portal.innovations.models import Innovation
from portal.programmes.models import Proposal

_COLUMNS: Mapping[type, InstrumentedAttribute[int | None]] = {
    Challenge: Idea.challenge_id,
    Innovation: Idea.innovation_id,
    Proposal: Idea.proposal_id,
}
Result = Challenge | Innovation | Proposal
"""What an idea may become."""


def idea_behind(made: Result) -> Idea | None:
    """Return the first idea from which something was made, with those who are credited."""
    column = _COLUMNS[type(made)]
    if made.id not in _made()[column.key]:
        return None
    return db.session.scalars(
        select(Idea)
        .where(column == made.id, Idea.state == IdeaState.TAKEN_UP)
        .options(
            joinedload(Idea.author),
            joinedload(Idea.organisation),
            joinedload(Idea.campaign).joinedload(Campaign.organisation),
            selectinload(Idea.coauthors).joinedload(IdeaAuthor.user),
        )
        .order_by(Idea.id)
        .limit(1)
    ).first()


def _made() -> Mapping[str, frozenset[int | None]]:
    """Return, by the column of an idea, the ids of what ideas became: most things came of none.
    Kept until an idea changes."""
    found: Mapping[str, frozenset[int | None]] = FigureCache().settled(
        ("made of ideas",), _read_made
    )
    return found


def _read_made() -> Mapping[str, frozenset[int | None]]:
    names = [column.key for column in _COLUMNS.values()]
    taken = select(*_COLUMNS.values()).where(Idea.state == IdeaState.TAKEN_UP)
    rows = db.session.execute(taken).all()
    return {
        name: frozenset(one for row in rows if (one := row[place]) is not None)
        for place, name in enumerate(names)
    }
