"""Who may work with a network's desk. Pure."""

from portal.accounts.models import Actor
from portal.support.policy import can_log


def can_see_desk(actor: Actor) -> bool:
    """Whether the actor may open the triage desk."""
    return actor.is_staff


def can_set_capacity(actor: Actor, user_id: int) -> bool:
    """Whether the actor may say what is a full load for a person: a lead of the HIN, and everybody
    for themselves."""
    return can_log(actor) and (actor.is_lead or actor.user_id == user_id)
