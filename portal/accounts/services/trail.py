"""What accounts write to the audit trail: on a person's or an organisation's timeline."""

from typing import Any

from portal.accounts.models import Actor, Organisation, User
from portal.audit import services as audit
from portal.audit.models import Audience

Changes = dict[str, list[Any]]


def of_user(
    action: str, user: User, summary: str, *, by: Actor, changes: Changes | None = None
) -> None:
    """Note what happened to a person's account: for administrators' eyes."""
    audit.note(user, action, summary, by=by, changes=changes, audience=Audience.PRIVATE)


def of_organisation(
    action: str,
    organisation: Organisation,
    summary: str,
    *,
    by: Actor,
    changes: Changes | None = None,
) -> None:
    """Note what happened to an organisation or to who acts for it."""
    audit.note(organisation, action, summary, by=by, changes=changes, audience=Audience.PRIVATE)


def as_themselves(user: User) -> Actor:
    """Return the person as the one who acts, for what they do before acting for anybody."""
    return Actor(user_id=user.id, name=user.name or "Somebody without a name")
