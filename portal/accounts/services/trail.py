"""What accounts write to the audit trail: on a person's or an organisation's timeline."""

from typing import Any

from portal.accounts.models import Actor, Organisation, User
from portal.accounts.models.security import SecurityKind
from portal.accounts.services import security
from portal.audit import services as audit
from portal.audit.models import Audience

Changes = dict[str, list[Any]]

SECURITY = {
    "signed_in": SecurityKind.SIGNED_IN,
    "signed_out": SecurityKind.SIGNED_OUT,
    "session_ended": SecurityKind.SIGNED_OUT,
    **dict.fromkeys(
        ("password_changed", "password_reset", "reset_asked", "address_asked", "address_changed"),
        SecurityKind.PASSWORD,
    ),
    **dict.fromkeys(
        (
            *("two_factor_on", "two_factor_off", "passkey_added", "passkey_removed"),
            *("recovery_codes_made", "recovery_code_used"),
            *("identity_linked", "identity_unlinked"),
        ),
        SecurityKind.FACTOR,
    ),
    **dict.fromkeys(
        (
            *("created", "confirmed", "deactivated", "reactivated", "acted_as"),
            *("member_added", "member_accepted", "member_ended", "lead_made"),
            *("invited", "invitation_accepted", "invitation_withdrawn"),
            *("approval_asked", "approval_agreed", "approval_refused"),
            *("token_made", "token_revoked", "webhook_made", "webhook_deleted"),
            "webhook_key_taken",
        ),
        SecurityKind.GRANTED,
    ),
}
"""What of the trail is an event of security, too."""


def of_user(
    action: str, user: User, summary: str, *, by: Actor, changes: Changes | None = None
) -> None:
    """Note what happened to a person's account; administrators read it."""
    audit.note(user, action, summary, by=by, changes=changes, audience=Audience.PRIVATE)
    if action in SECURITY:
        whose = "" if by.user_id in {user.id, None} else f" (person {user.id})"
        security.note(SECURITY[action], f"{summary}{whose}", user=by.user_id or user.id)


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
    if action in SECURITY:
        security.note(
            SECURITY[action], f"{summary} (organisation {organisation.id})", user=by.user_id
        )


def as_themselves(user: User) -> Actor:
    """Return the person as the one who acts, for what they do before acting for anybody."""
    return Actor(user_id=user.id, name=user.name or "Somebody without a name")
