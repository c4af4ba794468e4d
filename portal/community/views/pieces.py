"""What ideas contribute to pages of lower rooms: whose idea a challenge, a record or a proposal
was."""

from dataclasses import dataclass
from typing import Any

from portal.accounts.session import current_actor
from portal.challenges.models import Challenge
from portal.community.models import Idea
from portal.community.policy import can_see
from portal.community.queries import standing_of
from portal.community.queries.credits import idea_behind
from portal.community.rules import names_of
from portal.innovations.models import Innovation
from portal.programmes.models import Proposal


@dataclass(frozen=True, slots=True)
class Credit:
    """Whose idea something was, as its reader may know it."""

    idea: Idea
    names: list[str]
    """Of the authors, for staff; others read for whom they work."""
    may_open: bool
    template: str = "community/_credit.html"


def credit_of(made: Any) -> Credit | None:
    """Return whose idea something was; None where it was nobody's."""
    if not isinstance(made, Challenge | Innovation | Proposal):
        return None
    idea = idea_behind(made)
    if idea is None:
        return None
    actor = current_actor()
    is_staff = actor.is_ics or actor.is_staff
    may_open = actor.is_signed_in and can_see(actor, standing_of(actor), idea)
    return Credit(idea, names_of(idea) if is_staff or may_open else [], may_open)
