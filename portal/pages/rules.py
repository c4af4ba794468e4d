"""For whom an announcement is, and when it is shown. Pure."""

from collections.abc import Mapping
from datetime import date

from portal.accounts.models import Actor, Role
from portal.pages.models import Announcement, Audience

MAX_DAYS = 92
"""What stands longer is nothing new: it belongs on a page."""
ROLES: Mapping[Audience, frozenset[Role]] = {
    Audience.EVERYONE: frozenset(Role),
    Audience.INNOVATORS: frozenset({Role.INNOVATOR}),
    Audience.ICS: frozenset({Role.ICS}),
    Audience.HINS: frozenset({Role.HIN}),
    Audience.STAFF: frozenset({Role.HIN, Role.NATIONAL, Role.ADMINISTRATOR}),
}


def is_for(actor: Actor, audience: Audience) -> bool:
    """Whether somebody belongs to an audience; who acts for nobody yet is of everybody."""
    return audience is Audience.EVERYONE or actor.role in ROLES[audience]


def state_on(one: Announcement, day: date) -> str:
    """Return in a word where an announcement stands on a day."""
    if one.withdrawn_at is not None:
        return "Withdrawn"
    if day < one.from_on:
        return "To come"
    return "Shown" if day <= one.until_on else "Over"
