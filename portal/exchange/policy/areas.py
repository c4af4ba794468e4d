"""Who changes what is published of an area, and who reads the trail of it. Pure.

A fact that was changed is shown as the area's own word. So only the people who may speak for it
change it: the leads of its own organisation. Its network reads who changed what, and does not
write: words of a network would stand on the page as the area's.
"""

from collections.abc import Set

from portal.accounts.models import Actor
from portal.reference.models import Ics


def can_edit(actor: Actor, ics: Ics, speaks_for: Set[int]) -> bool:
    """Whether the actor may change what is published of an area. `speaks_for` are the areas that
    the actor's own is today (`queries.areas.speaks_for`): itself, or what it became."""
    return actor.is_ics and actor.is_lead and ics.id in speaks_for


def can_read_history(actor: Actor, ics: Ics) -> bool:
    """Whether the actor may read who changed what: the area's own people, HINs and the national
    team."""
    return actor.is_staff or (actor.is_ics and actor.ics_id == ics.id)
