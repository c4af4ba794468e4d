"""Somebody leaves an organisation, or the portal: all that hangs on them passes on at once.

A colleague takes over, or it is freed and the organisation's leads are told. An organisation keeps
a lead and the portal an administrator, also when two people end each other's at once.
"""

from collections.abc import Mapping, Sequence

from portal.accounts.models import Actor, Membership, MembershipState, User
from portal.accounts.policy import can_administer, can_lead
from portal.accounts.queries.acting import leads_of, memberships_acting
from portal.accounts.queries.leaving import (
    field_of,
    held_by,
    leaves_no_administrator,
    leaves_no_lead,
    lock_leads_and_administrators,
    responsibilities,
    successors_of,
)
from portal.accounts.services import trail
from portal.accounts.services.sessions import end_other_sessions
from portal.clock import now
from portal.db import db
from portal.errors import Conflict, Forbidden, Invalid
from portal.notifications.outbox import tell


def end_membership(*, membership: Membership, by: Actor, successor_id: int | None = None) -> None:
    """End somebody's acting for the organisation; a colleague takes over, or the leads are told.

    Raises Forbidden for anybody but the person, the organisation's lead and administrators;
    Invalid (field `successor_<id of the membership>`) for the last lead without a successor, who
    then leads, for the last administrator, and for a successor who does not act for it.
    """
    organisation = membership.organisation
    if membership.user_id != by.user_id and not can_lead(by, organisation):
        raise Forbidden("Only the lead of the organisation can end a membership.")
    lock_leads_and_administrators([membership])
    db.session.refresh(membership)
    if membership.state is not MembershipState.ACTIVE:
        raise Conflict("This membership has already ended.")
    _pass_on(membership, successor_id, [membership.id], by)
    membership.state, membership.is_lead = MembershipState.ENDED, False
    membership.decided_at, membership.decided_by_id = now(), by.user_id
    summary = f"ended the membership of {membership.user.name}"
    trail.of_organisation("member_ended", organisation, summary, by=by)
    if membership.user_id != by.user_id:
        _tell(membership, [membership.user], "membership_ended", "/account")
    db.session.flush()


def deactivate(
    *, user: User, by: Actor, successors: Mapping[int, int | None] | None = None
) -> None:
    """Close an account: its sessions end at once, nobody signs in to it; nothing is deleted.

    `successors` names by membership who takes over what hangs on the person there. Raises
    Forbidden for anybody but administrators, Invalid for one's own account and as
    `end_membership` does.
    """
    if not can_administer(by):
        raise Forbidden("Only an administrator can close an account.")
    if user.id == by.user_id:
        raise Invalid("You cannot close your own account.")
    _close(user, by, successors or {})


def close_own_account(*, user: User, by: Actor, successors: Mapping[int, int | None]) -> None:
    """Close the account of the person who asks, as `deactivate` does; raises Forbidden for anybody
    else's, Invalid where leaving is."""
    if user.id != by.user_id:
        raise Forbidden("People close their own account only.")
    _close(user, by, successors, may_leave_empty=True)


def close_for_erasure(*, user: User, by: Actor, successors: Mapping[int, int | None]) -> None:
    """Close the account of somebody who is to be erased, as `deactivate` does, also where nobody
    else acts for the organisation; raises as it does."""
    if not can_administer(by):
        raise Forbidden("Only an administrator can have somebody erased.")
    if user.id == by.user_id:
        raise Invalid("You cannot erase yourself: close your own account.")
    if user.erased_at is not None:
        raise Invalid("This person was erased already.")
    _close(user, by, successors, may_leave_empty=True)


def _close(
    user: User, by: Actor, named: Mapping[int, int | None], *, may_leave_empty: bool = False
) -> None:
    """Pass on what hangs on the person and close the account. With `may_leave_empty` an
    organisation for which nobody else acts is left without a lead: nobody is kept against their
    will."""
    memberships = memberships_acting(user.id)
    lock_leads_and_administrators(memberships)
    db.session.refresh(user)
    leaving = [row.id for row in memberships]
    for membership in memberships if user.active else []:
        is_last = may_leave_empty and not successors_of(membership)
        _pass_on(membership, named.get(membership.id), leaving, by, is_last=is_last)
    user.active, user.closed_at = False, user.closed_at or now()
    end_other_sessions(user=user)
    changes: trail.Changes = {"active": [True, False]}
    trail.of_user("deactivated", user, "closed the account", by=by, changes=changes)
    db.session.flush()


def _pass_on(
    membership: Membership,
    successor_id: int | None,
    leaving: Sequence[int],
    by: Actor,
    *,
    is_last: bool = False,
) -> None:
    field = field_of(membership)
    if leaves_no_administrator(membership, leaving):
        raise Invalid(NO_ADMINISTRATOR, field=field)
    successor = _successor(membership, successor_id)
    if leaves_no_lead(membership, leaving) and not is_last:
        if successor is None:
            raise Invalid(f"Select who leads {membership.organisation.name} next", field=field)
        _make_lead(membership, successor, by)
    held = held_by(membership)
    for kind in responsibilities():
        kind.pass_on(membership, successor, by)
    db.session.flush()
    if held:
        _tell_of_work(membership, successor, held, by)


NO_ADMINISTRATOR = "This is the last administrator. Make somebody else an administrator first"


def _successor(membership: Membership, successor_id: int | None) -> User | None:
    if successor_id is None:
        return None
    found = next((one for one in successors_of(membership) if one.id == successor_id), None)
    if found is None:
        raise Invalid(
            f"Select somebody who acts for {membership.organisation.name}",
            field=field_of(membership),
        )
    return found


def _make_lead(membership: Membership, successor: User, by: Actor) -> None:
    organisation = membership.organisation
    held = memberships_acting(successor.id)
    of_theirs = [row for row in held if row.organisation_id == organisation.id]
    same_role = [row for row in of_theirs if row.role is membership.role]
    next(iter([*same_role, *of_theirs])).is_lead = True
    summary = f"made {successor.name} a lead"
    trail.of_organisation("lead_made", organisation, summary, by=by)
    _tell(membership, [successor], "lead_made", "/account/organisation")


def _tell_of_work(
    membership: Membership, successor: User | None, held: Sequence[str], by: Actor
) -> None:
    """Tell who took over, or the organisation's other leads that nobody did."""
    others = [one for one in leads_of(membership.organisation_id) if one.id != membership.user_id]
    told, template = (others, "work_freed") if successor is None else ([successor], "work_passed")
    people = [one for one in told if one.id != by.user_id]
    _tell(membership, people, template, "/", held=held)


def _tell(
    membership: Membership, people: Sequence[User], template: str, url: str, **words: object
) -> None:
    for person in people:
        tell(
            [person],
            f"accounts/emails/{template}.txt",
            url=url,
            person=person,
            leaver=membership.user,
            organisation=membership.organisation,
            **words,
        )
