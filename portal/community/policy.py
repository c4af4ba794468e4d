"""Who may read and do what with campaigns and ideas. Pure; `queries` says in SQL who reads them.

Staff are people who act for an ICS, a HIN or the national team, and everybody whose address is of
a domain on the list (`data/work_domains.csv`): a nurse who signed up for a company is one of them.
Others take part in the campaigns to which they are invited. The national team reads every campaign,
because it decides appeals.
"""

from collections.abc import Set
from dataclasses import dataclass

from portal.accounts.models import Actor
from portal.challenges.policy import can_post as can_state_challenges
from portal.community.models import Audience, Campaign, Idea, IdeaState
from portal.community.rules import CHANGING, SHOWN, TAKEN_BACK_FROM, UNANSWERED
from portal.programmes.policy import can_propose


@dataclass(frozen=True, slots=True)
class Standing:
    """What the room has to know of a person besides for whom they act (`queries.standing_of`)."""

    has_work_address: bool = False
    runs_trust: bool = False
    """They lead an NHS trust, which has no role of its own."""
    area_hin_id: int | None = None
    """The HIN in whose area their organisation lies."""
    invited: Set[int] = frozenset()
    """The campaigns to which their address is invited."""


NOBODY = Standing()


def is_staff(actor: Actor, standing: Standing) -> bool:
    """Whether they are staff who have ideas here."""
    acts = actor.is_ics or actor.is_hin or actor.is_national
    is_member = actor.is_signed_in and actor.organisation_id is not None
    return acts or (is_member and standing.has_work_address)


def can_read(actor: Actor, standing: Standing) -> bool:
    """Whether they have a page of ideas at all."""
    is_member = actor.is_signed_in and actor.organisation_id is not None
    return is_staff(actor, standing) or (is_member and bool(standing.invited))


def can_start(actor: Actor, standing: Standing) -> bool:
    """Whether they start campaigns: people of ICSs, HINs and the national team, leads of trusts."""
    return actor.is_ics or actor.is_hin or actor.is_national or standing.runs_trust


def runs(actor: Actor, standing: Standing, campaign: Campaign) -> bool:
    """Whether they answer and look over the ideas of a campaign: it is of their organisation."""
    return can_start(actor, standing) and actor.organisation_id == campaign.organisation_id


def can_see_campaign(actor: Actor, standing: Standing, campaign: Campaign) -> bool:
    """Whether they may know of a campaign."""
    if not can_read(actor, standing):
        return False
    if actor.is_national or campaign.id in standing.invited or runs(actor, standing, campaign):
        return True
    return is_staff(actor, standing) and _is_asked(actor, standing, campaign)


def _is_asked(actor: Actor, standing: Standing, campaign: Campaign) -> bool:
    if campaign.audience is Audience.EVERYONE:
        return True
    if campaign.audience is Audience.AREA:
        return campaign.hin_id is not None and campaign.hin_id == standing.area_hin_id
    return campaign.organisation_id == actor.organisation_id


def is_author(actor: Actor, idea: Idea) -> bool:
    """Whether they wrote it or joined."""
    joined = {one.user_id for one in idea.coauthors}
    return actor.is_signed_in and actor.user_id in {idea.author_id, *joined}


def can_see(actor: Actor, standing: Standing, idea: Idea) -> bool:
    """Whether they may know of an idea."""
    if is_author(actor, idea):
        return can_read(actor, standing)
    if not can_see_campaign(actor, standing, idea.campaign):
        return False
    oversees = runs(actor, standing, idea.campaign) or actor.is_national
    return idea.state in SHOWN or (oversees and idea.state is not IdeaState.WITHDRAWN)


def can_change(actor: Actor, idea: Idea) -> bool:
    """Whether they may change what it says: its author, until somebody looks at it."""
    return actor.user_id == idea.author_id and idea.state in CHANGING


def can_withdraw(actor: Actor, idea: Idea) -> bool:
    """Whether they may take it back: its author, until it is answered."""
    return actor.user_id == idea.author_id and idea.state in TAKEN_BACK_FROM


def can_take_part(actor: Actor, idea: Idea) -> bool:
    """Whether who reads it may comment, support, follow and report."""
    return actor.is_signed_in and idea.state in SHOWN


def can_support(actor: Actor, idea: Idea) -> bool:
    """Whether they may support it: everybody but its authors."""
    return can_take_part(actor, idea) and not is_author(actor, idea)


def can_join(actor: Actor, idea: Idea) -> bool:
    """Whether they may become a co-author."""
    return idea.may_join and idea.state in UNANSWERED and can_support(actor, idea)


def can_look(actor: Actor, standing: Standing, idea: Idea) -> bool:
    """Whether they may take it on to look at it."""
    return runs(actor, standing, idea.campaign) and idea.state is IdeaState.POSTED


def can_answer(actor: Actor, standing: Standing, idea: Idea) -> bool:
    """Whether they may answer it: who took it on, or a colleague for them."""
    return runs(actor, standing, idea.campaign) and idea.state in UNANSWERED


def can_release(actor: Actor, standing: Standing, idea: Idea) -> bool:
    """Whether they may post or refuse what waits to be looked over: never its author."""
    is_held = idea.state is IdeaState.HELD
    return is_held and runs(actor, standing, idea.campaign) and not is_author(actor, idea)


def can_moderate(actor: Actor, standing: Standing, idea: Idea) -> bool:
    """Whether they decide reports and may remove it: never its author."""
    runs_it = runs(actor, standing, idea.campaign)
    return runs_it and idea.state in SHOWN and not is_author(actor, idea)


def can_appeal(actor: Actor, idea: Idea) -> bool:
    """Whether they may appeal: the author of what was removed."""
    return actor.user_id == idea.author_id and idea.state is IdeaState.REMOVED


def can_decide_appeal(actor: Actor, standing: Standing, idea: Idea) -> bool:
    """Whether they decide an appeal: somebody else than who removed it, of those who run the
    campaign or of the national team."""
    decides = runs(actor, standing, idea.campaign) or actor.is_national
    return decides and not is_author(actor, idea) and actor.user_id != idea.removed_by_id


def can_become_challenge(actor: Actor, standing: Standing, idea: Idea) -> bool:
    """Whether they may make a challenge of it: those who run the campaign and state challenges."""
    is_theirs = can_state_challenges(actor) and runs(actor, standing, idea.campaign)
    return is_theirs and idea.state is IdeaState.TAKEN_UP


def can_become_record(actor: Actor, idea: Idea) -> bool:
    """Whether they may start a record of it, which they keep for its authors' organisation: the
    network in whose area it was asked for, and the national team."""
    is_near = actor.is_hin and actor.hin_id == idea.campaign.hin_id
    return (is_near or actor.is_national) and idea.state is IdeaState.TAKEN_UP


def can_become_proposal(actor: Actor, idea: Idea) -> bool:
    """Whether they may put it forward as a next programme: the national team."""
    return can_propose(actor) and idea.state is IdeaState.TAKEN_UP
