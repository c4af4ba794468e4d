"""Sign in by the word of an identity provider: first matched by an invitation or by the person."""

from datetime import datetime

from sqlalchemy import delete

from portal.accounts.models import Actor, Invitation, User
from portal.accounts.models.identities import Identity, UsedState
from portal.accounts.queries.identities import is_only_way_in
from portal.accounts.rules import hashed
from portal.accounts.rules.sign_on import STATE_KEPT, Claimed
from portal.accounts.services import trail
from portal.accounts.services.invitations import open_invited_account
from portal.clock import now
from portal.db import db, insert_into
from portal.errors import Conflict, Forbidden, Invalid
from portal.notifications.outbox import tell_address
from portal.text import has_link

OTHERS = "This sign-in is linked to another account already."


def use_state(*, state: str) -> bool:
    """Use up the state of an answer; returns whether nobody did before."""
    taken = insert_into(UsedState).values(state_hash=hashed(state), used_at=now())
    once = taken.on_conflict_do_nothing().returning(UsedState.state_hash)
    return db.session.scalar(once) is not None


def forget_states(*, now_is: datetime) -> None:
    """Delete used states that nobody could use again."""
    db.session.execute(delete(UsedState).where(UsedState.used_at < now_is - STATE_KEPT))


def link_identity(*, user: User, claimed: Claimed, label: str, by: Actor) -> None:
    """Let the person sign in by this identity from now on, and tell them by email.

    Raises Conflict when it is somebody else's.
    """
    row = insert_into(Identity).values(
        user_id=user.id,
        provider=claimed.provider,
        issuer=claimed.issuer,
        subject=claimed.subject,
        linked_at=now(),
    )
    if db.session.scalar(row.on_conflict_do_nothing().returning(Identity.id)) is None:
        raise Conflict(OTHERS)
    trail.of_user("identity_linked", user, f"linked the sign-in with {label}", by=by)
    tell_address(user.email, "accounts/emails/identity_linked.txt", person=user, label=label)
    db.session.flush()


def open_account_with_identity(*, invitation: Invitation, claimed: Claimed, label: str) -> User:
    """Open an account for somebody invited, without a password; the invitation is used up.

    Whoever has the link has read the mail of the address that was invited. Raises Forbidden when
    the provider vouches for another address, Invalid when the invitation was used meanwhile or the
    address has an account already, Conflict when the identity is somebody else's.
    """
    if claimed.verified_email and claimed.verified_email != invitation.email:
        raise Forbidden(
            f"This invitation was sent to another email address than the one that {label} knows "
            "of you. Ask to be invited with that one."
        )
    name = claimed.name[:200] if not has_link(claimed.name) else ""
    user = open_invited_account(invitation=invitation, name=name or invitation.email, stored=None)
    link_identity(user=user, claimed=claimed, label=label, by=trail.as_themselves(user))
    return user


def note_used(*, identity: Identity, label: str) -> User:
    """Keep when an identity was used to sign in; returns whose it is."""
    identity.used_at = now()
    user = db.session.get_one(User, identity.user_id)
    by = trail.as_themselves(user)
    trail.of_user("identity_used", user, f"identified themselves with {label}", by=by)
    return user


def unlink_identity(*, identity: Identity, label: str, by: Actor) -> None:
    """Let the person no longer sign in by it, and tell them.

    Raises Invalid when there is no other way for them to sign in.
    """
    user = db.session.get_one(User, identity.user_id)
    if is_only_way_in(identity, user):
        raise Invalid("You have no password. Choose one before you remove your only sign-in.")
    db.session.delete(identity)
    trail.of_user("identity_unlinked", user, f"removed the sign-in with {label}", by=by)
    tell_address(user.email, "accounts/emails/identity_unlinked.txt", person=user, label=label)
    db.session.flush()
