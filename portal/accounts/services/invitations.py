"""Invitations: staff come by a link that only their mailbox gets, good once and for two weeks."""

from datetime import datetime

from sqlalchemy import update

from portal.accounts.models import (
    SYSTEM,
    Actor,
    Invitation,
    Membership,
    Organisation,
    Role,
    User,
)
from portal.accounts.policy import can_accept, can_be_asked_to_join, can_invite, can_lead
from portal.accounts.queries import is_open, user_by_email
from portal.accounts.rules import INVITATION_LIFETIME, hashed, new_token, normal_email
from portal.accounts.services import trail
from portal.accounts.services.memberships import add_membership
from portal.accounts.services.people import confirm, create_user
from portal.clock import now
from portal.db import db, use_once
from portal.errors import Forbidden, Invalid
from portal.notifications.outbox import tell_address


def invite(
    *,
    email: str,
    organisation: Organisation,
    role: Role,
    is_lead: bool = False,
    by: Actor,
    is_agreed: bool = False,
) -> Invitation:
    """Email a link to somebody; an older invitation of theirs to the same place is withdrawn.

    Raises Forbidden for who may not, and for an administrator-to-be without a second person's
    agreement (`is_agreed`).
    """
    if not can_invite(by, organisation, role):
        raise Forbidden("You cannot invite somebody to this organisation in that role.")
    if role is Role.ADMINISTRATOR and not is_agreed:
        raise Forbidden("A second administrator must agree first.")
    token, address = new_token(), normal_email(email)
    _withdraw_older(address, organisation, role)
    row = Invitation(
        email=address,
        organisation=organisation,
        role=role,
        is_lead=is_lead,
        token_hash=hashed(token),
        invited_by_id=by.user_id,
        expires_at=now() + INVITATION_LIFETIME,
    )
    db.session.add(row)
    trail.of_organisation("invited", organisation, f"invited somebody as {role.value}", by=by)
    _write_to(row, token, by)
    db.session.flush()
    return row


def _withdraw_older(address: str, organisation: Organisation, role: Role) -> None:
    db.session.execute(
        update(Invitation)
        .where(
            Invitation.email == address,
            Invitation.organisation_id == organisation.id,
            Invitation.role == role,
            is_open(),
        )
        .values(withdrawn_at=now())
    )


def _write_to(row: Invitation, token: str, by: Actor) -> None:
    tell_address(
        row.email,
        "accounts/emails/invitation.txt",
        organisation=row.organisation,
        inviter=by,
        is_vouched_for=not can_be_asked_to_join(row.organisation),
        token=token,
        days=INVITATION_LIFETIME.days,
    )


def withdraw(*, invitation: Invitation, by: Actor) -> None:
    """Make the link worthless; raises Invalid when it was accepted already."""
    if not can_lead(by, invitation.organisation):
        raise Forbidden("Only the lead of the organisation can withdraw an invitation.")
    if invitation.withdrawn_at is None and not _use_up(invitation, withdrawn_at=now()):
        raise Invalid("This invitation has already been accepted, or is too old.")
    summary = f"withdrew an invitation as {invitation.role.value}"
    trail.of_organisation("invitation_withdrawn", invitation.organisation, summary, by=by)
    db.session.flush()


def open_invited_account(*, invitation: Invitation, name: str, stored: str | None) -> User:
    """Make the account of somebody invited, whose mailbox the link has confirmed, and let them act
    for the organisation; the link is used up. `stored` is the hash of their password, None for who
    signs in otherwise.

    Raises Invalid when the address has an account (its owner signs in and opens the link again)
    and when the link was used or withdrawn. A sign-up with this address that nobody confirmed is
    taken over.
    """
    user = user_by_email(invitation.email)
    if user is not None and user.confirmed_at is not None:
        raise Invalid("There is already an account with your email address. Sign in first.")
    _accept(invitation)
    if user is None:
        user = create_user(email=invitation.email, name=name)
    else:
        user.name, user.fs_uniquifier = name, new_token()
        confirm(user=user)
    user.password = stored
    _join(invitation, user)
    return user


def accept_invitation(*, invitation: Invitation, user: User) -> Membership:
    """Let the person signed in act for the organisation; the link is used up.

    Raises Forbidden when the invitation went to another address than theirs, Invalid when it was
    used or withdrawn.
    """
    if not can_accept(user, invitation):
        raise Forbidden(OTHER_ADDRESS)
    if invitation.invited_by_id == user.id:
        raise Forbidden("You invited yourself. Somebody else must invite you.")
    _accept(invitation)
    return _join(invitation, user)


OTHER_ADDRESS = (
    "This invitation was sent to another email address than that of your account. Sign out and "
    "open the link again, or ask to be invited with your own address."
)


def _accept(invitation: Invitation) -> None:
    if not _use_up(invitation, accepted_at=now()):
        raise Invalid("This invitation was used or withdrawn. Ask for another.")


def _use_up(invitation: Invitation, **used: datetime) -> bool:
    return use_once(Invitation, Invitation.id == invitation.id, is_open(), **used)


def _join(invitation: Invitation, user: User) -> Membership:
    by = trail.as_themselves(user)
    membership = add_membership(
        user=user,
        organisation=invitation.organisation,
        role=invitation.role,
        is_lead=invitation.is_lead,
        by=SYSTEM,
    )
    summary = f"accepted the invitation to {invitation.organisation.name}"
    trail.of_organisation("invitation_accepted", invitation.organisation, summary, by=by)
    db.session.flush()
    return membership
