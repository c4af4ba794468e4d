"""Who may save, open and change. Pure. What a view shows is always the reader's own."""

from portal.accounts.models import Actor
from portal.saved.models import Saved, SavedView, Shared


def can_save(actor: Actor) -> bool:
    """Whether the actor may keep anything under a name: everybody with an account."""
    return actor.is_signed_in


def is_own(actor: Actor, saved: Saved) -> bool:
    """Whether the actor saved it, and so may change and delete it."""
    return actor.user_id is not None and actor.user_id == saved.user_id


def can_open(actor: Actor, view: SavedView) -> bool:
    """Whether the actor may know of the view: its owner, and with whom it is shared."""
    if not actor.is_signed_in:
        return False
    if is_own(actor, view) or view.shared is Shared.NATION:
        return True
    ours = view.organisation_id is not None and view.organisation_id == actor.organisation_id
    return ours and view.shared is Shared.ORGANISATION
