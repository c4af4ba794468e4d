"""Read the events of security, for administrators."""

from collections.abc import Sequence

from sqlalchemy import Select, false, or_, select
from sqlalchemy.orm import aliased, contains_eager

from portal.accounts.models import Actor, User
from portal.accounts.models.security import SecurityEvent
from portal.accounts.policy import can_administer


def security_events(
    actor: Actor, words: str = "", kinds: Sequence[str] = ()
) -> Select[SecurityEvent]:
    """The events whose detail, address, device or person has the words; none for others."""
    tried = aliased(User)
    found = (
        select(SecurityEvent)
        .outerjoin(SecurityEvent.user)
        .outerjoin(SecurityEvent.tried.of_type(tried))
        .options(
            contains_eager(SecurityEvent.user),
            contains_eager(SecurityEvent.tried.of_type(tried)),
        )
    )
    if words.strip():
        looked_in = (
            *(SecurityEvent.detail, SecurityEvent.address, SecurityEvent.device),
            *(User.name, User.email, tried.name),
        )
        found = found.where(
            or_(*(column.icontains(words.strip(), autoescape=True) for column in looked_in))
        )
    if kinds:
        found = found.where(SecurityEvent.kind.in_(kinds))
    return found if can_administer(actor) else found.where(false())
