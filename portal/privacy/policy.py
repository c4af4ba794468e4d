"""Who may do what to people's data. Pure."""

from portal.accounts.models import Actor, User
from portal.accounts.policy import can_administer


def can_copy(actor: Actor, user: User) -> bool:
    """Whether the actor may have what is held about a person: the person, and administrators."""
    return actor.user_id == user.id or can_administer(actor)
