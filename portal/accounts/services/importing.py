"""Invite people from a file, by the rules of the page that invites."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from portal.accounts.models import (
    Actor,
    Invitation,
    Membership,
    MembershipState,
    Organisation,
    Role,
    User,
)
from portal.accounts.queries import is_open, organisation_named
from portal.accounts.rules import normal_email, roles_of
from portal.accounts.services.approvals import ask_to_invite
from portal.db import db
from portal.errors import PortalError


@dataclass(frozen=True, slots=True)
class InvitedPerson:
    """A line of the file, read."""

    line: int
    name: str
    email: str
    organisation: str
    role: str


@dataclass(frozen=True, slots=True)
class InvitedLine:
    """What was done about a line."""

    line: int
    words: str
    is_wrong: bool = False


def invite_all(rows: Sequence[InvitedPerson], *, by: Actor) -> list[InvitedLine]:
    """Invite everybody who is not there and not invited yet; returns what was done for each line.

    Where one is wrong the caller rolls all of it back: nobody was written to before the commit.
    """
    return [_invite(row, by) for row in rows]


def looked_at(row: InvitedPerson) -> tuple[Organisation | None, Role | None, InvitedLine | None]:
    """Return where a line invites to and as what, and what is to be said instead of inviting: that
    it is wrong, or that they are there."""
    place = organisation_named(row.organisation)
    if place is None:
        words = f"there is no organisation “{row.organisation[:80]}”"
        return None, None, InvitedLine(row.line, words, True)
    roles = {name: role for role in roles_of(place.kind) for name in (role.value, _plain(role))}
    role = roles.get(row.role.casefold())
    if role is None:
        known = ", ".join(one.value for one in roles_of(place.kind))
        words = f"role: people of {place.name} are {known}"
        return place, None, InvitedLine(row.line, words, True)
    who = f"{row.name} ({row.email})"
    if _is_there(row.email, place.id, role):
        words = f"{who} acts for {place.name} already, or is invited"
        return place, role, InvitedLine(row.line, words)
    return place, role, None


def _invite(row: InvitedPerson, by: Actor) -> InvitedLine:
    place, role, told = looked_at(row)
    if told is not None or place is None or role is None:
        return told or InvitedLine(row.line, "nobody is invited", True)
    who = f"{row.name} ({row.email})"
    try:
        asked = ask_to_invite(email=row.email, organisation=place, role=role, by=by)
    except PortalError as refusal:
        return InvitedLine(row.line, str(refusal), True)
    db.session.flush()
    later = ", once a second administrator agrees" if asked is not None else ""
    return InvitedLine(row.line, f"{who} is invited to {place.name} as {role.value}{later}")


def _plain(role: Role) -> str:
    return role.label.casefold()


def _is_there(email: str, organisation_id: int, role: Role) -> bool:
    """Whether somebody with this address acts there in that role, or has an open invitation."""
    address = normal_email(email)
    acts = (
        select(Membership.id)
        .join(User, User.id == Membership.user_id)
        .where(
            User.email == address,
            Membership.organisation_id == organisation_id,
            Membership.role == role,
            Membership.state == MembershipState.ACTIVE,
        )
    )
    invited = select(Invitation.id).where(
        Invitation.email == address,
        Invitation.organisation_id == organisation_id,
        Invitation.role == role,
        is_open(),
    )
    return any(db.session.scalar(found.limit(1)) is not None for found in (acts, invited))
