"""Who may take what out. Pure."""

from portal.accounts.models import Actor
from portal.exports.models import ExportFile


def can_export_all(actor: Actor) -> bool:
    """Whether the actor may take the whole portal out: the national team and administrators."""
    return actor.is_national or actor.is_administrator


def can_export_own(actor: Actor) -> bool:
    """Whether the actor may take out what their network may see of its own work."""
    return actor.is_hin and actor.organisation_id is not None


def can_export(actor: Actor) -> bool:
    """Whether the actor may take anything out."""
    return can_export_all(actor) or can_export_own(actor)


def can_fetch(actor: Actor, made: ExportFile) -> bool:
    """Whether the actor may have a file that was made: whoever might have asked for it."""
    if made.organisation_id is None:
        return can_export_all(actor)
    return can_export_own(actor) and actor.organisation_id == made.organisation_id
