"""What programmes ask of people, as rows of the home page."""

from typing import Any

from sqlalchemy import Select, select

from portal.accounts.models import Actor
from portal.programmes.models import Assessor, Proposal
from portal.programmes.queries.proposals import is_waited_for


def to_assess(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Return the open proposals that the actor is to score, or declare a conflict of."""
    return (
        select(Proposal.id, Proposal.title.label("text"), Assessor.due_on)
        .join(Assessor.proposal)
        .where(Assessor.user_id == actor.user_id, is_waited_for())
    )
