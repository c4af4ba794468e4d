"""Who may announce."""

from portal.accounts.models import Actor


def can_announce(actor: Actor) -> bool:
    """Whether the actor may write to everybody: the national team and administrators."""
    return actor.is_national or actor.is_administrator
