"""Who may look after the service itself."""

from portal.accounts.models import Actor


def can_administer(actor: Actor) -> bool:
    """Whether the actor may change vocabularies and read the audit log and the jobs."""
    return actor.is_administrator


def can_set_deadlines(actor: Actor) -> bool:
    """Whether the actor may set how long deadlines allow: the national team, administrators."""
    return actor.is_national or actor.is_administrator


def can_read_deadlines(actor: Actor) -> bool:
    """Whether the actor may read how long deadlines allow: staff and administrators."""
    return actor.is_staff or actor.is_administrator
