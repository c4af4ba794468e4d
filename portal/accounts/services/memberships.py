"""Who acts for an organisation: joining needs its lead's yes, and a lead there always is."""

from collections.abc import Sequence

from sqlalchemy import select

from portal.accounts.models import (
    Actor,
    Membership,
    MembershipState,
    Organisation,
    Role,
    User,
)
from portal.accounts.policy import can_administer, can_be_asked_to_join, can_lead, is_acting
from portal.accounts.queries.acting import administrators, leads_of
from portal.accounts.rules import roles_of
from portal.accounts.services import trail
from portal.clock import now
from portal.db import db, use_once
from portal.errors import Conflict, Forbidden, Invalid
from portal.notifications.outbox import tell

OPEN = (MembershipState.REQUESTED, MembershipState.ACTIVE)


def ask_to_join(*, user: User, organisation: Organisation, by: Actor) -> Membership:
    """Ask the organisation's lead to let the person act for it; raises Invalid when asked twice."""
    if not can_be_asked_to_join(organisation):
        raise Forbidden("People join this organisation by invitation only.")
    if _open_membership(user, organisation, Role.INNOVATOR) is not None:
        raise Invalid("You have already asked to join this organisation, or act for it.")
    membership = put_membership(
        user=user, organisation=organisation, role=Role.INNOVATOR, state=MembershipState.REQUESTED
    )
    trail.of_organisation("join_asked", organisation, f"asked to join {organisation.name}", by=by)
    tell(
        _deciders(organisation),
        "accounts/emails/join_asked.txt",
        url="/account/organisation"
        if leads_of(organisation.id)
        else f"/admin/organisations/{organisation.id}",
        person=user,
        organisation=organisation,
    )
    db.session.flush()
    return membership


def accept(*, membership: Membership, by: Actor) -> None:
    """Let somebody who asked act for the organisation."""
    _decide(membership, MembershipState.ACTIVE, by)
    organisation = membership.organisation
    if not leads_of(organisation.id):
        membership.is_lead = True  # the first one in leads: nobody else could
    summary = f"accepted {membership.user.name} as a member"
    trail.of_organisation("member_accepted", organisation, summary, by=by)
    _tell_decision(membership, "accounts/emails/join_accepted.txt", message="")


def decline(*, membership: Membership, message: str, by: Actor) -> None:
    """Refuse somebody who asked, with words for them."""
    _decide(membership, MembershipState.DECLINED, by)
    summary = f"declined the request of {membership.user.name}: {message}"
    trail.of_organisation("member_declined", membership.organisation, summary, by=by)
    _tell_decision(membership, "accounts/emails/join_declined.txt", message=message)


def needs_second_person(user: User, role: Role) -> bool:
    """Whether giving the person this role needs two administrators: whoever becomes one, and one
    who would see what an organisation's people see."""
    return role is Role.ADMINISTRATOR or any(
        row.role is Role.ADMINISTRATOR and row.state is MembershipState.ACTIVE
        for row in user.memberships
    )


def add_membership(
    *,
    user: User,
    organisation: Organisation,
    role: Role,
    is_lead: bool = False,
    by: Actor,
    is_agreed: bool = False,
) -> Membership:
    """Let a person act for an organisation, without asking (administrators, commands).

    Raises Forbidden for anybody else, and where a second administrator has not agreed
    (`is_agreed`).
    """
    if by.is_signed_in and not can_administer(by):
        raise Forbidden("Only an administrator can add somebody without their asking.")
    if by.is_signed_in and needs_second_person(user, role) and not is_agreed:
        raise Forbidden("A second administrator must agree first.")
    if role not in roles_of(organisation.kind):
        raise Invalid("Select a role that people of this organisation can have", field="role")
    found = _open_membership(user, organisation, role)
    if found is not None and found.state is MembershipState.ACTIVE:
        raise Invalid(f"{user.name} already acts for {organisation.name} in this role.")
    membership = found or put_membership(user=user, organisation=organisation, role=role)
    membership.state, membership.is_lead = MembershipState.ACTIVE, is_lead
    membership.decided_at, membership.decided_by_id = now(), by.user_id
    summary = f"added {user.name} as {role.value}"
    trail.of_organisation("member_added", organisation, summary, by=by)
    db.session.flush()
    return membership


def make_lead(*, membership: Membership, by: Actor) -> None:
    """Make a member a lead, beside the leads there are."""
    if not can_lead(by, membership.organisation):
        raise Forbidden("Only the lead of the organisation can name another.")
    if not is_acting(membership):
        raise Invalid("Only an active member can be a lead.")
    membership.is_lead = True
    summary = f"made {membership.user.name} a lead"
    trail.of_organisation("lead_made", membership.organisation, summary, by=by)
    _tell_decision(membership, "accounts/emails/lead_made.txt", message="")
    db.session.flush()


def put_membership(
    *,
    user: User,
    organisation: Organisation,
    role: Role,
    is_lead: bool = False,
    state: MembershipState = MembershipState.ACTIVE,
) -> Membership:
    """Add the row, without asking who may: for the services of this room."""
    membership = Membership(
        user_id=user.id,
        organisation_id=organisation.id,
        role=role,
        is_lead=is_lead,
        state=state,
    )
    db.session.add(membership)
    db.session.flush()
    return membership


def _decide(membership: Membership, state: MembershipState, by: Actor) -> None:
    if not can_lead(by, membership.organisation):
        raise Forbidden("Only the lead of the organisation can decide about this.")
    if by.user_id == membership.user_id:
        raise Forbidden("You asked for this yourself: somebody else must decide.")
    if not use_once(
        Membership,
        Membership.id == membership.id,
        Membership.state == MembershipState.REQUESTED,
        state=state,
        decided_at=now(),
        decided_by_id=by.user_id,
    ):
        raise Conflict("Somebody has already decided about this request.")


def _open_membership(user: User, organisation: Organisation, role: Role) -> Membership | None:
    return db.session.scalar(
        select(Membership).where(
            Membership.user_id == user.id,
            Membership.organisation_id == organisation.id,
            Membership.role == role,
            Membership.state.in_(OPEN),
        )
    )


def _deciders(organisation: Organisation) -> Sequence[User]:
    return leads_of(organisation.id) or administrators()


def _tell_decision(membership: Membership, template: str, *, message: str) -> None:
    tell(
        [membership.user],
        template,
        url="/account",
        person=membership.user,
        organisation=membership.organisation,
        message=message,
    )
    db.session.flush()
