"""From which idea a challenge, a record or a proposal was made, for its page."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal.challenges.models import Challenge
from portal.community.models import Campaign, Idea, IdeaAuthor, IdeaState
from portal.db import db
from portal.innovations.models import Innovation
from portal.programmes.models import Proposal

Result = Challenge | Innovation | Proposal
"""What an idea may become."""


def idea_behind(made: Result) -> Idea | None:
    """Return the first idea from which something was made, with those who are credited."""
    column = {
        Challenge: Idea.challenge_id,
        Innovation: Idea.innovation_id,
        Proposal: Idea.proposal_id,
    }[type(made)]
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
