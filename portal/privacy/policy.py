"""Who may do what to people's data. Pure."""

from portal.accounts.models import Actor, User


def can_administer(actor: Actor) -> bool:
    """Whether the actor may erase people, give out what is held about them and set how long things
    are kept."""
    return actor.is_administrator


def can_copy(actor: Actor, user: User) -> bool:
    """Whether the actor may have what is held about a person: the person, and administrators."""
    return actor.user_id == user.id or can_administer(actor)


def can_erase(actor: Actor, user: User) -> bool:
    """Whether the actor may have a person erased: the person, and administrators but themselves."""
    return actor.user_id == user.id or can_administer(actor)
