"""Which sessions of browsers are live: how long they may be unused, and last, hangs on the role."""

from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, case, select

from portal.accounts.models import Membership, MembershipState, Role, UserSession
from portal.accounts.rules import STAFF, SessionLimits
from portal.clock import now
from portal.db import UTCDateTime


def is_live() -> ColumnElement[bool]:
    """SQL for "the session was not ended, was used lately and is not too old".

    The moments are parameters (`moments` gives them), so that a statement is built once.
    """
    return (
        UserSession.revoked_at.is_(None)
        & (UserSession.seen_at > _earliest("idle"))
        & (UserSession.created_at > _earliest("longest"))
    )


def moments(limits: SessionLimits) -> dict[str, datetime]:
    """Return the parameters of `is_live`: the moments before which sessions are over now."""
    at = now()
    lengths = {"idle": limits.idle, "longest": limits.longest}
    return {
        f"{limit}_{kind}": at - length
        for limit, kinds in lengths.items()
        for kind, length in kinds.items()
    }


def _earliest(limit: str) -> ColumnElement[datetime]:
    """SQL for the moment before which a session of this person is over."""
    at = {
        kind: bindparam(f"{limit}_{kind}", type_=UTCDateTime())
        for kind in ("administrator", "staff", "innovator")
    }
    return case(
        (_acts_as(Role.ADMINISTRATOR), at["administrator"]),
        (_acts_as(*STAFF), at["staff"]),
        else_=at["innovator"],
    )


def _acts_as(*roles: Role) -> ColumnElement[bool]:
    """SQL for "the person of the session has one of these roles"."""
    return (
        select(Membership.id)
        .where(
            Membership.user_id == UserSession.user_id,
            Membership.role.in_(roles),
            Membership.state == MembershipState.ACTIVE,
        )
        .correlate(UserSession)
        .exists()
    )
