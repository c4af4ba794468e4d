"""Invitations: staff come by a link that only their mailbox gets, good once and for two weeks."""

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
from portal.accounts.policy import can_invite, can_lead
from portal.accounts.queries import is_open, user_by_email
from portal.accounts.rules import INVITATION_LIFE, hashed, new_token, normal_email
from portal.accounts.services import trail
from portal.accounts.services.memberships import add_membership
from portal.accounts.services.passwords import kept
from portal.accounts.services.people import confirm, create_user
from portal.clock import now
from portal.db import db
from portal.errors import Forbidden, Invalid
from portal.notifications.outbox import tell_address


def invite(
    *, email: str, organisation: Organisation, role: Role, is_lead: bool = False, by: Actor
) -> Invitation:
    """Email a link to somebody; an older invitation of theirs to the same place is withdrawn."""
    if not can_invite(by, organisation, role):
        raise Forbidden("You cannot invite somebody to this organisation in that role.")
    token, address = new_token(), normal_email(email)
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
    row = Invitation(
        email=address,
        organisation=organisation,
        role=role,
        is_lead=is_lead,
        token_hash=hashed(token),
        invited_by_id=by.user_id,
        expires_at=now() + INVITATION_LIFE,
    )
    db.session.add(row)
    trail.of_organisation("invited", organisation, f"invited {address} as {role.value}", by=by)
    tell_address(
        address,
        "accounts/emails/invitation.txt",
        organisation=organisation,
        inviter=by,
        token=token,
        days=INVITATION_LIFE.days,
    )
    db.session.flush()
    return row


def withdraw(*, invitation: Invitation, by: Actor) -> None:
    """Make the link worthless; raises Invalid when it was accepted already."""
    if not can_lead(by, invitation.organisation):
        raise Forbidden("Only the lead of the organisation can withdraw an invitation.")
    if invitation.accepted_at is not None:
        raise Invalid("This invitation has already been accepted.")
    invitation.withdrawn_at = invitation.withdrawn_at or now()
    summary = f"withdrew the invitation of {invitation.email}"
    trail.of_organisation("invitation_withdrawn", invitation.organisation, summary, by=by)
    db.session.flush()


def open_invited_account(*, invitation: Invitation, name: str, password: str) -> User:
    """Make the account of somebody invited, whose mailbox the link has confirmed.

    Raises Invalid when the address has an account: its owner signs in and opens the link again.
    A sign-up with this address that nobody confirmed is taken over.
    """
    user = user_by_email(invitation.email)
    if user is None:
        return create_user(email=invitation.email, name=name, password=password)
    if user.confirmed_at is not None:
        raise Invalid("There is already an account with your email address. Sign in first.")
    user.name, user.password, user.fs_uniquifier = name, kept(password), new_token()
    confirm(user=user)
    return user


def accept_invitation(*, invitation: Invitation, user: User) -> Membership:
    """Let the person act for the organisation; the link is used up. The link came to their
    mailbox, so `user` is whoever opened it: signed in, or with an account just made."""
    if invitation.accepted_at is not None or invitation.withdrawn_at is not None:
        raise Invalid("This invitation was used or withdrawn. Ask for another.")
    invitation.accepted_at = now()
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
