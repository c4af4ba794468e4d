"""Who may look after the service itself."""

from portal.accounts.models import Actor


def can_administer(actor: Actor) -> bool:
    """Whether the actor may change vocabularies and read the audit log and the jobs."""
    return actor.is_administrator
