"""Who may change people and organisations. Pure: rows in, yes or no out."""

from portal.accounts.models import (
    Actor,
    Invitation,
    Membership,
    MembershipState,
    Organisation,
    Role,
    User,
)
from portal.accounts.rules import INNOVATOR_KINDS, roles_of


def can_administer(actor: Actor) -> bool:
    """Whether the actor looks after all people and organisations."""
    return actor.is_administrator


def can_lead(actor: Actor, organisation: Organisation) -> bool:
    """Whether the actor decides who acts for the organisation: its lead or an administrator."""
    is_its_lead = actor.is_lead and actor.organisation_id == organisation.id
    return actor.is_signed_in and (is_its_lead or can_administer(actor))


def can_invite(actor: Actor, organisation: Organisation, role: Role) -> bool:
    """Whether the actor may invite somebody in that role: only administrators make
    administrators, and a role must be one that the organisation has."""
    if role is Role.ADMINISTRATOR and not can_administer(actor):
        return False
    return can_lead(actor, organisation) and role in roles_of(organisation.kind)


def can_accept(user: User, invitation: Invitation) -> bool:
    """Whether the invitation is the person's: sent to the address that they have confirmed."""
    return user.confirmed_at is not None and user.email == invitation.email


def can_be_asked_to_join(organisation: Organisation) -> bool:
    """Whether somebody who signed up may ask to join it: staff come by invitation instead."""
    return organisation.kind in INNOVATOR_KINDS


def can_act_as(actor: Actor, membership: Membership) -> bool:
    """Whether the membership is the actor's own."""
    return actor.is_signed_in and membership.user_id == actor.user_id


def can_sign_in(user: User, *, production: bool) -> bool:
    """Whether the account is open: a demo's sign-ins are public, so production refuses them."""
    return bool(user.active) and not (production and user.is_demo)


def is_acting(membership: Membership) -> bool:
    """Whether the person acts for the organisation now: an open account, an active membership.

    Only such a person is told, offered, counted or responsible. `queries.acting.acting` says the
    same in SQL; a test compares the two.
    """
    return bool(membership.user.active) and membership.state is MembershipState.ACTIVE
